import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type WorkspacePackage, workspacePackages } from '../workspace.ts'
import { type Counts, countReport, failuresOf, type VitestReport } from './counts.ts'

const REPORT = 'reports/vitest.json'

export interface PackageCounts extends Counts {
  readonly name: string
  /** Why nothing could be counted. */
  readonly missing?: true
  readonly failures: readonly string[]
}

/** Takes reports of earlier runs away, so that only this run is counted; turbo restores those it has cached. */
export function removeReports(top: string): void {
  for (const { folder } of tested(top)) rmSync(join(folder, REPORT), { force: true })
}

/** A package that has tests but no report failed before they could run. */
export function readReports(top: string): PackageCounts[] {
  return tested(top).map(({ folder, manifest: { name } }) => {
    const file = join(folder, REPORT)
    if (!existsSync(file)) return { name, passed: 0, failed: 1, missing: true, failures: [] }
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
    return { name, ...countReport(report), failures: failuresOf(report) }
  })
}

function tested(top: string): WorkspacePackage[] {
  return workspacePackages(top).filter(({ manifest }) => manifest.scripts?.test)
}
