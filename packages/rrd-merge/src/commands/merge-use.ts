import { existsSync } from 'node:fs'
import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import type { TreeOptions } from '../tree/options.ts'
import { exclusive } from './exclusive.ts'
import type { MergeCommandOptions } from './merge.options.ts'

/** Suffix of `--backup`. */
const BACKUP = '.bak'

/** Options that mean something for folders alone. */
const FOR_FOLDERS = [
  ['include', '--include'],
  ['exclude', '--exclude'],
  ['onlyCommon', '--only-common'],
  ['copyMissing', '--copy-missing'],
  ['followSymlinks', '--follow-symlinks'],
  ['jobs', '--jobs'],
  ['shard', '--shard'],
] as const

/** Refuses options that contradict each other or the operands: nothing is silently ignored. @throws UsageError */
export function checkUse(
  options: MergeCommandOptions,
  tree: boolean,
  { env, flags }: Pick<CommandContext, 'env' | 'flags'>,
): void {
  for (const [name, flag] of FOR_FOLDERS) {
    if (!tree && options[name] !== undefined)
      throw new UsageError(`${flag} is for folders`, { remedy: 'leave it out' })
  }
  for (const [name, flag] of [
    ['svg', '--svg'],
    ['html', '--html'],
  ] as const) {
    if (tree && options[name] !== undefined) {
      throw new UsageError(`${flag} draws one pair`, {
        remedy: `for folders: rrd-merge coverage FOLDER ${flag} FILE`,
      })
    }
  }
  exclusive(options.onlyCommon, '--only-common', options.copyMissing, '--copy-missing')
  exclusive(options.ndjson, '--ndjson', flags.json || undefined, '--json')
  exclusive(options.inPlace, '--in-place', options.output, '-o')
  exclusive(options.backup ?? options.backupSuffix, '--backup', options.output, '-o')
  // rrdcached drops what it was about to write where the lock holder keeps it out.
  exclusive(options.live === 'lock' || undefined, '--live lock', daemonOf(options, env), '--daemon')
  exclusive(options.inPlace, '--in-place', options.engine === 'rrdtool' || undefined, '--engine rrdtool')
  if (options.rrdtool?.includes('/') && !existsSync(options.rrdtool))
    throw new UsageError(`no such program: ${options.rrdtool}`, { remedy: 'check the path of --rrdtool' })
  const mapped = (options.mapDs ?? []).map(([name]) => name)
  const twice = mapped.find((name, index) => mapped.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new UsageError(`--map-ds names ${JSON.stringify(twice)} of NEW twice`, {
      remedy: 'leave one of them out',
    })
  }
}

/** The library's options as the command line gave them. */
export function treeOptionsOf(options: MergeCommandOptions, env: CommandContext['env']): TreeOptions {
  const { mapDs, output, backup, engine, copyMissing, ndjson, backupSuffix, svg, html, ...rest } = options
  const daemon = daemonOf(options, env)
  const suffix = backupSuffix ?? (backup ? BACKUP : undefined)
  return {
    ...rest,
    engine: engine === 'rrdtool' ? 'rrdtool' : 'native',
    ...(daemon !== undefined && { daemon }),
    ...(mapDs && { mapDs: Object.fromEntries(mapDs) }),
    ...(output !== undefined && { output }),
    ...(suffix !== undefined && { backupSuffix: suffix }),
  }
}

const daemonOf = ({ daemon }: MergeCommandOptions, env: CommandContext['env']): string | undefined =>
  daemon ?? (env.RRDCACHED_ADDRESS || undefined)
