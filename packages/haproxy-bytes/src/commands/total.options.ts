import {
  type BareCommand,
  duration,
  integer,
  Option,
  type OptionsOf,
  shard,
} from '@nightshift/tooling/command-line'
import { addFormOptions } from './form.options.ts'
import { addLogOptions } from './log.options.ts'
import { haproxyVersion, MODELS } from './model.options.ts'

export const addTotalOptions = (command: BareCommand) =>
  addFormOptions(
    addLogOptions(command)
      .option('--follow', 'read on as the logs are written, over rotations, until SIGINT or SIGTERM')
      .addOption(
        new Option(
          '--every <time>',
          'with --follow: how often totals are told, and the file of --prom written anew',
        )
          .argParser(duration({ in: 'ms' }))
          .default(10_000, '10s'),
      )
      .addOption(
        new Option('--threads <n>', 'at most so many threads, where there is work for them').argParser(
          integer({ min: 1, max: 64 }),
        ),
      )
      .option('--shard <I/N>', 'only one of N equal parts of the logs, I from 0 to N-1', shard)
      .optionsGroup('Totals:')
      .addOption(
        new Option(
          '--by <keys>',
          'divide by frontend, backend, server, client[/N], status, state, host, minute, hour, day, month, year; several with commas',
        ),
      )
      .option('--exact', 'also bytes on the wire, as exact as the lines are: takes fields that advise prints')
      .addOption(
        new Option(
          '--haproxy-version <version>',
          'whose log it is, where the lines do not show it',
        ).argParser(haproxyVersion),
      )
      .addOption(
        new Option('--model <name>', 'what the log counts, whatever the version')
          .choices(Object.keys(MODELS))
          .default('auto'),
      )
      .addOption(
        new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
          .argParser(integer({ min: 0 }))
          .default(0),
      ),
  )

export type TotalOptions = OptionsOf<typeof addTotalOptions>
