import { expect, it } from 'vitest'
import { fuzzHeaders } from './header-fuzz.ts'

it('100000 mutated headers: opened, or refused with a typed error', () => {
  const { opened, refused } = fuzzHeaders(20231114, 100_000)
  // The mutations reach every refusal there is, and do not only break files.
  expect(opened).toBeGreaterThan(10_000)
  for (const code of ['ENOTRRD', 'ETRUNC', 'EVERSION', 'ECORRUPT'] as const) {
    expect(refused[code]).toBeGreaterThan(1000)
  }
})
