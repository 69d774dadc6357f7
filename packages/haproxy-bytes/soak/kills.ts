import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { readCounters } from '../src/counters/index.ts'
import { globalSection, startHaproxy } from '../test/live/haproxy.ts'
import { scratchFolder } from '../test/live/program.ts'
import { Random } from '../test/live/random.ts'
import { until } from '../test/live/waiting.ts'
import { cliPath } from '../test/support/cli.ts'
import { httpLine } from '../test/support/http-lines.ts'

/** ms; a machine that does much else takes its time. */
const PATIENCE = 60_000

const { seed, goesOn } = beginPart()
const random = new Random(seed)
const scratch = scratchFolder('kills')
const figures = { snapshotKills: 0, snapshots: 0, followKills: 0, lines: 0, temporaryLeft: 0 }
const failures: string[] = []

/** Starts the tool, kills it at a moment of its own choice, and waits for its end. */
async function killed(args: readonly string[], folder: string, begun: () => boolean): Promise<void> {
  const child = spawn(process.execPath, [cliPath(), ...args], { cwd: folder, stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    await until('its first work', () => begun() || undefined, PATIENCE)
    // Up to some beats later: within a write as well as between two.
    const moment = performance.now() + random.next() * 120
    await until('the moment', () => performance.now() > moment || undefined)
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

const counted = (text: string): number =>
  Number(/^haproxy_bytes_requests(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1] ?? Number.NaN)

async function snapshots(folder: string, socket: string): Promise<void> {
  const file = join(folder, 'snapshots')
  const known = (): number => (existsSync(file) ? readCounters(readFileSync(file, 'latin1')).length : 0)
  const before = known()
  const lines = (): number => (existsSync(file) ? readFileSync(file, 'latin1').split('\n').length - 1 : 0)
  const begun = lines()
  await killed(
    ['snapshot', '--socket', socket, '-o', file, '--every', '100ms'],
    folder,
    () => lines() > begun,
  )
  figures.snapshotKills++
  if (known() <= before) failures.push(`snapshots: ${known()} after ${before}`)
  figures.snapshots = known()
}

let [written, rotations] = [0, 0]
async function follows(folder: string): Promise<void> {
  const [log, prom] = [join(folder, 'haproxy.log'), join(folder, 'haproxy.prom')]
  const text = (): string => (existsSync(prom) ? readFileSync(prom, 'utf8') : '')
  const write = (): void => {
    const many = 1 + random.below(50)
    const lines = Array.from({ length: many }, (_, n) => httpLine({ second: written + n, bytes: 1 }))
    if (random.below(8) === 0 && existsSync(log)) renameSync(log, `${log}.${++rotations}`)
    if (existsSync(log)) appendFileSync(log, lines.join(''))
    else writeFileSync(log, lines.join(''))
    written += many
  }
  write()
  const goal = written
  await killed(['haproxy.log*', '--follow', '--every', '20ms', '--prom', prom], folder, () => {
    if (random.below(3) === 0) write()
    return counted(text()) >= goal
  })
  figures.followKills++
  figures.lines = written
  const whole = text()
  if (!whole.endsWith('\n') || !(counted(whole) <= written)) failures.push(`follow: ${whole.slice(-200)}`)
  // A killed run may leave the file it was writing; the next one must not keep it.
  const left = readdirSync(folder).filter((name) => !/^(?:haproxy\.(?:log.*|prom)|snapshots)$/.test(name))
  figures.temporaryLeft = Math.max(figures.temporaryLeft, left.length)
  if (left.length > 1) failures.push(`left behind: ${left.join(' ')}`)
}

const haproxy = await startHaproxy(
  join(scratch.folder),
  ([port], socket) =>
    `${globalSection(socket)}\n\ndefaults\n    mode http\n    timeout client 5s\n    timeout server 5s\n    timeout connect 1s\n\nfrontend fe\n    bind 127.0.0.1:${port}\n    http-request return status 200\n`,
)
const work = scratchFolder('killed')
try {
  while (goesOn() && failures.length === 0) {
    await snapshots(work.folder, haproxy.socket)
    await follows(work.folder)
  }
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error))
} finally {
  await haproxy.stop()
  scratch.remove()
  work.remove()
}
endPart(figures, failures)
