import { formatTable } from '@nightshift/tooling/terminal'
import { expect, test } from 'vitest'
import { longTable } from '../../src/report/long-table.ts'

const COLUMNS = [{ heading: 'client' }, { heading: 'bytes', align: 'right' }, { heading: '' }] as const

test.each([
  [[]],
  [[['192.0.2.1', '1', 'exact']]],
  [
    [
      ['192.0.2.1', '1 000', ''],
      ['2001:db8::1', '9', 'unknown'],
      ['-', '123 456 789', ''],
      ['', '', ''],
    ],
  ],
])('the lines are those of a table that is held', (rows) => {
  expect([...longTable(COLUMNS, rows)].join('')).toBe(formatTable(COLUMNS, rows))
})
