import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { client, FORMS, failure, folder, isAlive, SMALL, START, script, until } from './support.ts'

const FILE = '/nonexistent/a.rrd'

/** Hangs after it has left its process id in `pids`. */
function hanging(pids: string): string {
  return script(`echo $$ > ${pids}.new; mv ${pids}.new ${pids}; exec sleep 1000`)
}

describe.each(FORMS)('$form', ({ persistent }) => {
  test('a signal that has been aborted starts nothing', async () => {
    const rrd = client({ persistent, path: '/nonexistent/rrdtool' })
    const reason = new Error('enough')
    const error = await failure(rrd.last(FILE, {}, { signal: AbortSignal.abort(reason) }))
    expect(error).toMatchObject({ code: 'ABORTED', command: 'last', file: FILE, cause: reason })
  })

  test('a signal ends the call under way and its process', async () => {
    const pids = join(folder(), 'pids')
    const rrd = client({ persistent, path: hanging(pids) })
    const controller = new AbortController()
    const call = failure(rrd.last(FILE, { signal: controller.signal }))
    await until(() => existsSync(pids))
    controller.abort()
    expect(await call).toMatchObject({ code: 'ABORTED' })
    await until(() => !isAlive(Number(readFileSync(pids, 'utf8'))))
  })

  test('a timeout covers the verification too', async () => {
    const rrd = client({ persistent, path: script('sleep 1000') })
    const file = join(folder(), 'a.rrd')
    expect(await failure(rrd.create(file, SMALL, { timeout: 50 }))).toMatchObject({
      code: 'TIMEOUT',
      command: 'create',
    })
    expect(await failure(rrd.resize(file, { rra: 0, grow: 1, output: file, timeout: 50 }))).toMatchObject({
      code: 'TIMEOUT',
    })
  })

  test('after close every call is CLOSED; those before are answered', async () => {
    const rrd = client({ persistent })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    const calls = [rrd.last(file), rrd.last(file)]
    const closing = rrd.close()
    expect(await failure(rrd.last(file))).toMatchObject({ code: 'CLOSED', command: 'last', file })
    expect(await failure(rrd.resize(file, { rra: 0, grow: 1, output: file }))).toMatchObject({
      code: 'CLOSED',
    })
    expect(await Promise.all(calls)).toEqual([START, START])
    await closing
    await rrd.close()
  })

  test('a client that was never used closes', async () => {
    await client({ persistent, path: '/nonexistent/rrdtool' }).close()
  })

  test('a signal has one listener, and none once its call is over', async () => {
    const rrd = client({ persistent })
    const { signal } = new AbortController()
    let listeners = 0
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--
      remove(...args)
    }
    let most = 0
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const error = failure(rrd.last(FILE, {}, { signal }))
        most = Math.max(most, listeners)
        expect((await error).code).toBe('FAILED')
      }),
    )
    // Node warns of a leak beyond ten.
    expect([most, listeners]).toEqual([1, 0])
  })
})

describe('the queue of a persistent client', () => {
  test('a timeout does not run while a call waits', async () => {
    const ok = 'OK u:0.00 s:0.00 r:0.00'
    const answers = script(`while read -r line; do sleep 0.4; echo 1700000000; echo "${ok}"; done`)
    const rrd = client({ persistent: true, path: answers })
    // The last one waits 1.2 s for its turn, and needs 0.4 s.
    const calls = [1, 2, 3, 4].map(() => rrd.last(FILE, {}, { timeout: 1000 }))
    expect(await Promise.all(calls)).toHaveLength(4)
  })

  test('a signal takes a waiting call out, and the others go on', async () => {
    const rrd = client({ persistent: true })
    const file = join(folder(), 'a.rrd')
    const controller = new AbortController()
    const calls = [
      rrd.create(file, SMALL),
      failure(rrd.update(file, [`${START + 60}:1`], {}, { signal: controller.signal })),
      rrd.update(file, [`${START + 120}:2`]),
    ]
    controller.abort()
    expect((await Promise.all(calls))[1]).toMatchObject({ code: 'ABORTED', command: 'update' })
    const { rows } = await rrd.fetch(file, { cf: 'AVERAGE', start: START, end: START + 119 })
    expect(rows.map(({ values }) => values[0])).toEqual([2, 2])
  })

  test('after a timeout the next call is answered by a new program', async () => {
    const marks = folder()
    const rrd = client({
      persistent: true,
      path: script(
        `if [ -e ${marks}/seen ]; then exec rrdtool "$@"; fi; touch ${marks}/seen; exec sleep 1000`,
      ),
    })
    const file = join(folder(), 'a.rrd')
    await client().create(file, SMALL)
    const first = failure(rrd.last(file, {}, { timeout: 300 }))
    const second = rrd.last(file)
    expect(await first).toMatchObject({ code: 'TIMEOUT' })
    expect(await second).toBe(START)
  })

  test('close ends a program that goes on after the end of its input', async () => {
    const pids = join(folder(), 'pids')
    const ok = 'OK u:0.00 s:0.00 r:0.00'
    const path = script(`echo $$ > ${pids}; read -r line; echo 1700000000; echo "${ok}"; exec sleep 1000`)
    const rrd = client({ persistent: true, path })
    await rrd.last(FILE)
    await Promise.all([rrd.close(), rrd.close()])
    expect(isAlive(Number(readFileSync(pids, 'utf8')))).toBe(false)
  })
})
