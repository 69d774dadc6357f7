import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { installPackages } from '../../system/install.ts'
import { oracleVersions } from '../../system/oracles.ts'
import { DEBIAN_PACKAGES } from '../../system/packages.ts'
import { addCounts, type Counts, countsLine } from './counts.ts'
import { readReports, removeReports } from './reports.ts'
import { STEPS, type Step } from './steps.ts'

/** `npm test`: sets up, runs every step even after one has failed, and counts what all of it came to. */
function runSuite(top: string): Counts {
  const system = installPackages(DEBIAN_PACKAGES)
  if (system.status === 'failed') {
    console.error(system.message)
    return { passed: 0, failed: 1 }
  }
  removeReports(top)
  const env = { ...process.env, ORACLES: oracleVersions(), TURBO_TELEMETRY_DISABLED: '1' }
  const failedSteps = STEPS.filter((step) => !passes(step, top, env))
  const reports = readReports(top)
  for (const { name, failures } of reports) {
    for (const failure of failures) console.log(`\nfailed in ${name}: ${failure}`)
  }
  for (const { name, missing, ...counts } of reports) {
    console.log(`${name}: ${missing ? 'its tests did not run' : countsLine(counts)}`)
  }
  for (const { name } of failedSteps) console.log(`step failed: ${name}`)
  const tests = addCounts(reports)
  // A failed test fails its step too: the step counts for itself only where no test says so.
  const beyondTests = failedSteps.filter(({ name }) => name !== 'packages' || tests.failed === 0).length
  return { passed: tests.passed, failed: tests.failed + beyondTests }
}

function passes({ name, command: [program, ...args] }: Step, cwd: string, env: NodeJS.ProcessEnv): boolean {
  console.log(`\n> ${name}: ${program} ${args.join(' ')}`)
  const { status, error } = spawnSync(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) console.error(`${program}: ${error.message}`)
  return status === 0
}

/** CI asks for the counts in a file: what it prints last then can't be mistaken for a test's own output. */
function finish(counts: Counts): void {
  const line = countsLine(counts)
  console.log(line)
  if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, `${line}\n`)
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1
}

finish(runSuite(resolve(import.meta.dirname, '../../..')))
