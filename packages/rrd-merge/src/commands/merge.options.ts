import {
  type BareCommand,
  collect,
  duration,
  file,
  integer,
  Option,
  type OptionsOf,
  pair,
  shard,
  time,
} from '@nightshift/tooling/command-line'

const policies = ['fill', 'prefer-old', 'sum', 'avg', 'max', 'min'] as const

/** Options that say what is merged. */
function addRules(command: BareCommand) {
  return command
    .optionsGroup('What is merged:')
    .addOption(
      new Option('--policy <policy>', 'where NEW and OLD both know a cell')
        .choices(policies)
        .default('fill' as const),
    )
    .addOption(
      new Option('--granularity <unit>', 'cell by cell, or only rows unknown in all data sources')
        .choices(['cell', 'row'] as const)
        .default('cell' as const),
    )
    .option(
      '--from <time>',
      'only rows that end at or after it may change (UTC: 2024-05-01T12:00, @1714564800, now-2d)',
      time,
    )
    .option('--to <time>', 'only rows that end at or before it may change', time)
    .option('--cut <time>', "rows up to it become OLD's, known or not", time)
    .option(
      '--only-gaps-longer-than <duration>',
      'leave shorter runs of unknown rows (90, 15m, 6h, 2d)',
      duration({ in: 's' }),
    )
    .option('--map-ds <NEW=OLD>', 'pair data sources of different names; NEW= leaves one out', collect(pair))
    .option('--ds-by-index', 'pair data sources by position instead of name')
    .option('--force-type', "merge data sources whose types don't go together")
    .option('--allow-newer-old', 'go on where OLD was updated after NEW (refused as swapped?)')
    .option('--range-check', "make values outside NEW's minimum and maximum unknown")
    .addOption(
      new Option('--nan <rule>', 'sum, avg: known with unknown gives unknown, or the known one')
        .choices(['propagate', 'zero'] as const)
        .default(undefined, 'zero'),
    )
    .option('--strict', 'refuse where the files differ in structure, or locks are not seen')
}

/** Options that compute values or change NEW's structure. */
function addComputing(command: ReturnType<typeof addRules>) {
  return command
    .optionsGroup('What is computed or added:')
    .option('--consolidate', "coarse cells from OLD's finer archives")
    .option('--expand', "fine cells by repeating OLD's coarser ones")
    .option('--resample', 'cells from archives whose spans are no multiples')
    .option('--derive-cf', "cells from another consolidation function's archive")
    .addOption(
      new Option('--seam <rule>', 'coarse rows half from NEW, half from OLD')
        .choices(['keep', 'recompute'] as const)
        .default(undefined, 'keep'),
    )
    .option('--add-ds', 'append data sources that only OLD has')
    .option('--add-rra', 'append archives that only OLD has')
    .option('--grow', "enlarge archives to the length of OLD's")
}

/** Options for folders. */
function addTrees(command: ReturnType<typeof addComputing>) {
  return command
    .optionsGroup('Folders:')
    .option('--include <glob>', 'take these names too, beside *.rrd', collect(String))
    .option('--exclude <glob>', 'leave these files and folders', collect(String))
    .option('--only-common', "don't copy what only OLD has")
    .option('--copy-missing', 'copy what only OLD has (the default)')
    .option('--follow-symlinks', 'follow links that stay within their tree')
    .option('--jobs <n>', 'threads (default: one a processor)', integer({ min: 1, max: 256 }))
    .option('--shard <I/N>', 'do the I-th of N parts, I from 0', shard)
}

/** Options that say how files are read and written. */
function addFiles(command: ReturnType<typeof addTrees>) {
  return command
    .optionsGroup('How it is written:')
    .option('-o, --output <path>', 'write the result here instead of replacing NEW', file)
    .option('-n, --dry-run', 'say what would be done and write nothing')
    .option('--backup', 'keep NEW as it was, as NEW.bak')
    .option('--backup-suffix <suffix>', 'keep NEW as it was, under this suffix')
    .option('--in-place', 'write into NEW itself, with an undo journal: keeps hard links')
    .addOption(
      new Option('--durability <when>', 'fsync each file and its folder, folders at the end, nothing')
        .choices(['each', 'batch', 'none'] as const)
        .default('each' as const),
    )
    .option('--verify', 'read results back before they take their place; with rrdtool too')
    .addOption(
      new Option('--live <mode>', 'against updates meanwhile: watch, also lock them out, or nothing')
        .choices(['auto', 'off', 'lock'] as const)
        .default('auto' as const),
    )
    .option('--daemon <address>', 'flush and suspend files in rrdcached (also RRDCACHED_ADDRESS)')
    .addOption(
      new Option('--engine <engine>', 'what reads and writes RRDs; auto is native')
        .choices(['native', 'rrdtool', 'auto'] as const)
        .default('auto' as const),
    )
    .addOption(new Option('--rrdtool <path>', 'the rrdtool to use').default(undefined, 'rrdtool'))
    .option('--allow-unsafe-folder', 'as root, write where everybody may write')
    .option('--svg <file>', 'draw NEW, OLD and the result of one pair as SVG', file)
    .option('--html <file>', 'draw them as a self-contained HTML page', file)
    .option('--ndjson', 'print one JSON line a file, then the totals')
}

export const addMergeOptions = (command: BareCommand) => addFiles(addTrees(addComputing(addRules(command))))

export type MergeCommandOptions = OptionsOf<typeof addMergeOptions>
