import { type Column, escapeText, formatCount, formatTable } from '@nightshift/tooling/terminal'
import type { Model } from '../model/index.ts'
import type { Explained, ExplainedDirection, Explanation, Step } from '../wire/index.ts'
import { STEP_WORDS } from './step-words.ts'

const COLUMNS: readonly Column[] = [
  { heading: '' },
  { heading: 'bytes', align: 'right' },
  { heading: 'least', align: 'right' },
  { heading: 'most', align: 'right' },
  { heading: '' },
]

const SUMS = new Set(['logged', 'wire', 'socket'])
const WHAT: Readonly<Record<Model['accounting'], string>> = {
  wire: 'bytes as they were read from sockets (up to 1.8, or without HTX)',
  htx: "messages in HAProxy's inner form (2.0 and later)",
  'htx-own-zero': "messages in HAProxy's inner form, and nothing for replies of its own (3.4)",
  swapped: 'the request for %B and the response for %U (3.3.0)',
}

/** A waterfall for each frontend and direction, and for all. */
export function explainText({ frontends, totals }: Explanation, model: Model): string {
  const all =
    frontends.length > 1
      ? [...frontends.map((one) => named(one)), named(totals, 'all')]
      : frontends.map((one) => named(one))
  return `The log counts ${WHAT[model.accounting]}${SOURCE[model.source]}.\n\n${all.join('\n')}`
}

const SOURCE: Readonly<Record<Model['source'], string>> = {
  version: '',
  snapshot: ', by the version of the snapshots',
  lines: ', as its lines show',
  assumed: ', if it is of no older version: --haproxy-version tells',
}

function named({ frontend, requests, out, in: sent }: Explained, name = frontend ?? '-'): string {
  const title = `${escapeText(name)}: ${formatCount(requests)} transfers\n`
  const directions: [string, ExplainedDirection][] = [
    ['to clients', out],
    ...(sent ? [['from clients', sent] as [string, ExplainedDirection]] : []),
  ]
  return title + directions.map(([what, direction]) => table(what, direction)).join('')
}

function table(what: string, { waterfall, counted, wire }: ExplainedDirection): string {
  const rows = waterfall.map(row)
  const measured =
    counted === undefined ? [] : [['  HAProxy itself counted on sockets', formatCount(counted), '', '', '']]
  const assumed = wire.assumes.map(({ code, requests, bytes }) => [
    `  assumed of ${formatCount(requests)} transfers: ${code}`,
    `${formatCount(bytes)} each`,
    '',
    '',
    '',
  ])
  return formatTable([{ heading: what }, ...COLUMNS.slice(1)], [...rows, ...measured, ...assumed])
}

function row({ code, kind, value, low, high }: Step): string[] {
  const sign = (bytes: bigint): string =>
    !SUMS.has(code) && bytes > 0n ? `+${formatCount(bytes)}` : formatCount(bytes)
  const isExact = kind === 'exact'
  return [
    `  ${STEP_WORDS[code]}`,
    value === undefined ? '?' : sign(value),
    isExact ? '' : sign(low),
    isExact ? '' : high === undefined ? '?' : sign(high),
    kind,
  ]
}
