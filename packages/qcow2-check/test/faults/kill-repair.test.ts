import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { killRepairs } from './kill-repair.ts'

it('SIGKILL in the midst of a large repair, and of its undo: before, after or resumable', {
  timeout: 300_000,
}, async () => {
  // On a disk, where flushes take time.
  const folder = mkdtempSync(join(tmpdir(), 'qcow2-kill-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const figures = await killRepairs(folder, { rounds: 15 })
  expect(figures.rounds).toBe(15)
  // The kills fell among the writes, not before or after all of them.
  expect(figures.torn).toBeGreaterThan(0)
  expect(figures.told).toBeGreaterThan(0)
  expect(figures.tornUndos).toBeGreaterThan(0)
})
