import {
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { physicalRow } from '../../src/format/index.ts'
import { LiveFile, type LiveOptions, type Replacement } from '../../src/live/index.ts'
import {
  createRrd,
  knownRows,
  lockFile,
  openRrd,
  rrdtool,
  START,
  STEP,
  temporaryFolder,
  update,
} from './rrd-files.ts'

/** What a test does to the file while it is being replaced. */
interface Interference {
  /** The replacement is written and not yet renamed. */
  readonly staged?: () => void
  /** Just before the rename, after the last look. */
  readonly beforeRename?: () => void
  readonly afterRename?: () => void
}

interface Scene {
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

const scene = (options: LiveOptions = {}, shape?: readonly string[]): Scene => {
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
        discard: () => unlinkSync(temporary),
      }
    }
  }
  const live = new LiveFile(openSync(target, 'r'), target, { target, ...options })
  return { folder, target, former, live, stage, renames: () => renames }
}

/** What a merge does to an image: the row of update 3 becomes known. */
const MERGED = 333
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

const readAndMerge = async (live: LiveFile): Promise<Uint8Array> =>
  merge(await live.read((size) => new Uint8Array(size)), live)

describe('a file nobody updates', () => {
  test('is read, replaced, and nothing is reported', async () => {
    const { folder, target, live, stage } = scene()
    const image = await readAndMerge(live)
    expect(live.unchanged()).toBe(true)
    expect(await live.replace(image, stage())).toEqual({ status: 'replaced' })
    expect(await live.finish()).toBeUndefined()
    live.close()
    expect(readFileSync(target)).toEqual(Buffer.from(image))
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11 })
    expect(readdirSync(folder).sort()).toEqual(['former', 'new.rrd'])
  })
})

describe('an update while it is replaced', () => {
  test('between read and rename is copied, and the file goes on as if it had not been replaced', async () => {
    const { target, former, live, stage } = scene({}, [
      'DS:a:COUNTER:600:U:U',
      'RRA:AVERAGE:0.5:1:50',
      'RRA:MAX:0.5:5:9',
    ])
    const seen: boolean[] = []
    // The first read was not checked against the locks: it is asked to be done again.
    const replaced = async (): Promise<string> => {
      const image = await readAndMerge(live)
      const outcome = await live.replace(
        image,
        stage({
          staged: () => {
            update(former, 12 + seen.length)
            seen.push(live.unchanged())
          },
        }),
      )
      return outcome.status
    }
    expect(await replaced()).toBe('again')
    expect(await replaced()).toBe('replaced')
    expect(seen).toEqual([false, false])
    live.close()
    for (const file of [target, former]) update(file, 14)
    const { 3: filled, ...rows } = knownRows(target)
    expect(filled).toBe(MERGED)
    expect(rows).toEqual(knownRows(former))
    expect(rrdtool('info', target).replace('new.rrd', 'former')).toBe(rrdtool('info', former))
  })

  test('that another layout cannot take makes it start again, with nothing renamed', async () => {
    const { target, former, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    const outcome = await live.replace(image, stage({ staged: () => update(former, 12) }), {
      sameLayout: false,
    })
    expect(outcome).toEqual({ status: 'again' })
    expect(renames()).toBe(0)
    expect(knownRows(target)).toEqual({ 11: 11, 12: 12 })
    live.close()
  })

  test('late, on the replaced file, is brought over by a redo', async () => {
    const { target, former, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    const outcome = await live.replace(image, stage({ afterRename: () => update(former, 12) }))
    expect(outcome).toEqual({ status: 'replaced' })
    expect(renames()).toBe(2)
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11, 12: 12 })
    for (const file of [target, former]) update(file, 13)
    expect(rrdtool('info', target).replace('new.rrd', 'former')).toBe(rrdtool('info', former))
  })

  test('late, found by the last look only, is brought over without the image', async () => {
    const { target, former, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    expect(await live.replace(image, stage())).toEqual({ status: 'replaced' })
    image.fill(0)
    update(former, 12)
    expect(await live.finish()).toBeUndefined()
    expect(renames()).toBe(2)
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11, 12: 12 })
  })

  test('late, while the new file got the next one, is put in row by row and reported', async () => {
    const { target, former, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    const both = (): void => {
      update(former, 12)
      update(target, 13)
    }
    const outcome = await live.replace(image, stage({ afterRename: both }))
    const row = (n: number): number => START + n * STEP
    expect(outcome).toMatchObject({
      status: 'replaced',
      late: { code: 'late-writer', path: target, recovered: true },
    })
    expect(outcome.status === 'replaced' && outcome.late?.rows[0]).toEqual({
      cf: 'AVERAGE',
      span: STEP,
      from: row(12),
      to: row(13),
    })
    expect(await live.finish()).toBeUndefined()
    expect(renames()).toBe(1)
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11, 12: 12, 13: 13 })
    expect(openRrd(target).header.lastUpdate).toBe(row(13))
  })

  test('late, with the redo itself met by a late update, loses neither', async () => {
    const { folder, target, former, live, stage } = scene()
    const image = await readAndMerge(live)
    const second = join(folder, 'second')
    let redone = false
    const first = stage({
      afterRename: () => {
        linkSync(target, second)
        update(former, 12)
      },
    })
    const outcome = await live.replace(image, (bytes) => {
      const replacement = first(bytes)
      return {
        ...replacement,
        commit: () => {
          const isRedo =
            !redone && fstatSync(replacement.fd).nlink === 1 && readdirSync(folder).includes('second')
          replacement.commit()
          if (isRedo) {
            redone = true
            update(second, 13)
          }
        },
      }
    })
    live.close()
    expect(redone).toBe(true)
    expect(outcome).toMatchObject({ status: 'replaced', late: { code: 'late-writer', path: target } })
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11, 12: 12, 13: 13 })
  })

  test('late, with another layout, is reported as lost', async () => {
    const { former, target, live, stage } = scene()
    const image = await readAndMerge(live)
    const outcome = await live.replace(image, stage({ afterRename: () => update(former, 12) }), {
      sameLayout: false,
    })
    expect(outcome).toMatchObject({ late: { path: target, recovered: false } })
    live.close()
  })
})

