import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { client, FORMS, failure, folder, isAlive, SMALL, START, script, until } from './support.ts'

const FILE = '/nonexistent/a.rrd'

describe.each(FORMS)('$form', ({ persistent }) => {
  test.each([
    ['a name that is not in PATH', () => 'no-such-rrdtool'],
    ['a path that is not there', () => '/nonexistent/rrdtool'],
    ['a folder', () => folder()],
    [
      'a file that is no program',
      () => {
        const path = join(folder(), 'rrdtool')
        writeFileSync(path, 'text', { mode: 0o755 })
        return path
      },
    ],
    [
      'a file without the right to execute it',
      () => {
        const path = join(folder(), 'rrdtool')
        writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 })
        return path
      },
    ],
    ['a wrapper whose program is missing', () => script('exec no-such-rrdtool "$@"')],
    [
      'a script whose interpreter is missing',
      () => {
        const path = join(folder(), 'rrdtool')
        writeFileSync(path, '#!/nonexistent/sh\n', { mode: 0o755 })
        return path
      },
    ],
  ])('%s is NOT_FOUND', async (_, path) => {
    const rrd = client({ persistent, path: path() })
    expect(await failure(rrd.last(FILE))).toMatchObject({ code: 'NOT_FOUND', command: 'last', file: FILE })
    expect(await failure(rrd.last(FILE))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test.each([
    ['cat', () => 'cat'],
    ['true', () => 'true'],
    ['false', () => 'false'],
    ['echo hi', () => script('echo hi')],
    ['endless short lines', () => 'yes'],
    ['an endless line', () => script('exec cat /dev/zero')],
    ['a number and then more', () => script('echo 1; echo 2; exec cat')],
    ['death', () => script('kill -9 $$')],
    ['a closed stdin, then silence and an end', () => script('exec 0<&-; sleep 0.2')],
  ])('%s in place of rrdtool is PROTOCOL', async (_, path) => {
    const rrd = client({ persistent, path: path() })
    const before = process.memoryUsage().rss
    for (const call of [
      () => rrd.last(FILE),
      () => rrd.info(FILE),
      () => rrd.fetch(FILE, { cf: 'AVERAGE' }),
      () => rrd.lastupdate(FILE),
      () => rrd.dump(FILE),
    ]) {
      expect(await failure(call())).toMatchObject({ code: 'PROTOCOL', file: FILE })
    }
    expect(await failure(rrd.xport({}, []))).toMatchObject({ code: 'PROTOCOL', file: undefined })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  test('an answer beyond maxOutput is PROTOCOL', async () => {
    const rrd = client({ persistent, maxOutput: 1000 })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    expect(await failure(rrd.dump(file))).toMatchObject({
      code: 'PROTOCOL',
      message: expect.stringContaining('1000 bytes'),
    })
    expect(await rrd.last(file)).toBe(START)
  })

  test('a program that never answers is ended with all it started', async () => {
    const pids = join(folder(), 'pids')
    const rrd = client({
      persistent,
      path: script(`sleep 1000 & echo $$ $! > ${pids}.new; mv ${pids}.new ${pids}; wait`),
    })
    const call = failure(rrd.last(FILE, {}, { timeout: 300 }))
    await until(() => existsSync(pids))
    const [shell = 0, sleeper = 0] = readFileSync(pids, 'utf8').split(' ').map(Number)
    expect(await call).toMatchObject({ code: 'TIMEOUT', command: 'last', file: FILE })
    await until(() => !isAlive(shell) && !isAlive(sleeper))
  })

  test('a program that says OK and does nothing is UNVERIFIED', async () => {
    const real = client()
    const base = folder()
    const [file, xml, image] = [join(base, 'a.rrd'), join(base, 'a.xml'), join(base, 'a.png')]
    await real.create(file, SMALL)
    await real.dump(file, { output: xml })
    await real.graph(image, { start: START, end: START + 60 }, [`DEF:a=${file}:a:AVERAGE`, 'LINE1:a'])
    const ok = 'OK u:0.00 s:0.00 r:0.00'
    const rrd = client({
      persistent,
      path: script(`[ "$1" = - ] || exit 0; while read -r line; do echo "${ok}"; done`),
    })
    const bytes = readFileSync(file)
    for (const call of [
      () => rrd.create(file, SMALL),
      () => rrd.create(join(base, 'new.rrd'), SMALL),
      () => rrd.update(file, [`${START + 60}:1`]),
      () => rrd.update(file, ['N:1']),
      () => rrd.update(file, ['noon@1']),
      () => rrd.tune(file, ['--heartbeat', 'a:300']),
      () => rrd.tune(file, ['--heartbeat', 'a:120']),
      () => rrd.tune(file, ['DS:b:GAUGE:120:U:U']),
      () => rrd.resize(file, { rra: 0, grow: 1, output: join(base, 'resized.rrd') }),
      () => rrd.restore(xml, file, { force: true }),
      () => rrd.restore(xml, join(base, 'new.rrd')),
      () => rrd.dump(file, { output: xml }),
      () => rrd.dump(file, { output: join(base, 'new.xml') }),
      () => rrd.graph(image, {}, ['LINE1:a']),
      () => rrd.graph(join(base, 'new.png'), {}, ['LINE1:a']),
    ]) {
      expect(await failure(call())).toMatchObject({ code: 'UNVERIFIED' })
    }
    expect(readFileSync(file)).toEqual(bytes)
  })
})

describe('persistent', () => {
  test('a program that only speaks the protocol is taken at its word', async () => {
    const ok = 'OK u:0.00 s:0.00 r:0.00'
    const rrd = client({
      persistent: true,
      path: script(`while read -r line; do sleep 0.2; echo 1700000000; echo "${ok}"; done`),
    })
    const calls = [1, 2, 3].map(() => rrd.last(FILE, {}, { timeout: 1000 }))
    expect(await Promise.all(calls)).toEqual([1_700_000_000, 1_700_000_000, 1_700_000_000])
  })

  test('its death is PROTOCOL for the call under way, and the next call starts another', async () => {
    const marks = folder()
    const rrd = client({
      persistent: true,
      path: script(
        `if [ -e ${marks}/seen ]; then exec rrdtool "$@"; fi; touch ${marks}/seen; read -r line; exit 3`,
      ),
    })
    const file = join(folder(), 'a.rrd')
    await client().create(file, SMALL)
    const calls = [failure(rrd.last(file)), rrd.last(file), rrd.last(file)]
    expect(await calls[0]).toMatchObject({
      code: 'PROTOCOL',
      message: expect.stringContaining('exit code 3'),
    })
    expect(await Promise.all(calls.slice(1))).toEqual([START, START])
  })

  test('a program that was killed while it idled is replaced', async () => {
    const pids = join(folder(), 'pids')
    const rrd = client({ persistent: true, path: script(`echo $$ >> ${pids}; exec rrdtool "$@"`) })
    const file = join(folder(), 'a.rrd')
    await rrd.create(file, SMALL)
    const first = Number(readFileSync(pids, 'utf8'))
    process.kill(first, 'SIGKILL')
    // Dead for the kernel, while this process has not heard of it: the command can't be delivered.
    for (;;) if (/^State:\s*Z/m.test(readFileSync(`/proc/${first}/status`, 'utf8'))) break
    await rrd.update(file, [`${START + 60}:1`])
    expect(await rrd.last(file)).toBe(START + 60)
    expect(readFileSync(pids, 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('one program answers all calls, in their order', async () => {
    const pids = join(folder(), 'pids')
    const rrd = client({ persistent: true, path: script(`echo $$ >> ${pids}; exec rrdtool "$@"`) })
    const file = join(folder(), 'a.rrd')
    const calls: Promise<void>[] = [rrd.create(file, SMALL)]
    for (let i = 1; i <= 50; i++) calls.push(rrd.update(file, [`${START + i}:${i}`]))
    await Promise.all(calls)
    expect(await rrd.last(file)).toBe(START + 50)
    expect(readFileSync(pids, 'utf8').trim().split('\n')).toHaveLength(1)
  })
})
