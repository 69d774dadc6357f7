import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fstatSync } from 'node:fs'
import { Qcow2Error } from '../errors.ts'
import { asQcow2Error } from './failure.ts'
import type { ReclaimPlan } from './plan-reclaim.ts'
import type { Run } from './standing.ts'
import type { RepairTarget } from './target.ts'

export interface ReclaimOptions {
  readonly signal?: AbortSignal
  /** Bytes punched, and to be. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface Reclaimed {
  /** Bytes that were punched. */
  readonly bytes: number
  /** Bytes by which the file takes less room on its file system (st_blocks): what came back. */
  readonly gained: number
}

/** Node can't punch holes. Values come in as positional parameters: nothing of them is ever a piece of the script. */
const SCRIPT =
  'while [ $# -gt 0 ]; do fallocate --punch-hole --offset "$1" --length "$2" /dev/fd/3 || exit; shift 2; done'

/** Ranges of one run of the script: an argument list is at most 128 KiB a string and 2 MiB in all. */
const BATCH = 1000

/**
 * Punches the ranges of a plan: they read as zeros from then on, their space is the file system's again, and the length
 * stays. The only thing here that can't be undone.
 *
 * @param target the image that the plan was made of, open since before that
 * @throws Qcow2Error `in-use`, `lock-state-unknown`; `refused`: a device, or the file system can't punch holes;
 *   `not-written`; what `signal` says
 */
export async function reclaim(
  target: RepairTarget,
  plan: ReclaimPlan,
  options: ReclaimOptions = {},
): Promise<Reclaimed> {
  const { source, isDevice, watch } = target
  if (isDevice)
    throw new Qcow2Error(
      'refused',
      source.name,
      'is a block device: there is no file system to give space to',
    )
  const before = fstatSync(source.fd)
  if (plan.ranges.length === 0) return { bytes: 0, gained: 0 }
  await watch.assertStill()
  let done = 0
  for (let at = 0; at < plan.ranges.length; at += BATCH) {
    options.signal?.throwIfAborted()
    const batch = plan.ranges.slice(at, at + BATCH)
    await punch(target, batch)
    verify(target, batch)
    done += batch.reduce((sum, { length }) => sum + length, 0)
    options.onProgress?.(done, plan.bytes)
  }
  try {
    source.flush()
  } catch (error) {
    throw asQcow2Error(error, source.name, 'not-written')
  }
  const after = fstatSync(source.fd)
  if (after.size !== before.size)
    throw new Qcow2Error(
      'not-written',
      source.name,
      `became ${after.size} bytes long while holes were punched`,
    )
  watch.settle()
  return { bytes: done, gained: (before.blocks - after.blocks) * 512 }
}

async function punch({ source }: RepairTarget, ranges: readonly Run[]): Promise<void> {
  const values = ranges.flatMap(({ offset, length }) => [String(offset), String(length)])
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...values], {
    stdio: ['ignore', 'ignore', 'pipe', source.fd],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(0, 1000)
  })
  const [status] = await once(child, 'close')
  if (status === 0) return
  const why = words.trim().split('\n').at(-1) || `fallocate ended with ${status}`
  const unable = /not found|not supported|unsupported/i.test(why)
  throw new Qcow2Error(unable ? 'refused' : 'not-written', source.name, `can't punch holes into it: ${why}`, {
    ...(unable && { remedy: 'fallocate (util-linux) and a file system with holes are needed' }),
  })
}

/** Enough of each range to see that it was punched where it should be. */
function verify({ source }: RepairTarget, ranges: readonly Run[]): void {
  const bytes = Buffer.alloc(4096)
  for (const { offset, length } of ranges) {
    for (const at of [offset, offset + length - bytes.length]) {
      const part = bytes.subarray(0, Math.min(bytes.length, length))
      source.read(part, Math.max(at, offset))
      if (part.every((byte) => byte === 0)) continue
      throw new Qcow2Error(
        'not-written',
        source.name,
        `no hole at ${Math.max(at, offset)} after it was punched`,
      )
    }
  }
}
