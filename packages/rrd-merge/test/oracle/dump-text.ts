/**
 * The merge as scripts have always done it: on the text of `rrdtool dump`, without any of this package's code.
 */

const ARCHIVE = /<rra>.*?<\/rra>/gs
const ROW = /(<!-- [^>]* \/ (\d+) --> <row>)(.*?)(<\/row>)/g
const VALUE = /<v>(.*?)<\/v>/g

const field = (text: string, tag: string): string =>
  (new RegExp(`<${tag}>\\s*(.*?)\\s*</${tag}>`).exec(text)?.[1] ?? '').trim()

const namesOf = (dump: string): string[] =>
  [...dump.matchAll(/<name>\s*(.*?)\s*<\/name>/g)].map((match) => match[1] as string)

const valuesOf = (row: string): string[] => [...row.matchAll(VALUE)].map((match) => match[1] as string)

const spanOf = (dump: string, archive: string): number =>
  Number(field(dump, 'step')) * Number(field(archive, 'pdp_per_row'))

/** CF, span, row time and data source name of each cell of a dump, with the text of its value. */
export function cellsOf(dump: string): Map<string, string> {
  const names = namesOf(dump)
  const cells = new Map<string, string>()
  for (const [archive] of dump.matchAll(ARCHIVE)) {
    const key = `${field(archive, 'cf')} ${spanOf(dump, archive)}`
    for (const [, , time, row] of archive.matchAll(ROW)) {
      valuesOf(row as string).forEach((value, index) => {
        cells.set(`${key} ${time} ${names[index]}`, value)
      })
    }
  }
  return cells
}

/** NEW's dump with each NaN replaced by the first OLD's known value of the same CF, span, time and name. */
export function editDump(newDump: string, oldDumps: readonly string[]): string {
  const names = namesOf(newDump)
  const olds = oldDumps.map(cellsOf)
  return newDump.replace(ARCHIVE, (archive) => {
    const cf = field(archive, 'cf')
    if (/SEASONAL|FAILURES/.test(cf)) return archive
    const key = `${cf} ${spanOf(newDump, archive)}`
    return archive.replace(ROW, (_, head: string, time: string, row: string, tail: string) => {
      const values = valuesOf(row).map((value, index) => {
        if (value !== 'NaN') return value
        const cell = `${key} ${time} ${names[index]}`
        return (
          olds.map((old) => old.get(cell)).find((known) => known !== undefined && known !== 'NaN') ?? value
        )
      })
      return head + values.map((value) => `<v>${value}</v>`).join('') + tail
    })
  })
}
