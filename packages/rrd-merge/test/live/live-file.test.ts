import { fstatSync, linkSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { knownRows, openRrd, rrdtool, START, STEP, update } from './rrd-files.ts'
import { MERGED, readAndMerge, scene } from './scene.ts'

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

  test('is synced after the rename: before it, the sync is a time in which more updates are late', async () => {
    const { former, live, stage } = scene()
    await readAndMerge(live)
    const order: string[] = []
    const recorded =
      (interference: Parameters<typeof stage>[0]) =>
      (image: Uint8Array): ReturnType<ReturnType<typeof stage>> => {
        const replacement = stage(interference)(image)
        return {
          ...replacement,
          commit: () => {
            order.push('rename')
            replacement.commit()
          },
          sync: () => void order.push('sync'),
        }
      }
    update(former, 12)
    const replaceOnce = async (): Promise<string> => {
      const image = await readAndMerge(live)
      const outcome = await live.replace(image, recorded({ staged: () => update(former, 13 + rounds++) }))
      return outcome.status
    }
    let rounds = 0
    expect(await replaceOnce()).toBe('again')
    expect(order).toEqual([])
    expect(await replaceOnce()).toBe('replaced')
    expect(order).toEqual(['rename', 'sync'])
    live.close()
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
