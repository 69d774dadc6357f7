import fs from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathOfText, textOfBytes } from '@nightshift/tooling/terminal'
import { Qcow2Error } from '../errors.ts'
import type { Image } from '../image/image.ts'
import type { BlockSource } from '../source/index.ts'

/** A file that a rescue reads or may need, by what no link can disguise. */
interface ProtectedFile {
  readonly name: string
  readonly dev: number
  readonly ino: number
}

/** The files that no output may replace: the image, its data file, its chain, opened or not. */
export class ProtectedFiles {
  readonly #files: ProtectedFile[]
  /** Permission bits that all of them have. */
  readonly mode: number

  constructor(image: Image, members: readonly BlockSource[]) {
    const opened = [image.source, ...(image.dataFile ? [image.dataFile] : []), ...members]
    const files: ProtectedFile[] = []
    let mode = 0o666
    for (const source of opened) {
      const stats = statOf(source)
      // What is no file (memory, another kind of source) has no mode: then nobody else may read the result.
      mode &= stats?.mode ?? 0o600
      if (stats) files.push({ name: source.name, dev: stats.dev, ino: stats.ino })
    }
    // Names that stand in the image are not opened, only looked at.
    const backing = image.backingFile && textOfBytes(image.backingFile.bytes)
    for (const name of [backing, image.dataFileName]) {
      const path = name === undefined ? undefined : localPath(image.source.name, name)
      const stats = path === undefined ? undefined : quietStat(path)
      if (path !== undefined && stats) files.push({ name: path, dev: stats.dev, ino: stats.ino })
    }
    this.#files = files
    this.mode = mode
  }

  /** Files that were written meanwhile. */
  add(paths: readonly string[]): void {
    for (const name of paths) {
      const stats = quietStat(name)
      if (stats) this.#files.push({ name, dev: stats.dev, ino: stats.ino })
    }
  }

  /** @throws Qcow2Error `refused` */
  assertNone(path: string, stats: fs.Stats | undefined): void {
    if (!stats) return
    const same = this.#files.find(({ dev, ino }) => dev === stats.dev && ino === stats.ino)
    if (same) {
      const why = `is ${same.name}, which this rescue reads or has written`
      throw new Qcow2Error('refused', path, why, { remedy: 'give another output' })
    }
  }
}

function statOf(source: BlockSource): fs.Stats | undefined {
  const { fd } = source as { readonly fd?: unknown }
  return typeof fd === 'number' ? fs.fstatSync(fd) : quietStat(source.name)
}

function quietStat(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(pathOfText(path), { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** A name as QEMU resolves it: beside the image, unless absolute; a protocol is no file. */
function localPath(image: string, name: string): string | undefined {
  const local = name.startsWith('file:') ? name.slice(5) : name
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(local) || local.includes('\0')
    ? undefined
    : resolve(dirname(image), local)
}
