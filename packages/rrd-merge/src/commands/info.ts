import { type CommandContext, type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import { escapeText } from '@nightshift/tooling/terminal'
import { openRrd } from '../file/open-rrd.ts'
import { firstRowTime, lastRowTime, type Rrd, type RrdHeader } from '../format/index.ts'
import { instant } from '../report/instant.ts'
import { errorOfOnly, reportFailure } from './failure-report.ts'
import { presentOperands } from './operands.ts'

/** `rrd-merge info FILE...`: what a file keeps, and how it lies there. */
export async function run(context: CommandContext, operands: readonly string[]): Promise<number> {
  const paths = presentOperands(operands)
  const files: JsonDocument[] = []
  for (const path of paths) {
    context.signal.throwIfAborted()
    try {
      const rrd = await openRrd(path, { signal: context.signal })
      files.push({ ...jsonPath(path), ...infoOf(rrd) })
      if (!context.flags.json) await context.out.write(infoText(fileNameText(path), rrd.header))
    } catch (error) {
      files.push(reportFailure(context, path, error))
    }
  }
  if (context.flags.json) await context.out.json({ files, ...errorOfOnly(files) })
  return files.some((file) => 'error' in file) ? 1 : 0
}

function infoOf({ header, bytes }: Rrd): JsonDocument {
  const { architecture, version, step, lastUpdate, lastUpdateUsec, dataSources, archives, length } = header
  return {
    architecture,
    version,
    step,
    lastUpdate,
    lastUpdateUsec,
    headerSize: length,
    size: bytes.length,
    ds: dataSources.map(({ name, type, heartbeat, minimum, maximum, lastReading }) => ({
      name,
      type,
      heartbeat,
      minimum: known(minimum),
      maximum: known(maximum),
      lastReading,
    })),
    rras: archives.map((archive) => ({
      cf: archive.cf,
      span: archive.span,
      rows: archive.rowCount,
      pdpPerRow: archive.pdpPerRow,
      xff: known(archive.xff),
      from: firstRowTime(archive, header),
      to: lastRowTime(archive, header),
    })),
  }
}

/** JSON has no NaN: an unknown number is null. */
const known = (value: number): number | null => (Number.isNaN(value) ? null : value)

function infoText(path: string, header: RrdHeader): string {
  const { architecture, version, step, lastUpdate, dataSources, archives } = header
  const bound = (value: number): string => (Number.isNaN(value) ? 'U' : String(value))
  const lines = [
    escapeText(path),
    `  version ${String(version).padStart(4, '0')}, ${architecture}, step ${step} s, last update ${instant(lastUpdate)} (${lastUpdate})`,
    ...dataSources.map(
      ({ name, type, heartbeat, minimum, maximum }) =>
        `  DS   ${escapeText(name)}  ${escapeText(type)}  heartbeat ${heartbeat} s  range ${bound(minimum)} to ${bound(maximum)}`,
    ),
    ...archives.map((archive) => {
      const from = instant(firstRowTime(archive, header))
      const to = instant(lastRowTime(archive, header))
      return `  RRA  ${escapeText(archive.cf)}  ${archive.span} s x ${archive.rowCount}  xff ${bound(archive.xff)}  ${from} to ${to}`
    }),
  ]
  return `${lines.join('\n')}\n`
}
