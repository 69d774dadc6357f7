import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { beginReplacement, commitBatch } from '../../src/files/index.ts'
import { names, open, scratch } from './support.ts'

const tool = 'test-tool'

describe('a batch', () => {
  it('commits all, keeps what is declined, and goes on after a failure', async () => {
    const folder = scratch()
    fs.mkdirSync(path.join(folder, 'sub'))
    const [top, sub] = [open(folder), open(path.join(folder, 'sub'))]
    const wanted = [top, sub].flatMap((handle) =>
      ['a', 'b', 'c', 'declined', 'failing'].map((name) => {
        fs.writeFileSync(handle.entry(name), `old ${name}`)
        const replacement = beginReplacement(handle, name, { tool })
        replacement.write(Buffer.from(`new ${name}`))
        return replacement
      }),
    )
    for (const { name, fd } of wanted) if (name === 'failing') fs.ftruncateSync(fd, 1)
    const outcomes = await commitBatch(wanted, ({ name }) => name !== 'declined')
    const states = outcomes.map(({ replacement, error, declined }) => [
      replacement.name,
      error?.code,
      declined,
    ])
    const expected = [
      ['a', undefined, undefined],
      ['b', undefined, undefined],
      ['c', undefined, undefined],
      ['declined', undefined, true],
      ['failing', 'short', undefined],
    ]
    expect(states).toEqual([...expected, ...expected])
    for (const place of [folder, path.join(folder, 'sub')]) {
      const files = names(place).filter((name) => name !== 'sub')
      expect(files.map((name) => fs.readFileSync(path.join(place, name), 'utf8'))).toEqual([
        'new a',
        'new b',
        'new c',
        'old declined',
        'old failing',
      ])
    }
  })

  it('closes every descriptor it was given', async () => {
    const folder = scratch()
    const handle = open(folder)
    const count = (): number => fs.readdirSync('/proc/self/fd').length
    const before = count()
    const all = Array.from({ length: 40 }, (_, index) => beginReplacement(handle, `f${index}`, { tool }))
    await commitBatch(all, ({ name }) => name !== 'f7')
    expect(count()).toBe(before)
    expect(names(folder)).toHaveLength(39)
  })
})
