import { type CommandWith, collect, file, Option } from '@nightshift/tooling/command-line'

/** Files beside the logs that tell of lost lines. */
export const addLossSources = <Own extends Record<string, unknown>>(command: CommandWith<Own>) =>
  command
    .addOption(
      new Option(
        '--syslog <file>',
        'a file in which rsyslog, syslog-ng or the kernel write their own messages; may be given again',
      ).argParser(collect((path) => path)),
    )
    .option('--journal <file>', 'what `journalctl -o export` or `-o json` gave', file)
