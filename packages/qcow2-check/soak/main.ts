/**
 * `npm run soak`: what is too long for `npm test`. Each part is a program of its own with its own verdict; what they
 * told is kept in soak/results/, with date and machine. QCOW2_SOAK_MINUTES (60) are shared out among the parts,
 * QCOW2_SOAK_PARTS names some of them, QCOW2_SOAK_SEED repeats a run.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Of the time so many hundredths. */
const PARTS: readonly (readonly [name: string, share: number, what: string])[] = [
  ['mutations', 20, 'mutated images: typed findings, bounded work'],
  ['corpus', 25, 'every damage in every shape: repair, data, undo'],
  ['combinations', 25, 'two or three damages in one image'],
  ['kills', 10, 'SIGKILL of repairs and undos'],
  ['live', 8, 'checks of an image while QEMU writes to it'],
  ['leaks', 5, 'memory over thousands of checks in one process'],
  ['hostile', 7, 'hostile images, every command: at most 20 s and 400 MB'],
]

const minutes = Number(process.env.QCOW2_SOAK_MINUTES ?? 60)
const seed = process.env.QCOW2_SOAK_SEED ?? String(Date.now() % 2 ** 32)
const chosen = process.env.QCOW2_SOAK_PARTS?.split(',')
const parts = PARTS.filter(([name]) => chosen === undefined || chosen.includes(name))
const shares = parts.reduce((sum, [, share]) => sum + share, 0)

interface Told {
  readonly figures?: unknown
  readonly failures?: readonly string[]
}

function run(name: string, seconds: number): Record<string, unknown> {
  const since = performance.now()
  const args = ['--import', 'tsx', here(`${name}.ts`), String(Math.round(seconds)), seed]
  const { status, signal, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { QCOW2_CHECK_CLI: here('../dist/cli.cjs'), ...process.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  const told: Told = last.startsWith('{') ? (JSON.parse(last) as Told) : {}
  const passed = status === 0
  return {
    passed,
    ...(passed ? {} : { ended: signal ?? status }),
    seconds: Math.round((performance.now() - since) / 1000),
    ...told,
  }
}

const results = parts.map(([name, share, what]) => {
  const result = { name, what, ...run(name, (minutes * 60 * share) / shares) }
  console.log(JSON.stringify(result))
  return result
})
const passed = results.every((result) => 'passed' in result && result.passed === true)
const date = new Date().toISOString().slice(0, 10)
const machine = `${cpus().length} x ${cpus()[0]?.model}, Linux ${release()}, Node ${process.version}`
const target = here(`results/${date}.json`)
mkdirSync(dirname(target), { recursive: true })
writeFileSync(
  target,
  `${JSON.stringify({ date, machine, minutes, seed, passed, parts: results }, null, 2)}\n`,
)
console.log(`written to ${target}`)
process.exitCode = passed ? 0 : 1
