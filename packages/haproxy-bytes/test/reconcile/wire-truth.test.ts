import { expect, test } from 'vitest'
import { parseWireTruth, WireTruthError } from '../../src/reconcile/index.ts'

const web = { frontend: 'web', bytesOut: 12n }

test.each<[string, string, object[]]>([
  ['CSV', 'frontend,bytesOut\nweb,12\n', [web]],
  [
    'CSV with bytes in',
    'frontend,bytesOut,bytesIn\nweb,12,3\napi,4,',
    [
      { ...web, bytesIn: 3n },
      { frontend: 'api', bytesOut: 4n },
    ],
  ],
  [
    'columns in another order, and more of them',
    'bytesIn,test,frontend,bytesOut\r\n3,"a, b",web,12\r\n',
    [{ ...web, bytesIn: 3n }],
  ],
  [
    'a byte order mark, quotes, empty lines',
    '\uFEFFfrontend,bytesOut\n\n"w""x",12\n\n',
    [{ ...web, frontend: 'w"x' }],
  ],
  [
    'NDJSON',
    '{"frontend":"web","bytesOut":12}\n{"frontend":"b","bytesOut":"9007199254740993","bytesIn":null}\n',
    [web, { frontend: 'b', bytesOut: 9007199254740993n }],
  ],
])('%s', (_, text, truths) => {
  expect(parseWireTruth(text)).toEqual(truths)
})

test.each<[string, string, string, number]>([
  ['nothing', '', 'empty', 1],
  ['a header alone', 'frontend,bytesOut\n', 'empty', 2],
  ['no header', 'web,12\n', 'no-header', 1],
  ['a number that is none', 'frontend,bytesOut\nweb,1e3\n', 'bad-row', 2],
  ['less than nothing', 'frontend,bytesOut\nweb,-1\n', 'bad-row', 2],
  ['a cell too few', 'frontend,bytesOut\nweb\n', 'bad-row', 2],
  ['a number that JSON has rounded', '{"frontend":"web","bytesOut":9007199254740993}', 'bad-row', 1],
  ['JSON that is none', '{"frontend":"web","bytesOut":1}\n{"frontend"', 'bad-row', 2],
  ['a frontend twice', 'frontend,bytesOut\nweb,1\nweb,1\n', 'repeated', 3],
])('%s is refused', (_, text, code, line) => {
  expect(() => parseWireTruth(text)).toThrow(expect.objectContaining({ code, line }))
  expect(() => parseWireTruth(text)).toThrow(WireTruthError)
})
