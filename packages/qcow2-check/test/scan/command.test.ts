import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentsOf } from '../schema/documents.ts'
import { qcow2Check } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { makeFleet } from './fleet.ts'

const scratch = new Scratch('qcow2-scan-command')
let root: string
beforeAll(() => {
  root = makeFleet(scratch, 3)
})
afterAll(() => scratch[Symbol.dispose]())

it('tells each image and the totals, as its schemas say; the exit is the worst of all', () => {
  const rows = qcow2Check(['scan', root, '--ndjson', '--prom', scratch.file('images.prom')])
  expect(rows.status).toBe(2)
  const documents = documentsOf(rows.stdout)
  expect(documents.map(({ schema }) => schema)).toEqual([
    ...Array.from({ length: 5 }, () => 'qcow2-check/scan-image@1'),
    'qcow2-check/scan-totals@1',
  ])
  expect(readFileSync(scratch.file('images.prom'), 'utf8')).toContain(
    'qcow2_check_images{verdict="consistent"} 3\n',
  )
  const [document] = documentsOf(qcow2Check(['scan', root, '--json']).stdout)
  expect(document).toMatchObject({
    totals: { images: 5, consistent: 3, corrupt: 1, 'not-qcow2': 1, failed: 0 },
  })
})

it.each([
  ['sound', 0, /^3 images: 3 consistent\n$/],
  ['others', 2, /^corrupt {5}.*refcount-low 1.*\n/m],
])('%s ends with %i', (folder, status, text) => {
  const ran = qcow2Check(['scan', `${root}/${folder}`])
  expect([ran.status, ran.stderr]).toEqual([status, ''])
  expect(ran.stdout).toMatch(text)
})

it.each([
  [['scan', '/nowhere/at/all'], 64, /does not exist/],
  [['scan', '--json', '--ndjson', '.'], 64, /contradict/],
  [['scan', '--shard', '2/2', '.'], 64, /I\/N/],
  [['scan'], 64, /DIR/],
])('%j: %i', (args, status, text) => {
  const ran = qcow2Check(args, { cwd: root })
  expect(ran.status).toBe(status)
  expect(ran.stderr).toMatch(text)
})

it('does not take a file for a state file that is none', () => {
  writeFileSync(scratch.file('precious'), 'text')
  const ran = qcow2Check(['scan', root, '--state', scratch.file('precious')])
  expect(ran.status).toBe(1)
  expect(ran.stderr).toMatch(/precious: is not a state file/)
  expect(readFileSync(scratch.file('precious'), 'utf8')).toBe('text')
})
