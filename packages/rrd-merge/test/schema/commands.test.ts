import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RunOptions, rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'
import { documentsOf } from './documents.ts'

/** Little endian, 64 bit: a data source called `in` twice, and bytes after the last cell. */
function odd(): Buffer {
  const bytes = Buffer.concat([wholeFile(), Buffer.alloc(3)])
  bytes.write('in\0\0', bytes.indexOf('out\0'), 'latin1')
  return bytes
}

function files(): string {
  const folder = putTree(join(scratch(), 'files'), {
    'a.rrd': wholeFile(),
    'b.rrd': holed(),
    'odd.rrd': odd(),
    'short.rrd': wholeFile().subarray(0, 900),
    'none.rrd': 'no RRD at all',
    'sub/c.rrd': holed(3),
  })
  putTree(join(folder, 'empty'), {})
  return folder
}

const NAMED = (command: string) => `exec "$@" "$(printf '${command}')"`

test.each<[string, number, RunOptions?]>([
  ['info a.rrd b.rrd', 0],
  ['info a.rrd none.rrd short.rrd', 1],
  ['info nosuch', 2],
  ['info', 2],
  ['coverage a.rrd', 0],
  ['coverage b.rrd --svg b.svg --html b.html', 0],
  ['coverage .', 1],
  ['coverage empty', 3],
  ['coverage nosuch', 2],
  ['diff a.rrd a.rrd', 0],
  ['diff a.rrd b.rrd', 1],
  ['diff a.rrd odd.rrd', 1],
  ['diff a.rrd none.rrd', 1],
  ['diff a.rrd nosuch', 2],
  ['convert a.rrd -o out.rrd --arch be32a8', 0],
  ['convert a.rrd -o out.xml --format xml -n', 0],
  ['convert a.rrd', 2],
  ['convert short.rrd -o out.rrd', 1],
  ['convert a.rrd -o /proc/none', 5],
  ['restore b.rrd -o out.rrd -n', 0],
  ['restore b.rrd -o out.rrd', 0],
  ['restore none.rrd -o out.rrd', 1],
  ['dump a.rrd -o out.xml', 0],
  ['dump a.rrd', 2],
  ['dump none.rrd -o out.xml', 1],
  ['dump nosuch -o out.xml', 2],
  ['check a.rrd b.rrd', 0],
  ['check odd.rrd', 1],
  ['check .', 1],
  ['check empty', 3],
  ['check nosuch', 2],
  ['check --ndjson .', 1],
  ['check --ndjson a.rrd', 0],
  ['check --ndjson nosuch', 2],
  ['diff', 1, { within: `cp b.rrd "$(printf 'b\\377')" && ${NAMED('a.rrd')} "$(printf 'b\\377')"` }],
  ['info', 0, { within: `cp b.rrd "$(printf 'b\\377')" && ${NAMED('b\\377')}` }],
])('%s says what its schema says', (line, status, options) => {
  const args = line.split(' ')
  const ran = rrdMerge([...args, ...(args.includes('--ndjson') ? [] : ['--json'])], {
    cwd: files(),
    ...options,
  })
  expect(ran.status, ran.stderr).toBe(status)
  const documents = documentsOf(ran.stdout)
  const expected = `rrd-merge/${args[0]}@1`
  if (!args.includes('--ndjson')) expect(documents.map(({ schema }) => schema)).toEqual([expected])
  else expect(documents.at(-1)?.schema).toBe(status === 2 ? expected : 'rrd-merge/check-totals@1')
  if (status === 2) expect(documents.at(-1)?.error).toBeDefined()
})
