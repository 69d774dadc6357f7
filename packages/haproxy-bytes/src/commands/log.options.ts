import { type BareCommand, file, InvalidArgumentError, Option } from '@nightshift/tooling/command-line'
import { Zone } from '../clock/index.ts'

/** An IANA name; how times without a zone are read. */
export function zone(text: string): Zone {
  try {
    return new Zone(text)
  } catch {
    throw new InvalidArgumentError('it must be a time zone such as UTC or Europe/Berlin.')
  }
}

/** What every command takes that reads logs. */
export const addLogOptions = (command: BareCommand) =>
  command
    .optionsGroup('How lines are read:')
    .addOption(
      new Option(
        '--format <format>',
        'auto, http, tcp, https, clf, tcp-clf, or a log-format string as in haproxy.cfg',
      ).default('auto'),
    )
    .option('--config <file>', 'take the formats from this haproxy.cfg', file)
    .optionsGroup('Which lines:')
    .option('--since <time>', 'transfers that ended at or after it: 2026-11-21T10:00, @1795255200, now-1h')
    .option('--until <time>', 'transfers that ended before it')
    .option('--no-seek', 'read whole files, even where the lines of a span can be found by their order')
    .addOption(
      new Option('--tz <zone>', 'the zone of times that name none, in logs and on the command line')
        .argParser(zone)
        .default(new Zone('UTC'), 'UTC'),
    )
