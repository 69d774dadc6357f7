import { homedir } from 'node:os'
import type { Finding } from '../finding.ts'
import type { TextFile } from './tracked.ts'

/** Spelled so that this file doesn't find itself. */
const UNFINISHED = /\b(?:TO[D]O|FIX[M]E|XX[X])\b/
const HOME = /(?:\/home|\/Users)\/[a-z][\w.-]*\/|[A-Z]:\\Users\\/i

/**
 * What slips into a commit from the machine it was made on: the folder of the checkout, a home folder. And marks of
 * unfinished work. Lockfiles and licences are other people's text.
 */
export function checkLeftovers(files: readonly TextFile[], top: string): Finding[] {
  // A checkout directly under the root, or in a folder of two letters, would match ordinary prose.
  const own = [top, homedir()].filter((folder) => folder.length > 5).map((folder) => `${folder}/`)
  return files
    .filter(({ path }) => !/(^|\/)(pnpm-lock\.yaml|LICENSE|THIRD_PARTY_LICENSES)$/.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => checkLine(line, `${path}:${index + 1}`, own)),
    )
}

function checkLine(line: string, where: string, own: readonly string[]): Finding[] {
  const findings: Finding[] = []
  if (UNFINISHED.test(line))
    findings.push({ where, what: 'a mark of unfinished work: finish it or open an issue' })
  if (HOME.test(line) || own.some((folder) => line.includes(folder))) {
    findings.push({ where, what: 'a path of the machine this was written on' })
  }
  return findings
}
