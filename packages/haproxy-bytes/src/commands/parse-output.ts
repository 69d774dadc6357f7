import type { CommandContext } from '@nightshift/tooling/command-line'
import { documentValue } from '@nightshift/tooling/command-line'
import { escapeText } from '@nightshift/tooling/terminal'
import { LogClock, type Zone } from '../clock/index.ts'
import { csvRow } from '../report/csv.ts'
import { transferCells, transferCsv, transferRow, transferTable } from '../report/transfer-rows.ts'
import type { LogLine } from '../scan/index.ts'
import type { Transfer } from '../transfer/index.ts'

/** Takes transfers, and writes them when it is asked to: between two times it keeps what one chunk of a log holds. */
export interface TransferWriter {
  begin(): Promise<void>
  add(transfer: Transfer, line: LogLine): void
  flush(): Promise<void>
  /** @param rest members of the JSON document beside the rows */
  end(rest: Readonly<Record<string, unknown>>): Promise<void>
}

type Output = CommandContext['out']
const nothing = async (): Promise<void> => {}

/** Text that is gathered, and written in one go. */
function gathered(out: Output, textOf: (transfer: Transfer, line: LogLine) => string) {
  let text = ''
  return {
    add(transfer: Transfer, line: LogLine): void {
      text += textOf(transfer, line)
    },
    async flush(): Promise<void> {
      const ready = text
      text = ''
      if (ready !== '') await out.write(ready)
    },
  }
}

/** The very bytes of lines; to a terminal what it would obey is shown as escapes. */
export function rawWriter({ out, stdout }: CommandContext): TransferWriter {
  if (stdout.isTerminal) {
    const text = ({ bytes, from, to }: LogLine): string =>
      `${escapeText(Buffer.from(bytes.subarray(from, to)).toString())}\n`
    return { begin: nothing, ...gathered(out, (_, line) => text(line)), end: nothing }
  }
  const parts: Uint8Array[] = []
  return {
    begin: nothing,
    add: (_, { bytes, from, to }) => void parts.push(bytes.slice(from, to), LINE_FEED),
    async flush() {
      if (parts.length > 0) await out.write(Buffer.concat(parts.splice(0)))
    },
    end: nothing,
  }
}

const LINE_FEED = Uint8Array.of(0x0a)

export function csvWriter({ out }: CommandContext, names: readonly string[]): TransferWriter {
  return {
    begin: () => out.write(csvRow(names)),
    ...gathered(out, (_, line) => transferCsv(names, line.fields())),
    end: nothing,
  }
}

export function ndjsonWriter({ out }: CommandContext): TransferWriter {
  const row = (line: LogLine): string => `${JSON.stringify(transferRow(line.fields()), documentValue)}\n`
  return { begin: nothing, ...gathered(out, (_, line) => row(line)), end: nothing }
}

/** One document, written as it comes: its rows may be more than fit in memory. */
export function jsonWriter({ out, tool }: CommandContext): TransferWriter {
  // Not begun before there is a row: a run that fails at once tells its error in a document of its own.
  const head = `{"schema":"${tool}/parse@1","rows":[`
  let before = head
  const row = (line: LogLine): string => {
    const text = `${before}${JSON.stringify(transferRow(line.fields()), documentValue)}`
    before = ',\n'
    return text
  }
  return {
    begin: nothing,
    ...gathered(out, (_, line) => row(line)),
    end: (rest) =>
      out.write(`${before === head ? head : ''}],${JSON.stringify(rest, documentValue).slice(1)}\n`),
  }
}

/** A table for people, aligned piece by piece. */
export function tableWriter({ out }: CommandContext, zone: Zone): TransferWriter {
  const clock = new LogClock(zone, Date.now())
  const rows: string[][] = []
  let isFirst = true
  return {
    begin: nothing,
    add: (transfer, line) =>
      void rows.push(transferCells(transfer, line.fields(), (instant) => clock.localTime(instant))),
    async flush() {
      if (rows.length === 0) return
      await out.write(transferTable(rows.splice(0), isFirst))
      isFirst = false
    },
    end: nothing,
  }
}
