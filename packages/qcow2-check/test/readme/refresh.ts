/** Brings the outputs that README.md shows up to date with the package as it is built: `npm run docs`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pageToday } from './page.ts'

const PACKAGE = join(import.meta.dirname, '../..')
const README = join(PACKAGE, 'README.md')
const folder = mkdtempSync(join(tmpdir(), 'readme-'))
try {
  const { markdown, failures } = await pageToday(readFileSync(README, 'utf8'), folder, PACKAGE)
  writeFileSync(README, markdown)
  for (const failure of failures) console.error(failure)
  if (failures.length > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
