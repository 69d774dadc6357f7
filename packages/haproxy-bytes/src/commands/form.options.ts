import { type CommandWith, file } from '@nightshift/tooling/command-line'

/** In which form totals are given. Added last: what a command is for comes first in its help. */
export const addFormOptions = <Own extends Record<string, unknown>>(command: CommandWith<Own>) =>
  command
    .optionsGroup('In which form:')
    .option('--ndjson', 'print one JSON line a group, and one of all at the end')
    .option('--csv', 'print a row a group; no cell starts a formula')
    .option('--partial', 'print a partial result, for merge')
    .option('--prom <file>', 'write a Prometheus textfile too', file)
