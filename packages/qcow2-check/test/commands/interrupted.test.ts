import { closeSync, openSync, readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { qcow2Check, type Ran } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { damaged } from './images.ts'

let scratch: Scratch
beforeEach(() => {
  scratch = new Scratch('qcow2-interrupted')
})
afterEach(() => scratch[Symbol.dispose]())

const run = (line: string): Ran => qcow2Check(line.split(' '), { cwd: scratch.path })

/** As a repair leaves an image that is killed after so many bytes of it, by default before its last write. */
async function interrupted(written = 66): Promise<{ readonly image: string; readonly before: Buffer }> {
  const image = await damaged(scratch.path, 'snapshot-table/offset-flipped')
  const before = readFileSync(image)
  expect(run('repair image.qcow2').stdout).toContain('restore-snapshots')
  const after = readFileSync(image)
  writeFileSync(image, Buffer.concat([after.subarray(0, written), before.subarray(written)]))
  // State, and the time that was left: see tooling/src/files/journal/format.ts.
  const journal = openSync(`${image}.undo-1`, 'r+')
  writeSync(journal, 'PREP', 8, 'latin1')
  writeSync(journal, Buffer.alloc(16), 0, 16, 48)
  closeSync(journal)
  return { image, before }
}

it('check names the undo file of a repair that was interrupted, and what to do', async () => {
  const { image, before } = await interrupted()
  const checked = run('image.qcow2')
  expect(checked.stdout).toContain('a repair of it was interrupted (image.qcow2.undo-1)')
  expect(checked.stdout).toContain('> qcow2-check undo image.qcow2 image.qcow2.undo-1 ')
  expect(JSON.parse(run('--json image.qcow2').stdout).findings).toContainEqual(
    expect.objectContaining({ code: 'repair-interrupted', fields: { undoFile: 'image.qcow2.undo-1' } }),
  )
  expect(run('undo image.qcow2 image.qcow2.undo-1').status).toBe(0)
  expect(readFileSync(image).equals(before)).toBe(true)
  expect(run('image.qcow2').stdout).not.toContain('interrupted')
})

it.each(['info', 'plan', 'repair -n'])('%s warns of it, and its output and exit stay', async (command) => {
  await interrupted()
  const told = run(`${command} image.qcow2`)
  expect(told.stderr).toMatch(/^qcow2-check: warning: .*interrupted.*\[repair-interrupted\]\n/)
  unlinkSync(scratch.file('image.qcow2.undo-1'))
  expect(run(`${command} image.qcow2`)).toEqual({ ...told, stderr: '' })
})

it.each([
  ['corrupt', 66],
  ['consistent', Number.POSITIVE_INFINITY],
])('scan tells of it where the image is %s, and does not remember that', async (verdict, written) => {
  await interrupted(written)
  const line = 'scan --state state.ndjson --prom images.prom .'
  for (const _ of [1, 2]) {
    expect(run(line).stdout).toMatch(new RegExp(`^${verdict} .*image\\.qcow2: .*repair-interrupted 1`, 'm'))
    expect(readFileSync(scratch.file('images.prom'), 'utf8')).toMatch(/repair_interrupted\{.*\} 1$/m)
  }
  expect(JSON.parse(run('scan --json .').stdout).images[0].codes).toHaveProperty('repair-interrupted', 1)
  expect(run('undo image.qcow2 image.qcow2.undo-1').status).toBe(0)
  expect(run(line).stdout).not.toContain('interrupted')
})
