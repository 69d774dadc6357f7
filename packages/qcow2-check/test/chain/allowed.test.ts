import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { ChainFolder, chainOf, MIB } from './images.ts'

const opened = vi.hoisted((): string[] => [])
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const openSync: typeof fs.openSync = (path, ...rest) => {
    // By such a name what is held already is opened for reading.
    if (!String(path).startsWith('/proc/self/fd/')) opened.push(String(path))
    return fs.openSync(path, ...rest)
  }
  return { ...fs, openSync }
})

const images = new ChainFolder()
const { here, there } = { here: images.here.bind(images), there: images.there.bind(images) }
afterAll(() => images.remove())

/** With every path that was opened on the way, but for the image itself. */
async function followed(path: string, options: Parameters<typeof chainOf>[1] = {}) {
  opened.length = 0
  const { codes, members, complete } = await chainOf(path, options)
  expect(opened[0]).toBe(path)
  return { codes, members, complete, opened: opened.slice(1) }
}

describe('what may be opened', () => {
  test('nothing, unless asked', async () => {
    const path = images.over(images.base('base'), { format: 'qcow2' })
    const expected = { members: [], codes: ['backing-not-read'], complete: false, opened: [] }
    expect(await followed(path, { chain: false })).toEqual(expected)
  })

  test('an image without a backing file is complete', async () => {
    expect(await followed(images.base('alone'))).toMatchObject({ members: [], codes: [], complete: true })
  })

  test('a chain of three, by relative, deeper and absolute names', async () => {
    mkdirSync(here('sub'))
    const bottom = images.base('bottom')
    const middle = images.over('../bottom', { format: 'qcow2', at: here('sub/middle') })
    expect(await followed(images.over('sub/middle', { format: 'qcow2' }))).toEqual({
      members: [
        ['sub/middle', 'qcow2', MIB],
        ['../bottom', 'qcow2', MIB],
      ],
      codes: [],
      complete: true,
      opened: [middle, bottom],
    })
    expect(await followed(images.over(bottom, { format: 'qcow2' }))).toMatchObject({
      opened: [bottom],
      complete: true,
    })
  })

  test('a raw file is a leaf, whatever its bytes look like', async () => {
    const looks = readFileSync(images.over('/etc/shadow', { format: 'raw' }))
    writeFileSync(here('raw'), looks)
    expect(await followed(images.over('raw', { format: 'raw' }))).toEqual({
      members: [['raw', 'raw', looks.length]],
      codes: ['backing-smaller'],
      complete: true,
      opened: [here('raw')],
    })
  })

  test('a link within the folder', async () => {
    symlinkSync(images.base('target'), here('link'))
    expect(await followed(images.over('link', { format: 'qcow2' }))).toMatchObject({
      codes: [],
      complete: true,
    })
  })

  test('what lies below a folder that the operator names', async () => {
    const path = images.over(images.base('allowed', { at: images.outside }), { format: 'qcow2' })
    expect(await followed(path)).toMatchObject({ codes: ['backing-refused'], opened: [] })
    for (const folder of [images.outside, `${images.outside}/`, Buffer.from(images.outside), '/'])
      expect(await followed(path, { allowPaths: [folder] })).toMatchObject({ codes: [], complete: true })
  })

  test('a folder that the operator names by a link', async () => {
    symlinkSync(images.outside, here('to-outside'))
    const path = images.over(images.base('by-link', { at: images.outside }), { format: 'qcow2' })
    expect(await followed(path, { allowPaths: [here('to-outside')] })).toMatchObject({
      codes: [],
      complete: true,
    })
  })

  test('an image that is reached by a link: names are relative to the link, as in QEMU', async () => {
    images.base('near', { at: images.outside })
    const real = images.over('near', { format: 'qcow2', at: there('real') })
    symlinkSync(real, here('image'))
    expect(await followed(real)).toMatchObject({ codes: [], complete: true })
    expect(await followed(here('image'))).toMatchObject({ codes: ['backing-missing'] })
  })

  test('a name that is not UTF-8', async () => {
    const name = Buffer.from([0x62, 0xe4, 0xff])
    writeFileSync(Buffer.concat([Buffer.from(`${images.folder}/`), name]), readFileSync(images.base('plain')))
    expect(await followed(images.overAny(name))).toMatchObject({ codes: [], complete: true })
  })

  test('an allowed folder that is not there is an error of the operator', async () => {
    const path = images.over('anything', { format: 'raw' })
    await expect(chainOf(path, { allowPaths: ['/no/such/folder'] })).rejects.toMatchObject({
      code: 'unreadable',
    })
  })
})

describe('what is never opened', () => {
  test.each([
    ['/etc/shadow'],
    ['../../../../../../etc/shadow'],
    ['json:{"driver":"file","filename":"/etc/shadow"}'],
    ['json:{}'],
    ['nbd://127.0.0.1:1/export'],
    ['nbd+unix:///export?socket=/run/nbd'],
    ['nbd:unix:/run/nbd'],
    ['http://127.0.0.1:1/'],
    ['ssh://127.0.0.1/etc/shadow'],
    ['rbd:pool/image'],
    ['file:base'],
    ['fat:/etc'],
    ['host_device:/dev/null'],
    ['anything:at all'],
    [':'],
    ['/dev/null'],
    ['/dev/zero'],
    ['/proc/self/mem'],
    ['.'],
    ['..'],
    ['/'],
  ])('%s', async (name) => {
    expect(await followed(images.overAny(name))).toEqual({
      codes: ['backing-refused'],
      members: [],
      complete: false,
      opened: [],
    })
  })

  const things: readonly (readonly [string, (path: string) => void])[] = [
    ['a FIFO', (path) => execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdirSync(path)],
    ['a socket', (path) => execFileSync('python3', ['-c', BIND, path])],
    ['a link to /etc/shadow', (path) => symlinkSync('/etc/shadow', path)],
    ['a link to a device', (path) => symlinkSync('/dev/zero', path)],
    ['a link to a file outside', (path) => symlinkSync(images.base('out', { at: images.outside }), path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
  ]
  test.each(things)('%s, in the folder of the image', async (name, make) => {
    make(here(name.replaceAll('/', '-')))
    const path = images.over(name.replaceAll('/', '-'), { format: 'qcow2' })
    expect(await followed(path)).toMatchObject({ codes: ['backing-refused'], members: [], opened: [] })
  })

  test('a file below a link that leads out of the folder', async () => {
    images.base('within', { at: images.outside })
    symlinkSync(images.outside, here('way'))
    const path = images.over('way/within', { format: 'qcow2' })
    expect(await followed(path)).toMatchObject({ codes: ['backing-refused'], opened: [] })
  })

  test('a neighbour folder whose name begins as the allowed one does', async () => {
    mkdirSync(here('images'))
    mkdirSync(here('images-of-others'))
    images.base('theirs', { at: here('images-of-others') })
    const path = images.over('../images-of-others/theirs', { format: 'qcow2', at: here('images/mine') })
    expect(await followed(path)).toMatchObject({ codes: ['backing-refused'], opened: [] })
  })

  test('the second of a chain, named from an allowed one', async () => {
    images.over('/etc/shadow', { format: 'raw', at: here('innocent') })
    const result = await followed(images.over('innocent', { format: 'qcow2' }))
    expect(result).toMatchObject({ codes: ['backing-refused'], opened: [here('innocent')], complete: false })
  })
})

const BIND = 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])'
