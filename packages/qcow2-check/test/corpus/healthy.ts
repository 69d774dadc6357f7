import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { guestData } from '../support/noise.ts'
import { qemu, qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { BACKING_FILE, createArguments, DATA_FILE, openArguments } from './access.ts'
import { type Content, readDisk } from './content.ts'
import { decoyCommands, writeCommands } from './guest-writes.ts'
import { shared } from './healthy-cache.ts'
import { type Layout, layoutOf } from './layout.ts'
import type { Shape } from './shape.ts'

/** An image that nothing is wrong with, and what QEMU reads from it. */
export interface Healthy {
  readonly shape: Shape
  readonly bytes: Buffer
  /** Files that must lie beside it, by name. */
  readonly companions: ReadonlyMap<string, Buffer>
  readonly layout: Layout
  /** What each disk holds: of the active one under undefined, of a snapshot under its id. */
  readonly contents: ReadonlyMap<string | undefined, Content>
}

const made = new Map<string, Promise<Healthy>>()

/** Makes an image with qemu-img and qemu-io; the same one again while the process lives. */
export function makeHealthy(shape: Shape): Promise<Healthy> {
  const known = made.get(shape.name)
  if (known !== undefined) return known
  const healthy = shared(shape.name, () => make(shape))
  made.set(shape.name, healthy)
  return healthy
}

async function make(shape: Shape): Promise<Healthy> {
  using scratch = new Scratch('qcow2-healthy')
  const path = scratch.file('image.qcow2')
  if (shape.backing) makeBacking(shape, scratch)
  create(shape, path, scratch)
  write(shape, path, scratch, 0)
  for (let generation = 1; generation <= shape.snapshots; generation++) {
    snapshot(shape, path, shape.names?.[generation - 1] ?? `s${generation}`)
    if (generation === 1 && shape.resizedTo)
      qemuImg(['resize', '-q', ...openArguments(shape, path), String(shape.resizedTo)], scratch.path)
    write(shape, path, scratch, generation)
  }
  for (const id of shape.deleted ?? []) qemuImg(['snapshot', '-q', '-d', `s${id}`, path])
  if (shape.decoys) {
    const image = readFileSync(path)
    qemuIo(
      [...decoyCommands(shape, decoysOf(image), scratch.path), ...openArguments(shape, path)],
      scratch.path,
    )
  }
  for (let number = 1; number <= (shape.bitmaps ?? 0); number++)
    qemuImg(['bitmap', '--add', '-g', String(Math.max(512, shape.clusterSize)), path, `changes-${number}`])
  if (shape.bitmaps) qemuIo(['-c', `write -q -P 0x5a ${24 * shape.clusterSize} ${shape.clusterSize}`, path])
  return await readBack(shape, path, scratch)
}

/** Where the clock of the processor is coarse, qemu-img can't measure how slow a key is to be made, and says so. */
function create(shape: Shape, path: string, scratch: Scratch): void {
  for (let attempt = 1; ; attempt++) {
    const { status, stderr } = qemu('qemu-img', createArguments(shape, path), scratch.path)
    if (status === 0) return
    if (attempt === 20 || !stderr.includes('accurate CPU usage')) throw new Error(`${shape.name}: ${stderr}`)
  }
}

function makeBacking(shape: Shape, scratch: Scratch): void {
  const raw = scratch.file('backing.raw')
  const content = Buffer.alloc(shape.virtualSize)
  for (let at = 0; at < shape.virtualSize; at += 5 * shape.clusterSize)
    guestData(`backing/${at}`, shape.clusterSize).copy(content, at)
  writeFileSync(raw, content)
  if (shape.backing === 'raw') copyFileSync(raw, scratch.file(BACKING_FILE))
  else qemuImg(['convert', '-O', 'qcow2', raw, scratch.file(BACKING_FILE)])
}

function write(shape: Shape, path: string, scratch: Scratch, generation: number): void {
  const commands = writeCommands(shape, generation, scratch.path)
  if (shape.vmState && generation === shape.snapshots - 1) {
    writeFileSync(scratch.file('machine'), guestData('machine', shape.clusterSize))
    commands.push('-c', `write -q -b -s ${scratch.file('machine')} 0 ${2 * shape.clusterSize}`)
  }
  if (commands.length > 0) qemuIo([...commands, ...openArguments(shape, path)], scratch.path)
}

function snapshot(shape: Shape, path: string, name: string): void {
  if (shape.encryption === undefined) qemuImg(['snapshot', '-q', '-c', name, path])
  else qemuImg(['snapshot', '-q', '-c', name, ...openArguments(shape, path)])
}

/** What tempts a search for lost tables: copies of them among the guest's data. */
function decoysOf(image: Buffer): Buffer[] {
  const { clusterSize, disks, snapshotTable } = layoutOf(image)
  const at = [
    0,
    snapshotTable.offset,
    ...disks.map((disk) => disk.l1.offset),
    ...disks.flatMap((disk) => disk.l2.map((table) => table.offset)),
  ]
  return [...new Set(at)].map((offset) => Buffer.from(image.subarray(offset, offset + clusterSize)))
}

async function readBack(shape: Shape, path: string, scratch: Scratch): Promise<Healthy> {
  const image = readFileSync(path)
  const layout = layoutOf(image)
  if (shape.vmState) {
    // Only a running machine would set it: the length of its state in the entry of the last snapshot.
    const entry = layout.disks.at(-1)?.entry
    if (entry) image.writeBigUInt64BE(BigInt(2 * shape.clusterSize), entry.offset + 40)
    writeFileSync(path, image)
  }
  const companions = new Map<string, Buffer>()
  if (shape.dataFile) companions.set(DATA_FILE, readFileSync(scratch.file(DATA_FILE)))
  if (shape.backing) companions.set(BACKING_FILE, readFileSync(scratch.file(BACKING_FILE)))
  const contents = new Map<string | undefined, Content>()
  for (const { id } of layout.disks) {
    const content = await readDisk(shape, path, id, scratch.file('raw'))
    if (content === undefined) throw new Error(`${shape.name}: QEMU can't read ${id ?? 'the active disk'}`)
    contents.set(id, content)
  }
  return { shape, bytes: image, companions, layout, contents }
}
