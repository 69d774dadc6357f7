import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Home } from '../support/home.ts'
import { observe } from '../support/process.ts'

/** bash, as its descriptors go beyond 9: opens each number on a file of that name, in the current folder. */
const opening = (numbers: readonly number[]): string[] => [
  'bash',
  '-c',
  `${numbers.map((fd) => `exec ${fd}<${fd}`).join('; ')}; exec "$@"`,
  'bash',
]

describe('--keep-fd', () => {
  const cases = [
    { kept: [7] },
    { kept: [3] },
    { kept: [3, 4, 5] },
    { kept: [3, 20, 300] },
    { kept: [4, 5, 6, 7, 8] },
  ]
  it.each(cases)(
    'the command gets $kept, the same files at the same numbers, and no other',
    async ({ kept }) => {
      await using home = new Home()
      const open = [...new Set([...kept, 9, 21])]
      for (const fd of open) writeFileSync(home.file(String(fd)), '')
      const keep = kept.flatMap((fd) => ['--keep-fd', String(fd)])
      const { pid } = await home.json('start', [...keep, '--', 'sleep', '300'], {
        by: opening(open),
        cwd: home.path,
      })
      const { descriptors } = await observe(pid as number)
      expect(descriptors.slice(3)).toEqual(kept.map((fd) => `${fd} ${home.file(String(fd))}`))
    },
  )

  it('refuses what leaves the leader nothing to work with', async () => {
    await using home = new Home()
    const open = [3, 4, 5, 6, 7, 8, 9]
    for (const fd of open) writeFileSync(home.file(String(fd)), '')
    const keep = open.flatMap((fd) => ['--keep-fd', String(fd)])
    const ran = await home.tool('start', [...keep, '--', 'sleep', '300'], {
      by: opening(open),
      cwd: home.path,
    })
    expect(ran).toMatchObject({ status: 125, stderr: expect.stringContaining('from 10') })
  })

  it('says so where there is no such descriptor', async () => {
    await using home = new Home()
    const ran = await home.tool('start', ['--keep-fd', '77', '--', 'sleep', '300'])
    expect(ran).toMatchObject({ status: 125, stderr: expect.stringContaining('77') })
  })
})
