import { RrdError } from './error.ts'
import type { FieldReader } from './field-reader.ts'
import type { RpnNode } from './types.ts'
import { Univals } from './univals.ts'

/** rpn_cdefds_t { char op; short val } in the 80 bytes of ds_def.par: 20 nodes, the last one OP_END. */
export const RPN_NODES = 20
export const OP_NUMBER = 0
export const OP_VARIABLE = 1
export const OP_END = 32
export const OP_PREV_OTHER = 36

/** enum op_en of rrd_rpncalc.h by number; checked against files that rrdtool made of each. */
const OPERATORS: ReadonlyArray<string> = [
  ...['', '', 'INF', 'PREV', 'NEGINF', 'UNKN', 'NOW', 'TIME', '+', '%', '-', '*', '/', 'SIN', 'DUP', 'EXC'],
  ...['POP', 'COS', 'LOG', 'EXP', 'LT', 'LE', 'GT', 'GE', 'EQ', 'IF', 'MIN', 'MAX', 'LIMIT', 'FLOOR', 'CEIL'],
  ...['UN', '', 'LTIME', 'NE', 'ISINF', '', 'COUNT', 'ATAN', 'SQRT', 'SORT', 'REV', 'TREND', 'TRENDNAN'],
  ...['ATAN2', 'RAD2DEG', 'DEG2RAD', 'PREDICT', 'PREDICTSIGMA', 'AVG', 'ABS', 'ADDNAN', 'MINNAN', 'MAXNAN'],
  ...[
    'MEDIAN',
    'PREDICTPERC',
    'DEPTH',
    'COPY',
    'ROLL',
    'INDEX',
    'STEPWIDTH',
    'NEWDAY',
    'NEWWEEK',
    'NEWMONTH',
  ],
  ...['NEWYEAR', 'SMIN', 'SMAX', 'STDEV', 'PERCENT', 'POW', 'ROUND'],
]

const OPERATOR_NUMBERS = new Map(OPERATORS.flatMap((name, op) => (name === '' ? [] : [[name, op] as const])))

/** Whether the node's value is the index of a data source. */
export const refersToDataSource = (node: RpnNode): boolean =>
  node.op === OP_VARIABLE || node.op === OP_PREV_OTHER

export const isRpnOperator = (op: number): boolean =>
  op === OP_NUMBER || op === OP_VARIABLE || op === OP_PREV_OTHER || (OPERATORS[op] ?? '') !== ''

/** The nodes before OP_END. */
export const decodeRpn = (reader: FieldReader, offset: number): RpnNode[] => {
  const nodes: RpnNode[] = []
  for (let at = offset; at < offset + 4 * RPN_NODES; at += 4) {
    const op = reader.bytes[at] as number
    if (op === OP_END) break
    nodes.push({ op, value: reader.int16(at + 2) })
  }
  return nodes
}

/**
 * ds_def.par of a COMPUTE data source.
 *
 * @throws RrdError EUSAGE for more than 19 nodes
 */
export const encodeRpn = (nodes: readonly RpnNode[]): Univals => {
  if (nodes.length >= RPN_NODES) {
    throw new RrdError(
      'EUSAGE',
      `an expression of ${nodes.length} nodes: a file holds at most ${RPN_NODES - 1}`,
    )
  }
  const univals = new Univals()
  const view = new DataView(univals.bytes.buffer)
  for (const [i, node] of nodes.entries()) {
    view.setUint8(4 * i, node.op)
    view.setInt16(4 * i + 2, node.value, true)
  }
  view.setUint8(4 * nodes.length, OP_END)
  return univals
}

/**
 * The expression as text, as `rrdtool create` takes it: "a,b,+".
 *
 * @param names data source names in order; an index beyond them is shown as #index
 */
export const formatRpn = (nodes: readonly RpnNode[], names: readonly string[]): string =>
  nodes
    .map(({ op, value }) => {
      if (op === OP_NUMBER) return String(value)
      if (op === OP_VARIABLE) return names[value] ?? `#${value}`
      if (op === OP_PREV_OTHER) return `PREV(${names[value] ?? `#${value}`})`
      return OPERATORS[op] || `?${op}`
    })
    .join(',')

/** Constants are shorts in the file: rrd_rpncalc.c refuses others too. */
const number = (token: string): number | undefined => {
  if (!/^[+-]?\d+(\.0*)?$/.test(token)) return undefined
  const value = Number(token)
  return value >= -32768 && value <= 32767 ? value : undefined
}

/**
 * Parses an expression in rrdtool's order of precedence: numbers, operators, then names of data sources.
 *
 * @throws RrdError EUSAGE naming the part that is neither
 */
export const parseRpn = (text: string, names: readonly string[]): RpnNode[] =>
  text.split(',').map((token) => {
    const value = number(token)
    if (value !== undefined) return { op: OP_NUMBER, value }
    const operator = OPERATOR_NUMBERS.get(token)
    if (operator !== undefined) return { op: operator, value: 0 }
    const previous = /^PREV\((.*)\)$/.exec(token)?.[1]
    const index = names.indexOf(previous ?? token)
    if (index >= 0) return { op: previous === undefined ? OP_VARIABLE : OP_PREV_OTHER, value: index }
    throw new RrdError(
      'EUSAGE',
      `bad expression ${JSON.stringify(text)}: ${JSON.stringify(token)} is no operator, constant or data source`,
      token === '' ? { remedy: 'rrdtool dump leaves PREV(name) out; write it back by hand' } : {},
    )
  })
