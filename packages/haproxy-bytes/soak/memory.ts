import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { scratchFolder } from '../test/live/program.ts'
import { until } from '../test/live/waiting.ts'
import { cliPath } from '../test/support/cli.ts'
import { httpLine } from '../test/support/http-lines.ts'

/** MiB that the last third of the time may have above the middle one. */
const MOST_GROWTH = 16
const LINES = 2000
const ROTATED_AFTER = 20

const { goesOn } = beginPart()
const scratch = scratchFolder('memory')
const [log, prom] = [join(scratch.folder, 'haproxy.log'), join(scratch.folder, 'haproxy.prom')]
const failures: string[] = []
const resident: number[] = []
let [written, rotations] = [0, 0]

/** MiB */
const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
const counted = (): number =>
  Number(
    (existsSync(prom) &&
      [...readFileSync(prom, 'utf8').matchAll(/^haproxy_bytes_requests(?:\{[^}]*\})? (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      )) ||
      0,
  )

function write(): void {
  const lines = Array.from({ length: LINES }, (_, n) =>
    httpLine({ second: (written + n) / 100, bytes: n, client: `192.0.2.${n % 200}`, frontend: `f${n % 10}` }),
  )
  appendFileSync(log, lines.join(''))
  written += LINES
}

const args = [cliPath(), log, '--follow', '--every', '50ms', '--by', 'frontend,client', '--prom', prom]
write()
const child = spawn(process.execPath, args, { stdio: 'ignore' })
const ended = once(child, 'exit')
try {
  while (goesOn()) {
    await until('the lines so far', () => counted() >= written || undefined, 30_000)
    resident.push(memoryOf(child.pid as number))
    if (resident.length % ROTATED_AFTER === 0) {
      rmSync(`${log}.1`, { force: true })
      renameSync(log, `${log}.1`)
      rotations++
    }
    write()
  }
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error))
} finally {
  child.kill('SIGKILL')
  await ended
  scratch.remove()
}
const third = Math.floor(resident.length / 3)
const peak = (from: number, to: number): number => Math.round(Math.max(0, ...resident.slice(from, to)))
const peaks = [peak(0, third), peak(third, 2 * third), peak(2 * third, resident.length)] as const
if (peaks[2] - peaks[1] > MOST_GROWTH) failures.push(`resident memory grew: ${peaks.join(', ')} MiB`)
endPart({ written, rotations, looks: resident.length, peaks }, failures)
