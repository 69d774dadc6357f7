import { linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openChain } from '../../src/chain/index.ts'
import { openImage } from '../../src/image/index.ts'
import { MemorySource } from '../../src/source/index.ts'
import { qemuRefusal } from '../image/qemu.ts'
import { ChainFolder, chainOf, MIB } from './images.ts'

const images = new ChainFolder()
afterAll(() => images.remove())

describe('missing', () => {
  test('as QEMU says it', async () => {
    const path = images.over('absent', { format: 'qcow2' })
    const { codes, blockers } = await chainOf(path)
    expect(codes).toEqual(['backing-missing'])
    expect(qemuRefusal(path, 'read')).toContain(blockers[0]?.message)
  })

  test('in a folder that is a file', async () => {
    images.base('afile')
    expect((await chainOf(images.over('afile/b', { format: 'qcow2' }))).codes).toEqual(['backing-missing'])
  })

  test('a name of 255 characters and more', async () => {
    const { codes } = await chainOf(images.over('n'.repeat(300), { format: 'qcow2' }))
    expect(codes).toEqual(['backing-unreadable'])
  })
})

describe('loops', () => {
  const hard = (path: string) => {
    linkSync(path, `${path}.hard`)
    return `${path}.hard`
  }
  const soft = (path: string) => {
    symlinkSync(path, `${path}.soft`)
    return `${path}.soft`
  }
  test.each([
    ['itself', (path: string) => path],
    ['itself by a hard link', hard],
    ['itself by a symbolic link', soft],
  ])('over %s', async (what, nameOf) => {
    const path = images.here(what.replaceAll(' ', '-'))
    images.base(what.replaceAll(' ', '-'))
    images.qemuImg('rebase', '-q', '-u', '-f', 'qcow2', '-b', nameOf(path), '-F', 'qcow2', path)
    expect(await chainOf(path)).toMatchObject({ members: [], codes: ['backing-loop'], complete: false })
  })

  test('over two others', async () => {
    images.over('loop-b', { format: 'qcow2', at: images.here('loop-a') })
    images.over('loop-a', { format: 'qcow2', at: images.here('loop-b') })
    expect(await chainOf(images.over('loop-a', { format: 'qcow2' }))).toMatchObject({
      members: [
        ['loop-a', 'qcow2', MIB],
        ['loop-b', 'qcow2', MIB],
      ],
      codes: ['backing-loop'],
      complete: false,
    })
  })

  test('deeper than allowed', async () => {
    images.base('deep-0')
    for (const level of [1, 2, 3])
      images.over(`deep-${level - 1}`, { format: 'qcow2', at: images.here(`deep-${level}`) })
    const path = images.here('deep-3')
    expect(await chainOf(path, { depth: 2 })).toMatchObject({ codes: ['too-much-work'], complete: false })
    expect(await chainOf(path, { depth: 3 })).toMatchObject({ codes: [], complete: true })
  })
})

describe('sizes and formats', () => {
  test('smaller than the image above', async () => {
    const result = await chainOf(images.over(images.base('small', { size: '512k' }), { format: 'qcow2' }))
    expect(result).toMatchObject({ codes: ['backing-smaller'], complete: true })
    expect(result.findings[0]).toMatchObject({ severity: 'warning', fields: { size: 512 * 1024 } })
  })

  test.each(['qcow2', 'raw', 'vmdk', 'vpc', 'vhdx', 'vdi', 'qed', 'parallels', 'qcow', 'luks'])(
    'a format that is not recorded: %s',
    async (format) => {
      const secret = ['--object', 'secret,id=key,data=night', '-o', 'key-secret=key,iter-time=10']
      const options = format === 'luks' ? secret : []
      images.qemuImg('create', '-q', '-f', format, ...options, images.here(`a-${format}`), '1M')
      const read = format === 'qcow2' || format === 'raw'
      expect(await chainOf(images.over(`a-${format}`))).toMatchObject({
        codes: ['backing-format-unknown', ...(read ? [] : ['backing-format-other'])],
        complete: read,
      })
    },
  )

  test('a format that this tool does not read', async () => {
    const result = await chainOf(images.over(images.base('recorded'), { format: 'vmdk' }))
    expect(result).toMatchObject({ members: [], codes: ['backing-format-other'], complete: false })
  })
})

describe('can not be used', () => {
  test('no QCOW2 image, though the image says so', async () => {
    writeFileSync(images.here('noise'), Buffer.alloc(MIB, 'noise'))
    expect((await chainOf(images.over('noise', { format: 'qcow2' }))).codes).toEqual(['backing-unreadable'])
  })

  test('a member that QEMU refuses is read all the same', async () => {
    const path = images.base('refused')
    const bytes = readFileSync(path)
    bytes.writeUInt32BE(7, 96)
    writeFileSync(path, bytes)
    expect(await chainOf(images.over('refused', { format: 'qcow2' }))).toMatchObject({
      members: [['refused', 'qcow2', MIB]],
      codes: ['backing-unreadable'],
    })
  })

  test('a member with an external data file, which nobody named', async () => {
    const options = ['-o', `data_file=${images.here('data.raw')}`]
    images.qemuImg('create', '-q', '-f', 'qcow2', ...options, images.here('with-data'), '1M')
    expect((await chainOf(images.over('with-data', { format: 'qcow2' }))).codes).toEqual([
      'data-file-not-given',
    ])
  })
})

test('an image in memory has no folder unless one is named', async () => {
  const bytes = readFileSync(images.over(images.base('below'), { format: 'qcow2' }))
  const image = await openImage(new MemorySource(bytes, '/no/such/image'))
  await expect(openChain(image, { chain: true })).rejects.toMatchObject({ code: 'unreadable' })
  const chain = await openChain(image, { chain: true, path: images.here('below') })
  expect(chain.findings).toEqual([])
  expect(chain.members).toHaveLength(1)
  chain.close()
})
