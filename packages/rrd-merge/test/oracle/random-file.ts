import fc from 'fast-check'

/** What `rrdtool create` and `rrdtool update` are told. */
export interface RandomFile {
  readonly step: number
  readonly start: number
  readonly ds: readonly string[]
  readonly rra: readonly string[]
  readonly updates: readonly string[]
}

const TYPES = ['GAUGE', 'COUNTER', 'DERIVE', 'ABSOLUTE', 'DCOUNTER', 'DDERIVE']
const EXPRESSIONS = ['d0,8,*', 'd0,UN,0,d0,IF', 'd0,d0,+,2,/', 'd0,DUP,EXC,-', 'd0,-100,100,LIMIT']
const START = 1_700_000_000

const dataSource = (step: number) =>
  fc
    .record({
      type: fc.constantFrom(...TYPES),
      heartbeat: fc.constantFrom(step, 2 * step, 10 * step),
      minimum: fc.constantFrom('U', '0', '-12.5', '1e-3'),
      maximum: fc.constantFrom('U', '1e9', '12345678.9'),
    })
    .map(({ type, heartbeat, minimum, maximum }) => `${type}:${heartbeat}:${minimum}:${maximum}`)

const plainArchive = fc
  .record({
    cf: fc.constantFrom('AVERAGE', 'MIN', 'MAX', 'LAST'),
    xff: fc.constantFrom('0', '0.5', '0.999'),
    pdp: fc.constantFrom(1, 2, 5, 12),
    rows: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ cf, xff, pdp, rows }) => `RRA:${cf}:${xff}:${pdp}:${rows}`)

/** None; one that brings its five along; the explicit five, with version 4's smoothing window. */
const holtWinters = (first: number): fc.Arbitrary<readonly string[]> =>
  fc.constantFrom(
    [],
    [],
    ['RRA:HWPREDICT:30:0.1:0.0035:10'],
    ['RRA:MHWPREDICT:30:0.2:0.01:7'],
    [
      `RRA:HWPREDICT:30:0.1:0.0035:8:${first + 2}`,
      `RRA:SEASONAL:8:0.3:${first + 1}:smoothing-window=0.25`,
      `RRA:DEVSEASONAL:8:0.1:${first + 1}:smoothing-window=0.5`,
      `RRA:DEVPREDICT:30:${first + 3}`,
      `RRA:FAILURES:20:3:14:${first + 3}`,
    ],
  )

const reading = (type: string) =>
  type.startsWith('COUNTER') || type.startsWith('DERIVE')
    ? fc.oneof(
        { arbitrary: fc.nat({ max: 2 ** 31 }).map(String), weight: 9 },
        { arbitrary: fc.constant('U'), weight: 1 },
      )
    : fc.oneof(
        { arbitrary: fc.double({ min: -1e12, max: 1e12, noNaN: true }).map((n) => n.toFixed(6)), weight: 8 },
        { arbitrary: fc.integer({ min: -1000, max: 1000 }).map(String), weight: 2 },
        { arbitrary: fc.constant('U'), weight: 1 },
      )

/** Steps on and off the grid, fractions of a second, and gaps longer than a heartbeat. */
const gap = (step: number) =>
  fc.oneof(
    { arbitrary: fc.constant(step), weight: 6 },
    { arbitrary: fc.integer({ min: 1, max: 3 * step }), weight: 3 },
    { arbitrary: fc.integer({ min: 1, max: 2000 }).map((n) => 1 + n / 1000), weight: 1 },
    { arbitrary: fc.integer({ min: 10, max: 60 }).map((n) => n * step), weight: 1 },
  )

export const randomFile: fc.Arbitrary<RandomFile> = fc
  .constantFrom(1, 10, 60, 300)
  .chain((step) =>
    fc.record({
      step: fc.constant(step),
      types: fc.array(dataSource(step), { minLength: 1, maxLength: 4 }),
      computed: fc.subarray(EXPRESSIONS),
      plain: fc.array(plainArchive, { minLength: 1, maxLength: 4 }),
    }),
  )
  .chain(({ step, types, computed, plain }) =>
    fc
      .record({
        holtWinters: holtWinters(plain.length),
        updates: fc.array(fc.tuple(gap(step), fc.tuple(...types.map(reading))), { maxLength: 60 }),
      })
      .map((rest) => {
        let time = START
        return {
          step,
          start: START,
          ds: [
            ...types.map((type, i) => `DS:d${i}:${type}`),
            ...computed.map((expression, i) => `DS:c${i}:COMPUTE:${expression}`),
          ],
          rra: [...plain, ...rest.holtWinters],
          updates: rest.updates.map(([seconds, values]) => {
            time = Math.round((time + seconds) * 1000) / 1000
            return [time, ...values].join(':')
          }),
        }
      }),
  )
