import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'

export interface SoakPart {
  /** `name.ts` in the folder is its program. */
  readonly name: string
  /** Of the time so many hundredths. */
  readonly share: number
  readonly what: string
}

export interface Soak {
  /** Folder of the parts; results are kept in `results/` of it. */
  readonly folder: string
  readonly parts: readonly SoakPart[]
  /** Environment of the parts, such as what they run. */
  readonly env: Readonly<Record<string, string>>
  readonly minutes: number
}

interface Told {
  readonly figures?: unknown
  readonly failures?: readonly string[]
}

/**
 * What is too long for `npm test`: each part is a program of its own with its own verdict. What they told is kept, with
 * date and machine. SOAK_MINUTES are shared out among the parts, SOAK_PARTS names some of them, SOAK_SEED repeats a run.
 */
export function runSoak({ folder, parts: all, env, minutes: usual }: Soak): void {
  const minutes = Number(process.env.SOAK_MINUTES ?? usual)
  const seed = process.env.SOAK_SEED ?? String(Date.now() % 2 ** 31)
  const chosen = process.env.SOAK_PARTS?.split(',')
  const parts = all.filter(({ name }) => chosen === undefined || chosen.includes(name))
  const shares = parts.reduce((sum, { share }) => sum + share, 0)
  const results = parts.map(({ name, share, what }) => {
    const result = { name, what, ...runPart(folder, name, (minutes * 60 * share) / shares, seed, env) }
    console.log(JSON.stringify(result))
    return result
  })
  const passed = results.every((result) => result.passed)
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} x ${cpus()[0]?.model}, Linux ${release()}, Node ${process.version}`
  const target = join(folder, 'results', `${date}.json`)
  mkdirSync(join(folder, 'results'), { recursive: true })
  writeFileSync(
    target,
    `${JSON.stringify({ date, machine, minutes, seed, passed, parts: results }, null, 2)}\n`,
  )
  console.log(`written to ${target}`)
  process.exitCode = passed ? 0 : 1
}

function runPart(
  folder: string,
  name: string,
  seconds: number,
  seed: string,
  env: Readonly<Record<string, string>>,
): Told & { readonly passed: boolean; readonly seconds: number } {
  const since = performance.now()
  const args = ['--import', 'tsx', join(folder, `${name}.ts`), String(Math.round(seconds)), seed]
  const { status, signal, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...env, ...process.env },
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
