import { dirname } from 'node:path'
import { openArguments } from '../corpus/access.ts'
import { type Content, differences, readDisk } from '../corpus/content.ts'
import type { Ending } from '../corpus/damage.ts'
import type { Healthy } from '../corpus/healthy.ts'
import { qemuAsync } from '../support/qemu.ts'
import { destroyedPieces } from './truth.ts'

/**
 * What became of a disk. `whole`: as before the damage; `holed`: but for bytes that the damage itself overwrote;
 * `as-damaged`: the guest reads what it read before the repair; `given-up`: zeros where data was; `wrong`: bytes that
 * neither the guest wrote nor the damage left; `told`: wrong, as before the repair, and a finding says so; `missing`: the snapshot is not listed; `unreadable`: QEMU can't read all of it.
 */
export type Fate = 'whole' | 'holed' | 'as-damaged' | 'given-up' | 'told' | 'wrong' | 'missing' | 'unreadable'

export const ENDINGS: Readonly<Record<number, Ending>> = { 0: 'consistent', 2: 'corrupt', 3: 'leaks' }

/** What `qemu-img check` says. */
export async function qemuEnding(healthy: Healthy, path: string): Promise<{ ending: Ending; said: string }> {
  const args = ['check', ...openArguments(healthy.shape, path)]
  const { status, stderr } = await qemuAsync('qemu-img', args, dirname(path))
  return { ending: ENDINGS[status] ?? 'incomplete', said: stderr.trim() }
}

/** Ids of snapshots as QEMU lists them; undefined where it can't open the image. */
export async function listedSnapshots(healthy: Healthy, path: string): Promise<string[] | undefined> {
  if (healthy.shape.dataFile) return []
  const args = ['info', '--output=json', ...openArguments(healthy.shape, path)]
  const { status, stdout } = await qemuAsync('qemu-img', args, dirname(path))
  if (status !== 0) return undefined
  const info = JSON.parse(stdout) as { snapshots?: { id: string }[] }
  return (info.snapshots ?? []).map(({ id }) => id)
}

/** Reads a disk of the damaged image, before any repair. */
export type ReadBefore = (id: string | undefined) => Promise<Content | undefined>

/** What was said of a disk, given what it read before the repair: true for a piece that was wrong then, and is told. */
export type Told = (
  id: string | undefined,
  before: Content | undefined,
) => Promise<(piece: number) => boolean>

/** Holds what a disk reads after a repair against what it held, and against what it read before the repair. */
export async function fateOf(
  healthy: Healthy,
  damaged: Buffer,
  id: string | undefined,
  after: Content | undefined,
  readBefore: ReadBefore,
  told?: Told,
): Promise<Fate> {
  const reference = healthy.contents.get(id)
  if (after === undefined) return 'unreadable'
  if (reference === undefined) return 'wrong'
  if (after.digest === reference.digest) return 'whole'
  const destroyed = destroyedPieces(healthy, damaged, id)
  const differing = differences(after, reference)
  const rest = differing.filter((piece) => !destroyed.has(piece))
  if (rest.length === 0 && after.size === reference.size) return 'holed'
  if (after.salvaged) return 'unreadable'
  const before = await readBefore(id)
  const same = (piece: number, other: Content | undefined): boolean =>
    after.pieces.get(piece) === other?.pieces.get(piece)
  if (before && rest.every((piece) => same(piece, before))) return 'as-damaged'
  if (told && rest.every(await told(id, before))) return 'told'
  if (rest.every((piece) => !after.pieces.has(piece) || same(piece, before))) return 'given-up'
  return 'wrong'
}

/** Reads disks of one image, each into a file of its own. */
export async function readDisks(
  healthy: Healthy,
  path: string,
  ids: readonly (string | undefined)[],
): Promise<Map<string | undefined, Content | undefined>> {
  const contents = await Promise.all(
    ids.map((id, number) => readDisk(healthy.shape, path, id, `${path}.raw-${number}`)),
  )
  return new Map(ids.map((id, number) => [id, contents[number]]))
}
