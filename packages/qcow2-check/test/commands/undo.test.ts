import { readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { qcow2Check, type Ran } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { damaged } from './images.ts'

let scratch: Scratch
beforeEach(() => {
  scratch = new Scratch('qcow2-undo')
})
afterEach(() => scratch[Symbol.dispose]())

const run = (line: string): Ran => qcow2Check(line.split(' '), { cwd: scratch.path })

it('undoes two repairs in a row, the later one first, without force', async () => {
  const image = await damaged(scratch.path, 'cross-link/data-data')
  const states = [readFileSync(image)]
  const { mtimeMs } = statSync(image)
  for (const line of ['repair image.qcow2', 'repair --allow split-cross-link image.qcow2']) {
    expect(run(line), line).toMatchObject({ stderr: '' })
    states.push(readFileSync(image))
  }
  for (const state of [0, 1]) expect(states[state]?.equals(states[state + 1] as Buffer)).toBe(false)
  for (const number of [2, 1]) {
    expect(run(`undo image.qcow2 image.qcow2.undo-${number}`)).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(image).equals(states[number - 1] as Buffer)).toBe(true)
  }
  expect(statSync(image).mtimeMs).toBeCloseTo(mtimeMs, 2)
})
