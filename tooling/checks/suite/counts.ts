/** What vitest's JSON reporter writes, as far as it is counted here. */
export interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly success: boolean
  readonly testResults: readonly TestFile[]
}

interface TestFile {
  readonly name: string
  readonly status: string
  /** Why a file broke before its first test. */
  readonly message?: string
  readonly assertionResults: readonly TestResult[]
}

interface TestResult {
  readonly fullName: string
  readonly status: string
  readonly failureMessages?: readonly string[] | null
}

/** Tests that ran and passed, and everything that stands in the way of calling the run a pass. */
export interface Counts {
  readonly passed: number
  readonly failed: number
}

/**
 * Counts one package's report. A skipped or planned test counts as failed, since it proves nothing; so does a file
 * that broke before its first test, which vitest counts among no tests at all. Errors outside of any test leave
 * every number at zero and only clear `success`.
 */
export function countReport(report: VitestReport): Counts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests + brokenFiles
  return { passed: report.numPassedTests, failed: failed === 0 && !report.success ? 1 : failed }
}

/** Every test that stands in the way, with its file and its reason: a log that is cut short still ends in these. */
export function failuresOf({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message = '', assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status !== 'passed')
    if (failed.length === 0 && status === 'failed') return [`${name}: ${message}`]
    return failed.map(
      (test) => `${name}: ${test.fullName}: ${test.failureMessages?.join('\n') || test.status}`,
    )
  })
}

export function addCounts(counts: readonly Counts[]): Counts {
  const sum = (of: (one: Counts) => number) => counts.reduce((total, one) => total + of(one), 0)
  return { passed: sum((one) => one.passed), failed: sum((one) => one.failed) }
}

/** The last line of `npm test` and of CI. */
export function countsLine({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`
}
