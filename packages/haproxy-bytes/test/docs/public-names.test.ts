import { join } from 'node:path'
import { expect, test } from 'vitest'
import { undocumentedNames } from '../../../../tooling/checks/documents/public-names.ts'

test.each(['index.ts'])('every public name of %s is documented', (entry) => {
  expect(undocumentedNames(join(import.meta.dirname, '../../src', entry))).toEqual([])
})
