import { constants, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { AllowedFolders } from '../../src/chain/allowed-folders.ts'
import { openNamedFile } from '../../src/chain/named-file.ts'
import { Scratch } from '../support/scratch.ts'

const scratch = new Scratch('qcow2-exchanged')
afterAll(() => scratch[Symbol.dispose]())

const opened: { readonly path: string; readonly flags: number }[] = []
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const openSync: typeof fs.openSync = (path, flags, mode) => {
    opened.push({ path: String(path), flags: Number(flags) })
    return fs.openSync(path, flags, mode)
  }
  return { ...fs, openSync }
})
beforeEach(() => opened.splice(0))

/** Not O_PATH: what lies there would be opened, and a watchdog or a tape does something then. */
const really = () => opened.filter(({ flags }) => (flags & 0o10000000) === 0)

let count = 0
function folders(): { readonly image: string; readonly named: string; readonly elsewhere: string } {
  const root = scratch.file(`race-${count++}`)
  const [named, elsewhere] = [join(root, 'images/d'), join(root, 'elsewhere')]
  for (const folder of [named, elsewhere]) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'base'), folder)
  }
  const image = join(root, 'images/top.qcow2')
  writeFileSync(image, '')
  return { image, named, elsewhere }
}

/** Says yes, and does something at once: the moment between a look and the next step. */
class Exchanging extends AllowedFolders {
  readonly #exchange: () => void
  #done = false

  constructor(image: string, exchange: () => void) {
    super(image, [])
    this.#exchange = exchange
  }

  override contain(path: string | Buffer): boolean {
    const answer = super.contain(path)
    if (!this.#done) this.#exchange()
    this.#done = true
    return answer
  }
}

test('a folder that becomes a link while its file is looked at: what the link leads to is not opened', () => {
  const { image, named, elsewhere } = folders()
  const allowed = new Exchanging(image, () => {
    renameSync(named, `${named}.away`)
    symlinkSync(elsewhere, named)
  })
  expect(openNamedFile(Buffer.from('d/base'), image, allowed)).toMatchObject({ code: 'backing-refused' })
  expect(really()).toEqual([])
})

test('a file that stays is opened once, by the place that was looked at', () => {
  const { image } = folders()
  const file = openNamedFile(Buffer.from('d/base'), image, new AllowedFolders(image, []))
  if ('code' in file) throw new Error(file.why)
  expect(really()).toMatchObject([{ path: expect.stringMatching(/^\/proc\/self\/fd\/\d+$/) }])
  expect((really()[0]?.flags ?? 0) & constants.O_NONBLOCK).not.toBe(0)
  file.source.close()
})
