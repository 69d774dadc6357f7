import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startRrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'
import { documentsOf } from './documents.ts'

const FILES = 2000

test('a stream that is stopped ends in the totals so far and why', async () => {
  const cwd = scratch()
  const names = Array.from({ length: FILES }, (_, index) => `${index}.rrd`)
  const [old, target] = [wholeFile(), holed()]
  putTree(join(cwd, 'old'), Object.fromEntries(names.map((name) => [name, old])))
  putTree(join(cwd, 'new'), Object.fromEntries(names.map((name) => [name, target])))
  const child = startRrdMerge(['--ndjson', '--jobs', '1', 'old', 'new'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  child.stdout?.once('data', () => child.kill('SIGTERM'))
  const stdout = await text(child.stdout as NodeJS.ReadableStream)
  expect((await ended)[1]).toBe('SIGTERM')

  const documents = documentsOf(stdout)
  const [totals, failure] = documents.splice(-2)
  expect(failure).toMatchObject({ schema: 'rrd-merge/merge@1', error: { code: 'ABORTED' } })
  expect(totals).toMatchObject({ schema: 'rrd-merge/merge-totals@1', totals: { merged: documents.length } })
  expect(documents.length).toBeGreaterThan(0)
  expect(documents.length).toBeLessThan(FILES)
})
