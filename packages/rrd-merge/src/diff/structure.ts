import type { Archive, DataSource, RrdHeader } from '../format/index.ts'

/** Something but values that two files differ in. `a` or `b` is absent where that file has no such part. */
export interface StructureDifference {
  readonly code: 'step' | 'last-update' | 'data-source' | 'archive'
  /** What it is about: a data source's name, an archive's CF and span. */
  readonly what: string
  readonly a?: string
  readonly b?: string
}

/** How two headers differ in what they keep, not in how it lies in the file: architecture and version may differ. */
export function structureDifferences(a: RrdHeader, b: RrdHeader): StructureDifference[] {
  return [
    ...differing('step', 'step', `${a.step} s`, `${b.step} s`),
    ...differing('last-update', 'last update', String(a.lastUpdate), String(b.lastUpdate)),
    ...partsDiffering('data-source', a.dataSources, b.dataSources, ({ name }) => name, dataSourceText),
    ...partsDiffering('archive', a.archives, b.archives, ({ cf, span }) => `${cf} ${span} s`, archiveText),
  ]
}

const dataSourceText = ({ type, heartbeat, minimum, maximum }: DataSource): string =>
  `${type}, heartbeat ${heartbeat} s, minimum ${minimum}, maximum ${maximum}`

const archiveText = ({ rowCount, xff }: Archive): string => `${rowCount} rows, xff ${xff}`

function differing(
  code: StructureDifference['code'],
  what: string,
  a: string,
  b: string,
): StructureDifference[] {
  return a === b ? [] : [{ code, what, a, b }]
}

/** Parts by name; the n-th of several of one name belongs to the n-th. */
function partsDiffering<Part>(
  code: StructureDifference['code'],
  a: readonly Part[],
  b: readonly Part[],
  name: (part: Part) => string,
  text: (part: Part) => string,
): StructureDifference[] {
  const left = [...b]
  const differences: StructureDifference[] = []
  for (const part of a) {
    const at = left.findIndex((other) => name(other) === name(part))
    const [other] = at < 0 ? [] : left.splice(at, 1)
    if (other === undefined) differences.push({ code, what: name(part), a: text(part) })
    else differences.push(...differing(code, name(part), text(part), text(other)))
  }
  return [...differences, ...left.map((part) => ({ code, what: name(part), b: text(part) }))]
}
