import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { haproxyBytes } from '../support/cli.ts'
import { Scratch } from '../support/scratch.ts'
import { documentsOf } from './documents.ts'

const scratch = new Scratch()
const run = (line: string) => haproxyBytes(line.split(' '), { cwd: scratch.path })
beforeAll(() => {
  cpSync(join(import.meta.dirname, '../readme/recorded'), scratch.path, { recursive: true })
  writeFileSync(scratch.file('part'), run('haproxy.log --config haproxy.cfg --by server --partial').stdout)
  writeFileSync(scratch.file('rubbish'), 'no line\n')
})
afterAll(() => scratch[Symbol.dispose]())

const HELD = 'haproxy.log --config haproxy.cfg --before before --after after'

test.each([
  ['total haproxy.log --config haproxy.cfg --by frontend,hour --json', 0],
  ['total haproxy.log --config haproxy.cfg --ndjson', 0],
  ['total rubbish --json', 3],
  ['total nosuch --json', 6],
  ['total nosuch --ndjson', 6],
  ['merge part part --json', 0],
  ['merge part --ndjson', 0],
  ['merge haproxy.log --json', 6],
  ['parse haproxy.log --config haproxy.cfg --json', 0],
  ['parse nosuch --json', 6],
  [`explain ${HELD} --json`, 0],
  [`reconcile ${HELD} --wire received.csv --json`, 0],
  ['reconcile haproxy.log --json', 2],
  [`lost ${HELD} --json`, 0],
  ['lost nosuch --json', 6],
  [`chart ${HELD} -o gap.svg --json`, 0],
  [`chart ${HELD} --kind waterfall -o wire.html --json`, 0],
  ['chart haproxy.log --config haproxy.cfg -o gap.html --json', 0],
  ['chart rubbish -o none.svg --json', 3],
  ['chart nosuch -o none.svg --json', 6],
  ['chart haproxy.log -o none.png --json', 2],
  ['advise haproxy.cfg --json', 0],
  ['snapshot --socket nosuch -o file --json', 6],
])('%s says what its schema says', (line, status) => {
  const { stdout, stderr, ...ran } = run(line)
  expect(ran.status, stderr).toBe(status)
  // One document may be of several lines.
  const documents = documentsOf(line.endsWith('--json') ? JSON.stringify(JSON.parse(stdout)) : stdout)
  const [command = ''] = line.split(' ')
  for (const { schema } of documents)
    expect(schema.startsWith(`haproxy-bytes/${command}`) || line.startsWith('merge')).toBe(true)
  if (status === 2 || status === 6) expect(documents.at(-1)?.error).toBeDefined()
})
