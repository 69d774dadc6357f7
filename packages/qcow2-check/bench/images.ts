import { closeSync, copyFileSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './processes.ts'

const K = 1024
const OFFSET = 0x00ff_ffff_ffff_fe00n
const COPIED = 1n << 63n

/** Images of the bench, by name; sparse files of a few hundred MB in all. */
export interface Images {
  readonly tiny: string
  readonly contiguous: string
  readonly fragmented: string
  readonly terabyte: string
  readonly small: string
  readonly snapshots: string
  readonly leaks: string
  readonly halfDeleted: string
  readonly fleet: readonly string[]
}

export function makeImages(folder: string, say: (text: string) => void): Images {
  const path = (name: string): string => join(folder, `${name}.qcow2`)
  const create = (name: string, size: string, options: string): string => {
    say(`making ${name}`)
    run('qemu-img', [
      'create',
      '-q',
      '-f',
      'qcow2',
      '-o',
      `preallocation=metadata,${options}`,
      path(name),
      size,
    ])
    return path(name)
  }
  const contiguous = create('contiguous', '100G', 'cluster_size=64k')
  const copyOf = (name: string): string => {
    run('cp', ['--sparse=always', contiguous, path(name)])
    return path(name)
  }
  const fragmented = copyOf('fragmented')
  scatter(fragmented)
  const unlinked = copyOf('unlinked')
  emptyTables(unlinked)
  // Without room for the tables that were emptied: `cp` makes holes of zeros.
  const leaks = path('leaks')
  run('cp', ['--sparse=always', unlinked, leaks])
  const halfDeleted = copyOf('half-deleted')
  halfDeleteSnapshot(halfDeleted)
  const snapshots = copyOf('snapshots')
  for (let number = 1; number <= 8; number++) run('qemu-img', ['snapshot', '-c', `s${number}`, snapshots])
  return {
    contiguous,
    fragmented,
    leaks,
    halfDeleted,
    snapshots,
    terabyte: create('terabyte', '1T', 'cluster_size=64k'),
    small: create('small-clusters', '40G', 'cluster_size=4k'),
    tiny: makeTiny(path('tiny')),
    fleet: makeFleet(folder),
  }
}

function makeTiny(path: string): string {
  run('qemu-img', ['create', '-q', '-f', 'qcow2', path, '1G'])
  run('qemu-io', ['-c', 'write -q 0 3M', path])
  return path
}

/** 400 images as templates and fresh machines are: some MiB, a snapshot here and there. */
function makeFleet(folder: string): string[] {
  const fleet = join(folder, 'fleet')
  mkdirSync(fleet)
  const models = Array.from({ length: 8 }, (_, number) => {
    const path = join(folder, `model-${number}.qcow2`)
    run('qemu-img', ['create', '-q', '-f', 'qcow2', path, `${10 + number * 10}G`])
    for (let at = 0; at <= number; at++)
      run('qemu-io', ['-c', `write -q ${at * 700}M ${512 * (number + 1)}k`, path])
    if (number % 3 === 0) run('qemu-img', ['snapshot', '-c', 'before', path])
    return path
  })
  return Array.from({ length: 400 }, (_, number) => {
    const path = join(fleet, `machine-${number}.qcow2`)
    copyFileSync(models[number % models.length] as string, path)
    return path
  })
}

/** What both changes need: the table of L2 tables, and the refcount blocks. */
class Tables implements Disposable {
  readonly #file: number
  readonly clusterSize = 64 * K

  constructor(path: string) {
    this.#file = openSync(path, 'r+')
  }

  read(offset: number, length: number): DataView {
    const bytes = Buffer.alloc(length)
    readSync(this.#file, bytes, 0, length, offset)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }

  write(offset: number, view: DataView): void {
    writeSync(
      this.#file,
      Buffer.from(view.buffer, view.byteOffset, view.byteLength),
      0,
      view.byteLength,
      offset,
    )
  }

  /** Offsets in the entries of a table. */
  *entries(offset: number, count: number): Generator<number> {
    const table = this.read(offset, count * 8)
    for (let at = 0; at < count; at++) {
      const target = Number(table.getBigUint64(at * 8) & OFFSET)
      if (target !== 0) yield target
    }
  }

  get header(): DataView {
    return this.read(0, 112)
  }

  *l2Tables(): Generator<number> {
    yield* this.entries(Number(this.header.getBigUint64(40)), this.header.getUint32(36))
  }

  *refcountBlocks(): Generator<number> {
    const clusters = this.header.getUint32(56)
    yield* this.entries(Number(this.header.getBigUint64(48)), (clusters * this.clusterSize) / 8)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

/** Permutes what all L2 entries point to, as years of random writes do. Refcounts stay right. */
function scatter(path: string): void {
  using tables = new Tables(path)
  const at = [...tables.l2Tables()]
  const views = at.map((offset) => tables.read(offset, tables.clusterSize))
  const entries = views.flatMap((view) =>
    Array.from({ length: view.byteLength / 8 }, (_, index) => view.getBigUint64(index * 8)),
  )
  const random = numbers(42)
  for (let last = entries.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = entries[last] as bigint
    entries[last] = entries[other] as bigint
    entries[other] = kept
  }
  let next = 0
  for (const [number, view] of views.entries()) {
    for (let index = 0; index < view.byteLength / 8; index++)
      view.setBigUint64(index * 8, entries[next++] as bigint)
    tables.write(at[number] as number, view)
  }
}

/** Refcounts of 1 and no table that uses them: as a preallocation leaves it that ended before its tables were written. */
function emptyTables(path: string): void {
  using tables = new Tables(path)
  const { header } = tables
  const l1Length = header.getUint32(36) * 8
  for (const offset of tables.l2Tables())
    tables.write(offset, new DataView(new ArrayBuffer(tables.clusterSize)))
  tables.write(Number(header.getBigUint64(40)), new DataView(new ArrayBuffer(l1Length)))
}

/** Refcounts of 2 and no COPIED flag, but the snapshot is gone: as a deletion leaves it that was interrupted. */
function halfDeleteSnapshot(path: string): void {
  using tables = new Tables(path)
  const data = new Set<number>()
  for (const offset of tables.l2Tables()) {
    const view = tables.read(offset, tables.clusterSize)
    for (let at = 0; at < view.byteLength; at += 8) {
      const entry = view.getBigUint64(at)
      data.add(Number(entry & OFFSET) / tables.clusterSize)
      view.setBigUint64(at, entry & ~COPIED)
    }
    tables.write(offset, view)
  }
  let cluster = 0
  for (const offset of tables.refcountBlocks()) {
    const view = tables.read(offset, tables.clusterSize)
    for (let at = 0; at < view.byteLength; at += 2, cluster++) if (data.has(cluster)) view.setUint16(at, 2)
    tables.write(offset, view)
  }
}

/** A linear congruential generator (Numerical Recipes): the same images on every machine. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
