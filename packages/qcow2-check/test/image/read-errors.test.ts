import { afterAll, expect, test } from 'vitest'
import { openImage } from '../../src/image/index.ts'
import { type BlockSource, MemorySource } from '../../src/source/index.ts'
import { KINDS } from './blockers/case.ts'
import { Workshop } from './qemu.ts'

const workshop = new Workshop()
afterAll(() => workshop.remove())

/** Fails, or ends, where it is read from `from` on. */
function failing(bytes: Uint8Array, from: number, how: 'error' | 'rejection' | 'end'): BlockSource {
  const memory = new MemorySource(bytes)
  return {
    name: 'failing',
    size: bytes.length,
    read(target, offset) {
      const whole = Math.max(0, Math.min(target.length, from - offset))
      const error = Object.assign(new Error('ESTALE: stale file handle, read'), { code: 'ESTALE' })
      if (offset + target.length > from) {
        if (how === 'error') throw error
        if (how === 'rejection') return Promise.reject(error)
        return memory.read(target.subarray(0, whole), offset)
      }
      return memory.read(target, offset)
    },
  }
}

const kinds = ['v3', 'snapshots', 'bitmaps', 'luks', 'small'] as const

test.each(
  kinds.flatMap((kind) => (['error', 'rejection', 'end'] as const).map((how) => [kind, how] as const)),
)('%s, %s: whatever can not be read is a finding', async (kind, how) => {
  const bytes = workshop.make(kind, KINDS[kind].commands)
  const whole = await openImage(new MemorySource(bytes))
  let noticed = 0
  for (let from = 4096; from < bytes.length; from += 4096) {
    const image = await openImage(failing(bytes, from, how))
    const errors = image.findings.filter(({ code }) => code === 'read-error')
    if (errors.length > 0) noticed++
    // What is not read at this stage is as it was.
    if (errors.length === 0) expect(image.findings).toEqual(whole.findings)
    for (const { fields } of errors)
      expect(fields).toMatchObject({ why: expect.stringMatching(/ESTALE|ends at/) })
  }
  expect(noticed > 0).toBe(kind !== 'v3' && kind !== 'small')
})

test('a beginning that can not be read is no image that could be understood', async () => {
  const bytes = workshop.make('v3', KINDS.v3.commands)
  await expect(openImage(failing(bytes, 50, 'error'))).rejects.toMatchObject({ code: 'unreadable' })
  const image = await openImage(failing(bytes, 200, 'end'))
  expect(image.findings.map(({ code }) => code)).toContain('read-error')
})
