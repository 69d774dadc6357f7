/** Something a check found wrong: one line for a person, with where to look. */
export interface Finding {
  /** File or package, relative to the top of the repository or to the tarball. */
  readonly where: string
  readonly what: string
}

/** Prints findings as `check: where: what`; the process then ends with 1. Says so too when there are none. */
export function reportFindings(check: string, findings: readonly Finding[], checked: string): void {
  for (const { where, what } of findings) console.error(`${check}: ${where}: ${what}`)
  if (findings.length > 0) process.exitCode = 1
  else console.log(`${check}: ${checked}: nothing to object to`)
}
