import { describe, expect, it } from 'vitest'
import { coverageDocument, coverageOf } from '../../src/coverage/index.ts'
import { image, U } from '../merge/image.ts'
import { faultsOf } from '../schema/documents.ts'

const rras = [{ rows: [U, 1, U, U, 1, U] }, { pdpPerRow: 5, rows: [U, U] }, { cf: 'SEASONAL', rows: [1, U] }]
const document = () =>
  JSON.parse(
    JSON.stringify({
      schema: 'rrd-merge/coverage@1',
      ...coverageDocument([
        { path: 'a.rrd', coverage: coverageOf(image({ rras }), { columns: 12 }) },
        { path: 'b.rrd', coverage: coverageOf(image({ rras }), { columns: 0 }) },
        { path: '\\xff', pathBase64: '/w==', error: { code: 'ENOTRRD', message: 'no RRD' } },
      ]),
    }),
  )

describe('the shipped JSON Schema', () => {
  it('describes the document', () => {
    expect(faultsOf(document())).toEqual([])
  })

  it.each([
    [
      'a field it does not know',
      (json: ReturnType<typeof document>) => (json.files[0].archives[0].extra = 1),
    ],
    ['a share over 1', (json: ReturnType<typeof document>) => (json.files[0].archives[0].share = 1.01)],
    [
      'a file that is neither known nor failed',
      (json: ReturnType<typeof document>) => delete json.files[2].error,
    ],
    [
      'a missing field',
      (json: ReturnType<typeof document>) => delete json.files[0].archives[0].gaps[0].position,
    ],
  ])('refuses %s', (_, change) => {
    const json = document()
    change(json)
    expect(faultsOf(json)).not.toEqual([])
  })
})
