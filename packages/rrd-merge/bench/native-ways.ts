import {
  closeSync,
  cpSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from './processes.ts'

/** What operators do today, and what a file system takes at least. Each works on a list of relative paths. */
export interface Ways {
  readonly old: string
  readonly new: string
  readonly out: string
  readonly files: readonly string[]
}

/** `rrdtool dump` of both, the rows joined, `rrdtool restore`: what gocept's script and many others do. */
export function dumpEditRestore({ old, new: newer, out, files }: Ways): void {
  for (const file of files) {
    const merged = joinDumps(
      run('rrdtool', ['dump', join(old, file)]),
      run('rrdtool', ['dump', join(newer, file)]),
    )
    restore(merged, join(out, file))
  }
}

/** The same without looking at a single row: the floor of every way through dump and restore. */
export function dumpRestore({ old, new: newer, out, files }: Ways): void {
  for (const file of files) {
    run('rrdtool', ['dump', join(old, file)])
    restore(run('rrdtool', ['dump', join(newer, file)]), join(out, file))
  }
}

/** `rrdtool create --template NEW --source NEW --source OLD`: rrdtool's own way since 1.5. */
export function createFromSources({ old, new: newer, out, files }: Ways): void {
  for (const file of files) {
    const target = join(out, file)
    mkdirSync(dirname(target), { recursive: true })
    const source = join(newer, file)
    run('rrdtool', ['create', target, '--template', source, '--source', source, '--source', join(old, file)])
  }
}

/** `rrdtool restore` alone, of dumps that lie there: the floor of every tool that writes through rrdtool. */
export function restoreOnly({ out, files }: Ways, dumps: string): void {
  for (const file of files) {
    const target = join(out, file)
    mkdirSync(dirname(target), { recursive: true })
    run('rrdtool', ['restore', '-f', join(dumps, `${file}.xml`), target])
  }
}

/** The device's own floor: the same bytes in the same files, written and synced, and nothing else. */
export function writeAndSync({ new: newer, out, files }: Ways): void {
  for (const file of files) {
    const target = join(out, file)
    mkdirSync(dirname(target), { recursive: true })
    const bytes = readFileSync(join(newer, file))
    const fd = openSync(target, 'w')
    writeSync(fd, bytes)
    fsyncSync(fd)
    closeSync(fd)
  }
}

/**
 * What Node and the file system take at least to replace every file of NEW, with nothing merged, or to write each into a
 * new tree. They differ: a rename over a file
 * makes ext4 write the new one out at once (auto_da_alloc) and free the old one, which `cp -a` into an empty folder
 * is spared.
 */
export function replaceUnmerged(old: string, newer: string, durability: 'none' | 'each', out?: string): void {
  const args = [old, newer, durability, ...(out === undefined ? [] : [out])]
  run(process.execPath, [new URL('floor.mjs', import.meta.url).pathname, ...args])
}

function restore(xml: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  const dump = `${target}.xml`
  writeFileSync(dump, xml)
  run('rrdtool', ['restore', '-f', dump, target])
  rmSync(dump)
}

/** `<!-- 2023-11-14 22:13:00 UTC / 1700000000 --> <row><v>..</v></row>`, row by row. */
const ROW = /^\s*<!-- .* \/ (\d+) --> <row>(.*)<\/row>$/

/** NEW's dump with each NaN replaced by OLD's value of the same archive and time, as plain text. */
function joinDumps(old: string, newer: string): string {
  const known = new Map<string, string[]>()
  let archive = -1
  for (const line of old.split('\n')) {
    if (line.includes('<rra>')) archive++
    const row = ROW.exec(line)
    if (row) known.set(`${archive} ${row[1]}`, values(row[2] as string))
  }
  archive = -1
  const lines = newer.split('\n').map((line) => {
    if (line.includes('<rra>')) archive++
    const row = line.includes('NaN') && ROW.exec(line)
    const other = row && known.get(`${archive} ${row[1]}`)
    if (!row || !other) return line
    const joined = values(row[2] as string).map((value, column) =>
      value === 'NaN' ? (other[column] ?? value) : value,
    )
    return line.replace(/<row>.*<\/row>/, `<row>${joined.map((value) => `<v>${value}</v>`).join('')}</row>`)
  })
  return lines.join('\n')
}

const values = (row: string): string[] =>
  [...row.matchAll(/<v>([^<]*)<\/v>/g)].map((match) => match[1] as string)

/** A fresh copy of a tree, on the device before the clock starts. */
export function freshCopy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, preserveTimestamps: true })
  run('sync', [])
}