describe('locks', () => {
  test('a writer that holds the lock and has yet to write is waited for', async () => {
    const { target, former, live, stage } = scene()
    const image = await readAndMerge(live)
    const locker = await lockFile(former, 'posix', 'write')
    const replaced = live.replace(image, stage())
    await new Promise((later) => setTimeout(later, 30))
    expect(statSync(target).ino).toBe(statSync(former).ino)
    await locker.release()
    expect(await replaced).toEqual({ status: 'replaced' })
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11 })
  })

  test('one that never lets go makes it give up, with nothing renamed', async () => {
    const { folder, former, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    await lockFile(former, 'posix', 'write')
    await expect(live.replace(image, stage())).rejects.toMatchObject({ name: 'LiveError', code: 'busy' })
    expect(renames()).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['former', 'new.rrd'])
    live.close()
  })

  test("a reader's lock disturbs nobody", async () => {
    const { former, live, stage } = scene()
    await lockFile(former, 'posix', 'read')
    const image = await readAndMerge(live)
    expect(await live.replace(image, stage())).toEqual({ status: 'replaced' })
    live.close()
  })

  test('a header torn by an updater that stands still is not taken for a moment', async () => {
    const { former } = scene()
    const whole = readFileSync(former)
    const locker = await lockFile(former, 'posix', 'write')
    const fd = openSync(former, 'r+')
    const torn = Buffer.from(whole)
    const pointer = openRrd(former).header.length - 16
    torn.writeBigUInt64LE(torn.readBigUInt64LE(pointer) + 1n, pointer)
    writeSync(fd, torn, 0, torn.length, 0)
    const reader = new LiveFile(openSync(former, 'r'), former)
    const read = reader.read((size) => new Uint8Array(size))
    await new Promise((later) => setTimeout(later, 30))
    writeSync(fd, whole, 0, pointer + 16, 0)
    await locker.release()
    expect(Buffer.from(await read).subarray(0, pointer + 16)).toEqual(whole.subarray(0, pointer + 16))
    reader.close()
  })
})

describe('what else can come between', () => {
  test('a file that another program put in its place is not overwritten', async () => {
    const { folder, target, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    const restored = createRrd(join(folder, 'restored'))
    const replaced = live.replace(image, stage({ staged: () => renameSync(restored, target) }))
    await expect(replaced).rejects.toMatchObject({ name: 'LiveError', code: 'replaced' })
    expect(renames()).toBe(0)
    expect(knownRows(target)).toEqual({})
    live.close()
  })

  test('rrdtool tune changes the structure: start again', async () => {
    const { target, live, stage } = scene()
    const image = await readAndMerge(live)
    const tune = (): void => void rrdtool('tune', target, '--heartbeat', 'a:999')
    expect(await live.replace(image, stage({ staged: tune }))).toEqual({ status: 'again' })
    expect(await live.replace(await readAndMerge(live), stage())).toEqual({ status: 'replaced' })
    live.close()
    expect(openRrd(target).header.dataSources[0]?.heartbeat).toBe(999)
  })

  test('the caller stops it', async () => {
    const stop = new AbortController()
    const { former, live, stage, renames } = scene({ signal: stop.signal })
    const image = await readAndMerge(live)
    await lockFile(former, 'posix', 'write')
    const replaced = live.replace(image, stage())
    stop.abort()
    await expect(replaced).rejects.toMatchObject({ name: 'AbortError' })
    expect(renames()).toBe(0)
    live.close()
  })

  test('with mode off nobody looks: an update in between is lost', async () => {
    const { target, former, live, stage } = scene({ mode: 'off' })
    const image = await readAndMerge(live)
    expect(await live.replace(image, stage({ staged: () => update(former, 12) }))).toEqual({
      status: 'replaced',
    })
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11 })
  })
})
