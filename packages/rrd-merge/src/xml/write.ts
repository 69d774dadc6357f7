import { type ArchiveDescription, type DataSourceDescription, describeRrd } from '../format/description.ts'
import { firstRowTime, rowRuns } from '../format/row-time.ts'
import { formatRpn, OP_PREV_OTHER } from '../format/rpn.ts'
import { DS_SLOT, PDP_SLOT, RRA_SLOT } from '../format/slots.ts'
import type { Archive, DataSource, Rrd, RrdHeader } from '../format/types.ts'
import type { Univals } from '../format/univals.ts'
import { parameterElements, prepElements, type SlotElement } from './elements.ts'
import { formatExact, formatRounded } from './number.ts'
import { escapeText } from './text.ts'
import { localTimeFormatter } from './zone/local-time.ts'
import { processZone } from './zone/process-zone.ts'
import type { Zone } from './zone/types.ts'

/** How XML is written. */
export interface WriteXmlOptions {
  /**
   * exact (default): 17 significant digits, every value comes back bit for bit.
   * rrdtool: 11 digits, byte for byte what `rrdtool dump` 1.7.2 prints, what it loses included.
   */
  readonly precision?: 'exact' | 'rrdtool'
  /** Zone of the times in comments; this process's by default. */
  readonly zone?: Zone
}

/** Characters to gather before a chunk is handed on. */
const CHUNK = 1 << 16

interface Style {
  readonly number: (value: number) => string
  readonly time: (time: number) => string
  readonly faithful: boolean
}

/** rrdtool looks whether a value is unknown before it prints one, but not for parameters. */
const parameter = (style: Style, value: number): string =>
  style.faithful && Number.isNaN(value) ? 'nan' : style.number(value)

const cdef = (style: Style, ds: DataSource, names: readonly string[]): string => {
  const nodes = ds.rpn ?? []
  if (!style.faithful) return formatRpn(nodes, names)
  // rpn_compact2str compares OP_PREV_OTHER with OP_VARIABLE and so prints nothing for PREV(name).
  return nodes.map((node) => (node.op === OP_PREV_OTHER ? '' : formatRpn([node], names))).join(',')
}

const head = (header: RrdHeader, style: Style): string =>
  '<?xml version="1.0" encoding="utf-8"?>\n' +
  '<!DOCTYPE rrd SYSTEM "https://oss.oetiker.ch/rrdtool/rrdtool.dtd">\n' +
  '<!-- Round Robin Database Dump -->\n<rrd>\n' +
  `\t<version>000${Math.max(3, header.version)}</version>\n` +
  `\t<step>${header.step}</step> <!-- Seconds -->\n` +
  `\t<lastupdate>${header.lastUpdate}</lastupdate> <!-- ${style.time(header.lastUpdate)} -->\n\n`

const dataSource = (
  ds: DataSource,
  raw: DataSourceDescription,
  names: readonly string[],
  style: Style,
): string => {
  const bounds =
    ds.type === 'COMPUTE'
      ? `\t\t<cdef> ${escapeText(cdef(style, ds, names), 'the expression')} </cdef>\n`
      : `\t\t<minimal_heartbeat>${raw.parameters.countText(DS_SLOT.heartbeat)}</minimal_heartbeat>\n` +
        `\t\t<min>${style.number(ds.minimum)}</min>\n` +
        `\t\t<max>${style.number(ds.maximum)}</max>\n`
  return (
    `\t<ds>\n\t\t<name> ${escapeText(ds.name, 'data source')} </name>\n` +
    `\t\t<type> ${escapeText(ds.type, 'data source type')} </type>\n` +
    bounds +
    `\n\t\t<!-- PDP Status -->\n\t\t<last_ds>${escapeText(ds.lastReading, 'last reading')}</last_ds>\n` +
    `\t\t<value>${style.number(ds.pdpValue)}</value>\n` +
    `\t\t<unknown_sec> ${raw.prep.countText(PDP_SLOT.unknownSeconds)} </unknown_sec>\n\t</ds>\n\n`
  )
}

const slotElement = ({ name, slot, kind }: SlotElement, univals: Univals, text: string): string =>
  `<${name}>${kind === 'count' ? univals.countText(slot) : text}</${name}>\n`

const prep = (raw: ArchiveDescription, univals: Univals, style: Style): string => {
  let out = '\t\t\t<ds>\n'
  for (const element of prepElements(raw.cf)) {
    out += `\t\t\t${slotElement(element, univals, style.number(univals.value(element.slot)))}`
  }
  if (raw.cf === 'FAILURES') {
    const length = Math.min(raw.parameters.count(RRA_SLOT.windowLength), univals.bytes.length)
    const history = Array.from(univals.bytes.subarray(0, length), (byte) => (byte << 24) >> 24)
    out += `\t\t\t<history>${history.join('')}</history>\n`
  }
  return `${out}\t\t\t</ds>\n`
}

const archiveHead = (archive: Archive, raw: ArchiveDescription, version: number, style: Style): string => {
  let out =
    `\t<rra>\n\t\t<cf>${escapeText(archive.cf, 'consolidation function')}</cf>\n` +
    `\t\t<pdp_per_row>${archive.pdpPerRow}</pdp_per_row> <!-- ${archive.span} seconds -->\n\n\t\t<params>\n`
  for (const element of parameterElements(archive.cf, version)) {
    out += `\t\t${slotElement(element, raw.parameters, parameter(style, raw.parameters.value(element.slot)))}`
  }
  return `${out}\t\t</params>\n\t\t<cdp_prep>\n`
}

function* rows(archive: Archive, header: RrdHeader, cells: Float64Array, style: Style): Generator<string> {
  const dsCount = header.dataSources.length
  let out = '\t\t<database>\n'
  let time = firstRowTime(archive, header)
  for (const { start, end } of rowRuns(archive, header)) {
    for (let row = start; row < end; row++) {
      out += `\t\t\t<!-- ${style.time(time)} / ${time} --> <row>`
      for (let d = row * dsCount; d < (row + 1) * dsCount; d++) {
        out += `<v>${style.number(cells[d] as number)}</v>`
        if (out.length > CHUNK) {
          yield out
          out = ''
        }
      }
      out += '</row>\n'
      time += archive.span
    }
  }
  yield `${out}\t\t</database>\n\t</rra>\n`
}

/**
 * The file as the XML of `rrdtool dump`, in pieces, so that memory stays bounded whatever its size.
 *
 * @throws RrdError EXML where a name has bytes that XML cannot hold
 */
export function* writeXml(rrd: Rrd, options: WriteXmlOptions = {}): Generator<string, void, undefined> {
  const faithful = options.precision === 'rrdtool'
  const style: Style = {
    number: faithful ? formatRounded : formatExact,
    time: localTimeFormatter(options.zone ?? processZone()),
    faithful,
  }
  const { header } = rrd
  const description = describeRrd(rrd)
  const names = header.dataSources.map((ds) => ds.name)
  yield head(header, style)
  for (const [d, ds] of header.dataSources.entries()) {
    yield dataSource(ds, description.dataSources[d] as DataSourceDescription, names, style)
  }
  yield '\t<!-- Round Robin Archives -->\n'
  for (const [r, archive] of header.archives.entries()) {
    const raw = description.archives[r] as ArchiveDescription
    yield archiveHead(archive, raw, header.version, style)
    for (const univals of raw.preps) yield prep(raw, univals, style)
    yield '\t\t</cdp_prep>\n'
    yield* rows(archive, header, raw.cells, style)
  }
  yield '</rrd>\n'
}
