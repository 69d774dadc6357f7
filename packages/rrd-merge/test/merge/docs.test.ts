import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { MERGE_WARNING_CODES } from '../../src/merge/index.ts'

it("docs/merging.md explains each warning, and none that there isn't", async () => {
  const text = await readFile(new URL('../../docs/merging.md', import.meta.url), 'utf8')
  const explained = [...text.matchAll(/^### `(.*)`$/gm)].map(([, code]) => code)
  expect(explained.toSorted()).toEqual([...MERGE_WARNING_CODES].toSorted())
})
