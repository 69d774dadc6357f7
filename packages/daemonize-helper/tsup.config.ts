import { defineConfig } from 'tsup'
import { tsupPreset } from '../../tooling/build/tsup.ts'
import manifest from './package.json' with { type: 'json' }

export default defineConfig(tsupPreset({ version: manifest.version, library: { index: 'src/index.ts' } }))
