import { resolve } from 'node:path'
import { reportFindings } from '../finding.ts'
import { checkLeftovers } from './leftovers.ts'
import { checkLicenceCopies } from './licences.ts'
import { checkSourceFiles } from './source-files.ts'
import { trackedFiles } from './tracked.ts'
import { checkWorkflows } from './workflows.ts'

const top = resolve(import.meta.dirname, '../../..')
const files = trackedFiles(top)
const findings = [
  ...checkSourceFiles(files),
  ...checkLicenceCopies(files),
  ...checkLeftovers(files, top),
  ...(await checkWorkflows(files)),
]
reportFindings('repository', findings, `${files.length} files`)
