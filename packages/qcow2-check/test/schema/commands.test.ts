import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { damaged, healthy } from '../commands/images.ts'
import { qcow2Check } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { documentsOf } from './documents.ts'

/** Images, each with something that documents tell. */
const DAMAGES: Readonly<Record<string, readonly [damage: string, shape?: string]>> = {
  leak: ['refcount/leak-data'],
  low: ['refcount/zero-l2'],
  table: ['snapshot-table/overwritten-c3'],
  orphans: ['unfinished/both-tables-gone'],
  cross: ['cross-link/data-l2'],
  lost: ['l2/garbage'],
  beyond: ['l2-entry/beyond-end'],
  huge: ['header/size-huge'],
  corrupt: ['feature/corrupt'],
  bitmaps: ['bitmaps/in-use', 'bitmaps-64k'],
  stale: ['bitmaps/directory-garbage', 'bitmaps-512'],
  crypt: ['crypto/pointer-beyond-end', 'luks-64k'],
}

const scratch = new Scratch('qcow2-documents')
beforeAll(async () => {
  await healthy(scratch.path, 'sound')
  await healthy(scratch.path, 'backed', 'backed-64k')
  await healthy(scratch.path, 'names', 'names-64k')
  for (const [name, [damage, shape]] of Object.entries(DAMAGES))
    await damaged(scratch.path, damage, name, shape)
  writeFileSync(scratch.file('raw'), 'a raw disk')
  copyFileSync(scratch.file('low'), scratch.file('low2'))
  mkdirSync(scratch.file('folder'))
  for (const name of ['sound', 'low', 'leak', 'table', 'backed', 'raw'])
    copyFileSync(scratch.file(name), scratch.file(`folder/${name}.qcow2`))
}, 120_000)
afterAll(() => scratch[Symbol.dispose]())

const CHECKED = [...Object.keys(DAMAGES), 'sound', 'backed', 'names']

/** Command lines and how they end; `.` stands for any end that says something of the image. */
const LINES: readonly (readonly [line: string, status: number | '.'])[] = [
  ...CHECKED.flatMap((name) => [
    [`check ${name}`, '.'] as const,
    [`info ${name}`, 0] as const,
    [`plan ${name}`, '.'] as const,
    [`repair -n ${name}`, '.'] as const,
  ]),
  ['check raw', 63],
  ['check nosuch', 64],
  ['check sound raw low', 2],
  ['check --ndjson sound raw low', 2],
  ['check --ndjson nosuch', 64],
  ['check --max-findings 1 table', 2],
  ['check --data sound', 0],
  ['check --chain backed', 0],
  ['check -r all leak', 3],
  ['info raw', 63],
  ['plan raw', 63],
  ['plan low -o plan.json', 2],
  ['repair --plan plan.json low', 0],
  ['repair --plan plan.json low', 5],
  ['repair low2 --undo-file u', 0],
  ['undo -n low2 u', 0],
  ['undo low2 u', 0],
  ['undo low2 raw', 5],
  ['rescue -O raw -o sound.raw sound', 0],
  ['rescue -O raw -o sound.raw sound', 1],
  ['rescue -O qcow2 -o beyond.qcow2 beyond', 2],
  ['rescue -O raw -n -o orphans.raw --snapshot all orphans', '.'],
  ['rescue -O raw -n -o backed.raw backed', 2],
  ['rescue -O raw -n -o x --snapshot nosuch sound', 1],
  ['scan folder', 2],
  ['scan --ndjson folder', 2],
  ['scan --json nosuch', 64],
  ['scan --state state.json folder', 2],
  ['scan --state state.json folder', 2],
  ['map sound -o sound.svg', 0],
  ['map table -o table.json', 0],
  ['map raw -o raw.svg', 63],
  ['reclaim -n sound', 0],
  ['reclaim sound', 0],
  ['reclaim lost', 2],
  ['reclaim raw', 63],
]

test.each(LINES)('%s says what its schema says', (line, status) => {
  const words = line.split(' ')
  const rows = words.includes('--ndjson')
  const ran = qcow2Check([...words, ...(rows ? [] : ['--json'])], { cwd: scratch.path })
  if (status === '.') expect(ran.status, ran.stderr).toBeLessThan(4)
  else expect(ran.status, ran.stderr).toBe(status)
  const documents = documentsOf(ran.stdout)
  const schemas = new Set(documents.map(({ schema }) => schema))
  if (words[0] === 'scan' && rows)
    expect([...schemas]).toEqual(['qcow2-check/scan-image@1', 'qcow2-check/scan-totals@1'])
  else expect([...schemas]).toEqual([`qcow2-check/${words[0]}@1`])
  if (status !== '.' && (status > 3 || status === 1)) expect(documents.at(-1)?.error).toBeDefined()
})
