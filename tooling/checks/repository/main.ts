import { resolve } from 'node:path'
import { reportFindings } from '../finding.ts'
import { checkLeftovers } from './leftovers.ts'
import { checkSourceFiles } from './source-files.ts'
import { trackedFiles } from './tracked.ts'

const top = resolve(import.meta.dirname, '../../..')
const files = trackedFiles(top)
reportFindings(
  'repository',
  [...checkSourceFiles(files), ...checkLeftovers(files, top)],
  `${files.length} files`,
)
