import { type BareCommand, file, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { haproxyVersion } from './model.options.ts'

export const addAdviseOptions = (command: BareCommand) =>
  command
    .option(
      '--rsyslog <dir>',
      'also look at the configuration of rsyslog: /etc, /etc/rsyslog.d or a file',
      file,
    )
    .option('--logrotate <dir>', 'also look at that of logrotate: /etc/logrotate.d or a file', file)
    .addOption(
      new Option('--haproxy-version <version>', 'what this version can log, and its own traps').argParser(
        haproxyVersion,
      ),
    )

export type AdviseOptions = OptionsOf<typeof addAdviseOptions>
