/**
 * `npm run soak`: what is too long for `npm test`. Each part is a program of its own with its own verdict; what they
 * printed is kept in soak/results/, with date and machine.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const CLI = here('../dist/cli.cjs')

const PARTS: readonly (readonly [what: string, args: readonly string[]])[] = [
  ['a million mutated headers', [here('header-fuzz.ts')]],
  ['live rounds, one archive', [here('live-rounds.ts'), '--', process.execPath, CLI]],
  ['live rounds, nine archives', [here('live-rounds.ts'), '--shape', 'many', '--', process.execPath, CLI]],
  ['kills of a tree merge', [here('kills.ts'), 'tree', '1000']],
  ['kills of a tree merge by threads', [here('kills.ts'), 'threads', '300']],
  ['kills of merges in place', [here('kills.ts'), 'in-place', '1000']],
]

const today = new Date().toISOString().slice(0, 10)
const lines = [
  `date: ${today}`,
  `machine: ${cpus().length} x ${cpus()[0]?.model}, Linux ${release()}, Node ${process.version}`,
]
let failed = 0
for (const [what, args] of PARTS) {
  const since = performance.now()
  const done = spawnSync(process.execPath, ['--import', 'tsx', ...args], {
    encoding: 'utf8',
    env: { ...process.env, RRD_MERGE_CLI: CLI },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const verdict = done.status === 0 ? 'passed' : `FAILED (${done.signal ?? done.status})`
  if (done.status !== 0) failed++
  const seconds = Math.round((performance.now() - since) / 1000)
  const part = [`== ${what}: ${verdict}, ${seconds} s`, done.stdout.trimEnd()]
  console.log(part.join('\n'))
  lines.push(...part)
}
const target = here(`results/${today}.txt`)
mkdirSync(dirname(target), { recursive: true })
writeFileSync(target, `${lines.join('\n')}\n`)
console.log(`written to ${target}`)
process.exitCode = failed === 0 ? 0 : 1
