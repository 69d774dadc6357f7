import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { guestData } from '../support/noise.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { type Content, readDisk } from './content.ts'
import type { Healthy } from './healthy.ts'

/** What a second process does to an image while a writer holds it and neither sees the other's locks. */
export type Intrusion = { readonly name: string; readonly run: (path: string) => readonly string[][] }

const lockless = (path: string): string =>
  `driver=qcow2,file.driver=file,file.filename=${path},file.locking=off`
const snapshot = (path: string, option: '-c' | '-d', name: string): string[] => [
  'snapshot',
  '-q',
  option,
  name,
  '--image-opts',
  lockless(path),
]

export const INTRUSIONS: readonly Intrusion[] = [
  { name: 'snapshot-create', run: (path) => [snapshot(path, '-c', 'raced')] },
  {
    name: 'snapshot-create-twice',
    run: (path) => [snapshot(path, '-c', 'raced'), snapshot(path, '-c', 'again')],
  },
  { name: 'snapshot-delete', run: (path) => [snapshot(path, '-d', 's1')] },
  {
    name: 'snapshot-delete-create',
    run: (path) => [snapshot(path, '-d', 's2'), snapshot(path, '-c', 'raced')],
  },
]

export interface Raced {
  readonly bytes: Buffer
  /** What the writer's guest must find: it knows nothing of the other process. */
  readonly active: Content
}

/**
 * A qemu-io writes, a qemu-img takes or deletes a snapshot meanwhile, the qemu-io goes on writing. Both are the real
 * programs with locking switched off, as on NFS without locks.
 */
export async function race(healthy: Healthy, intrusion: Intrusion): Promise<Raced> {
  using scratch = new Scratch('qcow2-race')
  const path = scratch.file('image.qcow2')
  const alone = scratch.file('alone.qcow2')
  writeFileSync(path, healthy.bytes)
  copyFileSync(path, alone)
  const [early, late] = [writes(healthy, scratch, 'early', 30), writes(healthy, scratch, 'late', 40)]

  const writer = new Writer(['--image-opts', lockless(path)])
  await writer.say([...early, 'flush'])
  for (const args of intrusion.run(path)) qemuImg(args)
  await writer.say([...late, 'flush'])
  await writer.end()

  qemuIo([...[...early, ...late].flatMap((command) => ['-c', command]), alone])
  const active = await readDisk(healthy.shape, alone, undefined, scratch.file('raw'))
  if (active === undefined) throw new Error('the disk of the undisturbed writer is not readable')
  return { bytes: readFileSync(path), active }
}

/** New places, so that clusters are allocated, and old ones, so that shared clusters are copied. */
function writes({ shape }: Healthy, scratch: Scratch, when: string, from: number): string[] {
  return [from, from + 1, from + 2, when === 'early' ? 0 : 1, when === 'early' ? 3 : 7].map((cluster) => {
    const file = scratch.file(`${when}-${cluster}`)
    writeFileSync(file, guestData(`race/${when}/${cluster}`, shape.clusterSize))
    return `write -q -s ${file} ${cluster * shape.clusterSize} ${shape.clusterSize}`
  })
}

/** A qemu-io that stays. */
export class Writer {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #gone: Promise<unknown>
  #said = ''

  constructor(args: readonly string[]) {
    this.#process = spawn('qemu-io', args)
    this.#gone = once(this.#process, 'exit')
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text
      })
  }

  /** One after the other: of several lines that come at once qemu-io takes the first and waits for more. */
  async say(commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      await this.#prompted()
      this.#said = ''
      this.#process.stdin.write(`${command}\n`)
    }
    await this.#prompted()
  }

  async #prompted(): Promise<void> {
    while (!this.#said.endsWith('qemu-io> ')) {
      await Promise.race([once(this.#process.stdout, 'data'), this.#gone])
      if (this.#process.exitCode !== null) throw new Error(`the writer is gone: ${this.#said}`)
    }
  }

  async end(): Promise<void> {
    this.#process.stdin.end('quit\n')
    await this.#gone
  }
}
