import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { rescue } from '../../src/rescue/index.ts'
import { kindNamed, makeImage } from '../mapping/make-image.ts'
import { Scratch } from '../support/scratch.ts'
import { Patch } from './damage.ts'
import { openMade } from './open.ts'

const scratch = new Scratch('qcow2-map')
afterAll(() => scratch[Symbol.dispose]())

const K = 1024

async function damaged(name: string) {
  const made = makeImage(scratch, kindNamed(name), 'map')
  using patch = new Patch(made.path)
  patch.set(patch.u64(patch.l1), 1n << 50n)
  return made
}

const ddrescuelog = (...args: string[]) => execFileSync('ddrescuelog', args, { encoding: 'utf8' })

describe('a mapfile', () => {
  test('is one that ddrescue reads', async () => {
    const made = await damaged('64k')
    using opened = await openMade(made)
    const map = scratch.file('lost.map')
    await rescue(opened.image, { output: scratch.file('a.raw'), format: 'raw', map })
    const status = ddrescuelog('--show-status', map)
    expect(status).toMatch(/mapfile extent: +6291 kB/)
    expect(status).toMatch(/bad-sector: +65536 B, +in +1 area/)
    expect(status).toMatch(/non-tried: +0 B/)
    expect(ddrescuelog('--list-blocks=-', '--block-size=65536', map).trim()).toBe('0')
    // Not all is rescued: this is how scripts ask.
    expect(() => ddrescuelog('--done-status', map)).toThrow()
  })

  test('calls done what is whole', async () => {
    const made = makeImage(scratch, kindNamed('64k'), 'whole')
    using opened = await openMade(made)
    const map = scratch.file('whole.map')
    await rescue(opened.image, { output: scratch.file('b.raw'), format: 'raw', map })
    ddrescuelog('--done-status', map)
  })

  test('has what was not read as not tried', async () => {
    const made = makeImage(scratch, kindNamed('backed'), 'alone')
    using opened = await openMade(made)
    const map = scratch.file('alone.map')
    const result = await rescue(opened.image, { output: scratch.file('c.raw'), format: 'raw', map })
    const blocks = ddrescuelog('--list-blocks=?', '--block-size=512', map).trim().split('\n')
    expect(blocks.length * 512).toBe(result.disks[0]?.notReadBytes)
  })

  test('is one for each disk, named as its output is', async () => {
    const made = await damaged('64k')
    using opened = await openMade(made)
    const map = scratch.file('all.map')
    await rescue(opened.image, { output: scratch.file('d.raw'), format: 'raw', disk: 'all', map })
    expect(() => ddrescuelog('--done-status', map)).toThrow()
    ddrescuelog('--done-status', `${map}.snapshot-1`)
    ddrescuelog('--done-status', `${map}.snapshot-2`)
  })
})

test('a list as JSON has all disks, with reasons', async () => {
  const made = await damaged('64k')
  using opened = await openMade(made)
  const map = scratch.file('lost.json')
  await rescue(opened.image, { output: scratch.file('e.qcow2'), format: 'qcow2', disk: 'all', map })
  const document = JSON.parse(readFileSync(map, 'utf8'))
  expect(document).toMatchObject({
    schema: 'qcow2-check/rescue-map@1',
    image: made.path,
    complete: false,
    dropped: [],
    disks: [
      {
        kind: 'active',
        output: scratch.file('e.qcow2'),
        lostBytes: 64 * K,
        lost: [{ offset: 0, length: 64 * K, status: 'lost', reason: 'l2-entry-beyond-end' }],
      },
      { kind: 'snapshot', id: '1', name: 'first', lost: [] },
      { kind: 'snapshot', id: '2', name: 'second', lost: [] },
    ],
  })
})
