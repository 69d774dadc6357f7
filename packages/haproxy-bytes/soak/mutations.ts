import { isDeepStrictEqual } from 'node:util'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { KNOWN_FORMATS, parseLogFormat } from '../src/log-format/index.ts'
import { SENT_LINES } from '../test/fixtures/lines.ts'
import { ALL_KEYS, AUTO, countFast, countPlain, textOf } from '../test/kernel/counted.ts'
import { Random } from '../test/live/random.ts'

const AT_ONCE = 20_000
/** Bytes that mean something to some step. */
const TELLING = Buffer.from('  """{}|[]/:+--<>~.,#\r\0\t0123456789azAZT\xff', 'latin1')
const KNOWN = new Set<string>(Object.values(KNOWN_FORMATS))
const LINES = SENT_LINES.filter(({ format }) => KNOWN.has(format))
/** From so many lines of a kind on the kernel takes them. */
const OFTEN = 12

/** One to three pieces of a line overwritten, taken out, put twice, or followed by a piece of another line. */
function mutated(base: Buffer, random: Random): Buffer {
  let line = base
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(line.length + 1)
    const to = Math.min(line.length, at + 1 + random.below(6))
    const byte = Buffer.of(TELLING[random.below(TELLING.length)] as number)
    const other = random.pick(LINES).bytes
    const middle = [
      () => [byte, line.subarray(at)],
      () => [byte, line.subarray(at + 1)],
      () => [line.subarray(to)],
      () => [line.subarray(at, to), line.subarray(at)],
      () => [other.subarray(random.below(other.length))],
      () => [],
    ]
    line = Buffer.concat([line.subarray(0, at), ...random.pick(middle)()])
  }
  return line
}

const { seed, goesOn } = beginPart()
const figures = { lines: 0, mutated: 0, transfers: 0, handed: 0 }
const failures: string[] = []
for (let round = 0; goesOn() && failures.length === 0; round++) {
  const random = new Random(seed + round)
  const { bytes, format } = random.pick(LINES)
  // Where most lines are none the kernel leaves them alone: it sees those that are rare.
  const rare = round % 2 === 0 ? 100 : 2
  const isMutated = Array.from({ length: AT_ONCE }, () => random.below(rare) === 0)
  const lines = isMutated.map((one) => (one ? mutated(bytes, random) : bytes))
  const text = [textOf([...new Array<Buffer>(OFTEN).fill(bytes), ...lines])]
  // Alone for speed; among the others what is none of it may be another's.
  const formats = random.below(4) === 0 ? AUTO : [parseLogFormat(format)]
  const counting = { formats, names: ALL_KEYS }
  const [fast, plain] = [countFast(text, counting), countPlain(text, counting)]
  figures.lines += lines.length
  figures.mutated += isMutated.filter((one) => one).length
  figures.handed += fast.handed
  figures.transfers += plain.result.totals.requests
  if (!isDeepStrictEqual(fast.result, plain.result))
    failures.push(`seed ${seed + round}: the kernel's sums are not those of the line reader`)
}
endPart(figures, failures)
