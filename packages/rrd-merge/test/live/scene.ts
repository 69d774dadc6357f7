import { fsyncSync, linkSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { physicalRow } from '../../src/format/index.ts'
import { LiveFile, type LiveOptions, type Replacement } from '../../src/live/index.ts'
import { createRrd, START, STEP, temporaryFolder, update } from './rrd-files.ts'

/** What a test does to the file while it is being replaced. */
export interface Interference {
  /** The replacement is written and not yet renamed. */
  readonly staged?: () => void
  /** Just before the rename, after the last look. */
  readonly beforeRename?: () => void
  readonly afterRename?: () => void
}

export interface Scene {
  readonly folder: string
  readonly target: string
  /** A second name of the file that is replaced: an updater that opened it before the rename. */
  readonly former: string
  readonly live: LiveFile
  /** Renames that happened. */
  readonly renames: () => number
  /** Stages with the first stage's interference. */
  readonly stage: (interference?: Interference) => (image: Uint8Array) => Replacement
}

export const scene = (options: LiveOptions = {}, shape?: readonly string[]): Scene => {
  const folder = temporaryFolder()
  const target = createRrd(join(folder, 'new.rrd'), shape)
  update(target, 10)
  update(target, 11)
  const former = join(folder, 'former')
  linkSync(target, former)
  let renames = 0
  const stage = (interference: Interference = {}) => {
    let once: Interference = interference
    return (image: Uint8Array): Replacement => {
      const temporary = join(folder, 'temporary')
      const fd = openSync(temporary, 'wx+')
      writeSync(fd, image)
      const { staged, beforeRename, afterRename } = once
      once = {}
      staged?.()
      return {
        fd,
        commit: () => {
          beforeRename?.()
          renameSync(temporary, target)
          renames += 1
          afterRename?.()
        },
        sync: () => fsyncSync(fd),
        discard: () => unlinkSync(temporary),
      }
    }
  }
  const live = new LiveFile(openSync(target, 'r'), target, { target, ...options })
  return { folder, target, former, live, stage, renames: () => renames }
}

/** What a merge does to an image: the row of update 3 becomes known. */
export const MERGED = 333
const merge = (image: Uint8Array, live: LiveFile): Uint8Array => {
  const archive = live.header.archives[0] as LiveFile['header']['archives'][number]
  const row = physicalRow(archive, live.header, START + 3 * STEP)
  new DataView(image.buffer).setFloat64(
    archive.offset + row * 8 * live.header.dataSources.length,
    MERGED,
    true,
  )
  return image
}

export const readAndMerge = async (live: LiveFile): Promise<Uint8Array> =>
  merge(await live.read((size) => new Uint8Array(size)), live)
