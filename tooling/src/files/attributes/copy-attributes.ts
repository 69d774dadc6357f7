import { spawnSync } from 'node:child_process'
import { areLabels } from './default-labels.ts'
import type { AttributeMap } from './getfattr-output.ts'
import { runGetfattr } from './run-getfattr.ts'

/** What came of giving a file the attributes of another. */
export interface AttributeOutcome {
  /** Names that the copy lacks, has in excess or with another value; empty if all is as it should be. */
  readonly differing: readonly string[]
  /** What `cp` said, or why it could not be verified. */
  readonly reason?: string
}

/**
 * Kept up by the kernel for the content of a file (IMA, EVM), not the user's: the new content has, or gets, its own.
 */
const ofContent = new Set(['security.ima', 'security.evm'])

/**
 * Gives an open file owner, mode, ACL and all extended attributes of another, by `cp` between the names of the two
 * descriptors, and compares afterwards: the exit status of `cp` says little. The owner and mode are to be set once more
 * by the caller (`Replacement.seal` does).
 *
 * @param names what `AttributeIndex.of` said of the source
 */
export function copyAttributes(source: number, target: number, names: readonly string[]): AttributeOutcome {
  if (areLabels(names)) {
    const already = compare(source, target)
    if (already.differing.length === 0 && already.reason === undefined) return already
  }
  const run = spawnSync(
    'cp',
    ['--attributes-only', '--preserve=mode,ownership,xattr', '--', '/proc/self/fd/3', '/proc/self/fd/4'],
    { stdio: ['ignore', 'ignore', 'pipe', source, target], env: { ...process.env, LC_ALL: 'C' } },
  )
  const outcome = compare(source, target)
  const said = run.error?.message ?? run.stderr.toString().trim().split('\n')[0]
  if (outcome.reason !== undefined || outcome.differing.length === 0 || !said) return outcome
  return { ...outcome, reason: said }
}

function compare(source: number, target: number): AttributeOutcome {
  const [from, to] = ['/proc/self/fd/3', '/proc/self/fd/4']
  const found = runGetfattr(
    ['-d', '-e', 'hex', '-m', '-', '--absolute-names', '--', from, to],
    [source, target],
  )
  if (typeof found === 'string') return { differing: [], reason: found }
  const wanted: AttributeMap = found.get(from) ?? new Map()
  const got: AttributeMap = found.get(to) ?? new Map()
  const names = new Set([...wanted.keys(), ...got.keys()])
  return {
    differing: [...names].filter((name) => !ofContent.has(name) && wanted.get(name) !== got.get(name)),
  }
}
