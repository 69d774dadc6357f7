import {
  type BareCommand,
  collect,
  duration,
  file,
  integer,
  type OptionsOf,
  shard,
} from '@nightshift/tooling/command-line'
import { addChainOptions } from './chain.options.ts'

export const addScanOptions = (command: BareCommand) =>
  addChainOptions(
    command
      .optionsGroup('How the folders are scanned:')
      .option('--jobs <n>', 'images checked at the same time', integer({ min: 1, max: 1024 }))
      .option('--include <glob>', 'only files that match, whatever they begin with', collect(String))
      .option('--exclude <glob>', 'leave files and folders that match', collect(String))
      .option('--ndjson', 'print one JSON line an image, then the totals')
      .option('--prom <file>', 'write a Prometheus textfile', file)
      .option('--state <file>', 'remember what was checked, and skip images that did not change since', file)
      .option('--budget <duration>', 'give up on an image after this time (30s)', duration({ in: 'ms' }))
      .option('--shard <I/N>', 'only one of N equal parts of the images, I from 0 to N-1', shard),
  )

export type ScanOptions = OptionsOf<typeof addScanOptions>
