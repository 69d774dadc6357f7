import { defineConfig } from 'tsup'
import { tsupPreset } from '../../tooling/build/tsup.ts'
import manifest from './package.json' with { type: 'json' }

export default defineConfig(
  tsupPreset({
    version: manifest.version,
    together: [{ 'merge-one': ['merge', 'merge-file', 'attributes'], 'merge-folders': ['merge-tree'] }],
    workers: { 'tree-thread': 'src/tree/thread.ts' },
    library: { index: 'src/index.ts', rrdtool: 'src/rrdtool/index.ts' },
  }),
)
