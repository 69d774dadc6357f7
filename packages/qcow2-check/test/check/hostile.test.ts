import { describe, expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { HOSTILE } from './hostile-images.ts'

/** The issue allows 20 s and 400 MB for each command, of which the check is one part. Of processor time: others run too. */
const SECONDS = 12
const BYTES = 300 * 2 ** 20

describe('a few MiB that claim all they can', () => {
  test.each(HOSTILE)('$name', async ({ make }) => {
    const source = make()
    const rssBefore = process.memoryUsage().rss
    const since = process.cpuUsage()
    const result = await survey(await openImage(source), { data: true })
    const owners = await result.ownersOf(new Set([0, 5, 9000]))
    const { user, system } = process.cpuUsage(since)
    expect((user + system) / 1e6).toBeLessThan(SECONDS)
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(BYTES)
    expect(owners.get(0)).toContainEqual({ kind: 'header' })
    expect(result.verdict).not.toBe('consistent')
    expect(result.findings.length).toBeLessThanOrEqual(10_000 + 200)
  })
})
