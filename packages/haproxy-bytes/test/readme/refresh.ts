/** Brings the outputs that README.md shows up to date with the package as it is built: `npm run docs`. */
import { join } from 'node:path'
import { refreshPage } from '../../../../tooling/checks/readme/page.ts'
import { makeScene } from './scene.ts'

await refreshPage(join(import.meta.dirname, '../..'), makeScene)
