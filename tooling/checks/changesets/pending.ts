import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../finding.ts'

export interface Changeset {
  /** Relative to the top of the repository. */
  readonly path: string
  /** Names of the packages it bumps (or says `none` of). */
  readonly packages: readonly string[]
  readonly text: string
}

/** A changeset is front matter of `"name": bump` lines between two `---`, then the text for the changelog. */
export function pendingChangesets(top: string): Changeset[] {
  const names = readdirSync(join(top, '.changeset')).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  )
  return names.sort().map((name) => {
    const [, head = '', ...text] = readFileSync(join(top, '.changeset', name), 'utf8').split(/^---$/m)
    const packages = [...head.matchAll(/^["']?([^"':\n]+)["']?:\s*(?:major|minor|patch|none)\s*$/gm)]
    return {
      path: `.changeset/${name}`,
      packages: packages.map(([, tool = '']) => tool),
      text: text.join('---').trim(),
    }
  })
}

/** Each changeset names tools that exist and says something to their users. */
export function checkTexts(changesets: readonly Changeset[], tools: readonly string[]): Finding[] {
  return changesets.flatMap(({ path, packages, text }) => {
    const findings: Finding[] = []
    if (packages.length === 0) findings.push({ where: path, what: 'names no tool' })
    for (const name of packages.filter((one) => !tools.includes(one))) {
      findings.push({ where: path, what: `names ${name}, which is none of: ${tools.join(', ')}` })
    }
    if (text.length < 20)
      findings.push({ where: path, what: 'says nothing that a user could read in a changelog' })
    return findings
  })
}
