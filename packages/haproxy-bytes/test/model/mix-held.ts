import { modelFor, type Wire } from '../../src/model/index.ts'
import type { Mix, RequestTruth } from '../live/mix.ts'
import { configOf, factsOf, HTTP_FORMAT, lineReader } from './advised.ts'

/** Kinds whose figures aren't exact, and how wide the bounds may be; of compressed ones nothing but a low is said. */
const OUT_WIDTH: Readonly<Record<string, number>> = {
  http10: 60,
  'http10-keep-alive': 60,
  chunked: Number.POSITIVE_INFINITY,
  trailers: Number.POSITIVE_INFINITY,
  hints: Number.POSITIVE_INFINITY,
  expect: Number.POSITIVE_INFINITY,
  'until-close': Number.POSITIVE_INFINITY,
}
const IN_WIDTH: Readonly<Record<string, number>> = {
  http10: 60,
  'http10-keep-alive': 60,
  'post-chunked': Number.POSITIVE_INFINITY,
}

/** What the model says of each request, by its number. */
export function wiresOf(mix: Mix): Map<number, Wire> {
  const config = configOf(mix.config)
  const read = lineReader(HTTP_FORMAT)
  // No version is given: the fields themselves show what is counted.
  const model = modelFor(undefined)
  return new Map(
    mix.lines.map((line) => {
      const { transfer, fields, text } = read(line)
      const id = Number(/[?]id=(\d+)/.exec(text('r') ?? '')?.[1])
      return [id, model.wire(transfer, fields, factsOf(config, 'fe_mix', transfer.backend))] as const
    }),
  )
}

export const isCompressed = ({ kind, response }: RequestTruth): boolean =>
  kind === 'gzip' && response.fields.some(([name]) => name.toLowerCase() === 'content-encoding')

function hold(figure: Wire['out'] | undefined, truth: number, width: number | undefined): string | undefined {
  if (figure === undefined) return 'no line'
  if (width === undefined) return figure.kind === 'exact' && figure.value === truth ? undefined : 'not exact'
  const { kind, low, high = Number.NaN } = figure
  if (kind !== 'bounded' || !(low <= truth && truth <= high)) return 'outside'
  return high - low <= width ? undefined : 'too wide'
}

/** Requests whose figures don't hold, of those given. */
export function notHeld(truths: readonly RequestTruth[], wires: ReadonlyMap<number, Wire>): object[] {
  return truths.flatMap((truth) => {
    const { kind } = truth
    const unseen = kind === 'client-closes' ? 19 : 0
    const wire = wires.get(truth.id)
    const out = isCompressed(truth)
      ? wire?.out.kind === 'unknown' && wire.out.reason === 'compressed' && wire.out.low <= truth.received
        ? undefined
        : 'compressed'
      : hold(wire?.out, truth.received - unseen, OUT_WIDTH[kind])
    const sent = hold(wire?.in, truth.sent - unseen, IN_WIDTH[kind])
    return out || sent ? [{ truth, wire, out, sent }] : []
  })
}
