/**
 * The case rrd-merge was made for: a monitoring server is replaced, the new one starts with empty RRDs, and two
 * years of graphs are on the old one's disk. Run by `npm run demo` with rrd-merge and rrdtool in PATH.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

const DAY = 86_400
const STEP = 300
const NOW = Math.floor(Date.UTC(2026, 0, 20) / 1000)
const MOVED = NOW - 10 * DAY

/** What pnp4nagios would hold of a small site: a host's load and its disk, each with its own shape. */
const SERVICES = [
  { name: 'web1/load', sources: ['load1', 'load5'], mean: 2, swing: 1.5 },
  { name: 'web1/disk', sources: ['used'], mean: 60, swing: 5 },
]

function main(): void {
  say('An old server knows two years; its successor, in use for ten days, knows ten days.')
  for (const service of SERVICES) {
    writeRrd(`old/${service.name}.rrd`, service, MOVED - 2 * 365 * DAY, MOVED)
    writeRrd(`new/${service.name}.rrd`, service, MOVED + 2 * STEP, NOW)
  }
  const [first] = SERVICES
  show('rrd-merge', 'coverage', `new/${first?.name}.rrd`)

  say('What would be filled:')
  show('rrd-merge', '--dry-run', 'old', 'new')

  say('The same, for real: the whole tree, each file replaced atomically.')
  show('rrd-merge', 'old', 'new')

  say('Two years are back, and what the new server had written is untouched:')
  show('rrd-merge', 'coverage', `new/${first?.name}.rrd`)

  say('rrdtool reads them, a year before the move:')
  const then = `${MOVED - 365 * DAY}`
  show(
    'rrdtool',
    'fetch',
    `new/${first?.name}.rrd`,
    'AVERAGE',
    '-r',
    `${DAY}`,
    '-s',
    then,
    '-e',
    `${Number(then) + 3 * DAY}`,
  )

  say('Once more changes nothing:')
  show('rrd-merge', 'old', 'new')
}

/** A file in pnp4nagios' shape with a value every five minutes from `start` to `end`. */
function writeRrd(
  file: string,
  { sources, mean, swing }: (typeof SERVICES)[number],
  start: number,
  end: number,
): void {
  mkdirSync(file.slice(0, file.lastIndexOf('/')), { recursive: true })
  const ds = sources.map((name) => `DS:${name}:GAUGE:${2 * STEP}:U:U`)
  const rras = ['AVERAGE', 'MIN', 'MAX'].flatMap((cf) => [1, 6, 72].map((per) => `RRA:${cf}:0.5:${per}:3200`))
  const create = ['create', file, '--start', `${start - STEP}`, '--step', `${STEP}`, ...ds, ...rras]
  const updates: string[] = []
  for (let time = start; time <= end; time += STEP) {
    const wave = Math.sin((2 * Math.PI * (time % DAY)) / DAY) + 0.3 * Math.sin(time / 777)
    updates.push(
      `${time}:${sources.map((_, index) => (mean + (swing * wave) / (index + 1)).toFixed(3)).join(':')}`,
    )
  }
  const lines = [create.join(' ')]
  for (let at = 0; at < updates.length; at += 500)
    lines.push(`update ${file} ${updates.slice(at, at + 500).join(' ')}`)
  const { status, stdout, stderr } = spawnSync('rrdtool', ['-'], {
    input: `${lines.join('\n')}\nquit\n`,
    encoding: 'utf8',
  })
  if (status !== 0 || stdout.includes('ERROR'))
    throw new Error(`rrdtool could not write ${file}: ${stdout}${stderr}`)
}

function say(text: string): void {
  console.log(`\n${text}`)
}

/** Runs a command the reader could type, and shows it with what it says. */
function show(program: string, ...args: string[]): void {
  console.log(`\n$ ${program} ${args.join(' ')}`)
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ended with ${status}`)
}

main()
