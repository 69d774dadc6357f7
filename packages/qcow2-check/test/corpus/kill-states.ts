import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { Scratch } from '../support/scratch.ts'
import type { Healthy } from './healthy.ts'

/** A change of an image that QEMU makes in several writes. */
export type Change = readonly ['create', string] | readonly ['delete', string]

export interface KillState {
  /** The system call that was the last to begin, and did not happen. */
  readonly at: string
  readonly bytes: Buffer
}

const WRITES = ['pwrite64', 'fdatasync', 'fallocate'] as const

/**
 * States of an image whose qemu-img was killed while it took or deleted a snapshot: at its first write, its second, and
 * so on, until one run comes to its end.
 */
export function* killStates(healthy: Healthy, [what, name]: Change): Generator<KillState> {
  using scratch = new Scratch('qcow2-kill')
  const path = scratch.file('image.qcow2')
  for (const call of WRITES) {
    for (let when = 1; ; when++) {
      writeFileSync(path, healthy.bytes)
      const { status, error } = spawnSync('strace', [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        `trace=${call}`,
        '-e',
        `inject=${call}:signal=KILL:when=${when}`,
        'qemu-img',
        'snapshot',
        what === 'create' ? '-c' : '-d',
        name,
        path,
      ])
      if (error) throw error
      if (status === 0) break
      yield { at: `${call} ${when}`, bytes: readFileSync(path) }
    }
  }
}
