import { installPackages } from './install.ts'
import { DEBIAN_PACKAGES } from './packages.ts'

const wanted = process.argv.includes('--demo') ? DEBIAN_PACKAGES.filter(({ demo }) => demo) : DEBIAN_PACKAGES
const outcome = installPackages(wanted)
if (outcome.status === 'failed') {
  console.error(outcome.message)
  process.exitCode = 1
}
