import { join } from 'node:path'
import { holdReadme } from '../../../../tooling/checks/readme/hold-readme.ts'
import * as library from '../../src/index.ts'
import { makeScene } from './scene.ts'

holdReadme(join(import.meta.dirname, '../..'), { makeScene, exports: Object.keys(library) })
