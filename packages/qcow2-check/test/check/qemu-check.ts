import { writeFileSync } from 'node:fs'
import type { CheckCounts } from '../../src/check/index.ts'
import { openArguments } from '../corpus/access.ts'
import type { Shape } from '../corpus/shape.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

/** What `qemu-img check` says of an image. */
export interface QemuCheck {
  readonly status: number
  readonly counts: CheckCounts
  readonly stderr: string
}

/** Runs the real one on a file. */
export function qemuCheck(shape: Shape, path: string, cwd?: string): QemuCheck {
  const { status, stdout, stderr } = qemu(
    'qemu-img',
    ['check', '--output=json', ...openArguments(shape, path)],
    cwd,
  )
  const said = JSON.parse(stdout || '{}') as Record<string, number | undefined>
  return {
    status,
    stderr,
    counts: {
      checkErrors: said['check-errors'] ?? 0,
      corruptions: said.corruptions ?? 0,
      leaks: said.leaks ?? 0,
      totalClusters: said['total-clusters'] ?? 0,
      allocatedClusters: said['allocated-clusters'] ?? 0,
      fragmentedClusters: said['fragmented-clusters'] ?? 0,
      compressedClusters: said['compressed-clusters'] ?? 0,
      imageEndOffset: said['image-end-offset'] ?? 0,
    },
  }
}

/** Runs the real one on bytes. */
export function qemuCheckBytes(
  shape: Shape,
  bytes: Uint8Array,
  companions: ReadonlyMap<string, Uint8Array> = new Map(),
): QemuCheck {
  using scratch = new Scratch('qcow2-check')
  const path = scratch.file('image.qcow2')
  writeFileSync(path, bytes)
  for (const [name, content] of companions) writeFileSync(scratch.file(name), content)
  return qemuCheck(shape, path, scratch.path)
}
