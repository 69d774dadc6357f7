import { expect, test } from 'vitest'
import { addCounts, countReport, countsLine, type VitestReport } from '../../../checks/suite/counts.ts'

const passed = { fullName: 'holds', status: 'passed' }

const GREEN: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [passed, passed, passed] }],
}

test.each<[string, Partial<VitestReport>, number]>([
  ['all passed', {}, 0],
  ['a failed test', { numFailedTests: 2, success: false }, 2],
  ['a skipped test', { numPendingTests: 1 }, 1],
  ['a planned test', { numTodoTests: 1 }, 1],
  [
    'a file that broke before its tests',
    { success: false, testResults: [{ name: 'b.test.ts', status: 'failed', assertionResults: [] }] },
    1,
  ],
  ['an error outside of any test', { success: false }, 1],
])('%s', (_, change, failed) => {
  expect(countReport({ ...GREEN, ...change })).toEqual({ passed: 3, failed })
})

test('counts add up to one line', () => {
  const total = addCounts([
    { passed: 1, failed: 0 },
    { passed: 2, failed: 4 },
  ])
  expect(countsLine(total)).toBe('3 passed, 4 failed')
})
