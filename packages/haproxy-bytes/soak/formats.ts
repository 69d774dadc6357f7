import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { COUNTED } from '../src/transfer/line-reader.ts'
import { type ProxyReader, readersOf, wrongFields, wrongValues } from '../test/live/random-formats/held.ts'
import type { Logged } from '../test/live/random-formats/logged.ts'
import { cuts, type Damage, flips, ownCut } from '../test/live/random-formats/mutated.ts'
import { hasTwoReadings } from '../test/live/random-formats/other-readings.ts'
import { runRandomFormats } from '../test/live/random-formats/run.ts'

const WANTED = 2000
const AT_ONCE = 200
const REQUESTS = 6

const { seed, goesOn } = beginPart()
const figures = { formats: 0, lines: 0, tls: 0, early: 0, ownCuts: 0, damaged: 0, hidden: 0, ambiguous: 0 }
const failures: string[] = []

function look(logged: Logged, reader: ProxyReader, damages: readonly Damage[]): void {
  const tell = (what: string): void => {
    failures.push(`${what}\n${reader.format.text}\n${logged.line.toString('latin1')}`)
  }
  for (const { lines, hidden, faults } of damages) {
    figures.damaged += lines
    figures.hidden += hidden
    for (const fault of faults) tell(fault)
  }
}

async function round(number: number): Promise<void> {
  const run = await runRandomFormats(AT_ONCE, REQUESTS, seed + number)
  const readers = readersOf(run)
  const readerOf = ({ proxy }: Logged): ProxyReader => readers.get(proxy.name) as ProxyReader
  figures.formats += run.proxies.length
  figures.lines += run.logged.length
  for (const logged of run.logged) {
    const reader = readerOf(logged)
    if (logged.plain.ft?.endsWith('~')) figures.tls++
    if (logged.plain.B?.startsWith('+')) figures.early++
    const faults = [...wrongFields(reader, logged), ...wrongValues(reader, logged)]
    const { kind } = reader.reader.read(logged.line, 0, logged.line.length)
    if (kind === 'ambiguous') figures.ambiguous++
    if (kind !== 'transfer' && kind !== 'no-bytes' && !hasTwoReadings(logged, COUNTED)) faults.push(kind)
    look(logged, reader, [{ lines: 0, hidden: 0, faults }, cuts(reader, logged), flips(reader, logged, seed)])
  }
  figures.ownCuts += run.cut.length
  for (const logged of run.cut) look(logged, readerOf(logged), [ownCut(readerOf(logged), logged)])
}

try {
  for (let number = 0; figures.formats < WANTED && goesOn(); number++) await round(number)
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error))
}
endPart({ ...figures, whole: figures.formats >= WANTED }, failures)
