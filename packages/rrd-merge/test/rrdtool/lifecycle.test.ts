import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'tsup'
import { expect, test } from 'vitest'
import { folder, isAlive, script, until } from './support.ts'

const PACKAGE = join(import.meta.dirname, '../..')

/** A folder in which `rrd-merge/rrdtool` can be imported by plain node. */
async function project(): Promise<string> {
  const base = folder()
  const home = join(base, 'node_modules/rrd-merge')
  mkdirSync(home, { recursive: true })
  await build({
    entry: { rrdtool: join(PACKAGE, 'src/rrdtool/index.ts') },
    outDir: home,
    format: ['esm'],
    target: 'node20',
    noExternal: [/^(?!node:)/],
    config: false,
    silent: true,
    outExtension: () => ({ js: '.mjs' }),
  })
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ name: 'rrd-merge', exports: { './rrdtool': './rrdtool.mjs' } }),
  )
  return base
}

/** Runs a module to its end. */
function node(
  cwd: string,
  args: readonly string[],
): Promise<{ code: number | null; signal: string | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })
}

test('a script that forgets to close a client ends, and so does the program', async () => {
  const base = await project()
  const pids = join(base, 'pids')
  const path = script(`echo $$ > ${pids}; exec rrdtool "$@"`)
  writeFileSync(
    join(base, 'run.mjs'),
    `import { Rrdtool } from 'rrd-merge/rrdtool'
     const rrd = new Rrdtool({ path: ${JSON.stringify(path)}, persistent: true })
     await rrd.create('a.rrd', { step: 60, start: 1700000000, ds: ['DS:a:GAUGE:120:U:U'], rra: ['RRA:AVERAGE:0.5:1:10'] })
     console.log(await rrd.last('a.rrd'))`,
  )
  expect(await node(base, ['run.mjs'])).toEqual({ code: 0, signal: null, output: '1700000000\n' })
  await until(() => !isAlive(Number(readFileSync(pids, 'utf8'))))
})

test.each([true, false])(
  'a host that exits in mid-call leaves nothing behind (persistent: %s)',
  async (persistent) => {
    const base = await project()
    const pids = join(base, 'pids')
    const path = script(`sleep 1000 & echo $$ $! > ${pids}.new; mv ${pids}.new ${pids}; wait`)
    writeFileSync(
      join(base, 'run.mjs'),
      `import { existsSync } from 'node:fs'
     import { Rrdtool } from 'rrd-merge/rrdtool'
     const rrd = new Rrdtool({ path: ${JSON.stringify(path)}, persistent: ${persistent} })
     rrd.last('a.rrd').catch(() => {})
     setInterval(() => existsSync('pids') && process.exit(7), 5)`,
    )
    expect(await node(base, ['run.mjs'])).toMatchObject({ code: 7 })
    const started = readFileSync(pids, 'utf8').split(' ').map(Number)
    await until(() => started.every((pid) => !isAlive(pid)))
  },
)

test('a host that waits for an answer is kept alive by it', async () => {
  const base = await project()
  const path = script(
    'while read -r line; do sleep 0.5; echo 1700000000; echo "OK u:0.00 s:0.00 r:0.00"; done',
  )
  writeFileSync(
    join(base, 'run.mjs'),
    `import { Rrdtool } from 'rrd-merge/rrdtool'
     const rrd = new Rrdtool({ path: ${JSON.stringify(path)}, persistent: true })
     await rrd.last('a.rrd')
     console.log(await rrd.last('a.rrd'))`,
  )
  expect(await node(base, ['run.mjs'])).toEqual({ code: 0, signal: null, output: '1700000000\n' })
})

test('the example runs', async () => {
  const base = await project()
  cpSync(join(PACKAGE, 'examples/rrdtool-client.mjs'), join(base, 'rrdtool-client.mjs'))
  const { code, output } = await node(base, ['rrdtool-client.mjs'])
  expect(output).toContain('hourly mean')
  expect(code).toBe(0)
  expect(existsSync(join(base, 'resize.rrd'))).toBe(false)
})
