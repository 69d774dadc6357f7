import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { installPacked } from '../nodes/smoke.ts'
import { withScratch } from '../scratch.ts'
import { tools } from '../workspace.ts'

const top = resolve(import.meta.dirname, '../../..')

/**
 * Shows every tool at its job, as a user would have it: packed, installed in an empty folder, and found by name.
 * What is shown stands in each tool's `examples/demo.ts`, which runs in an empty folder of its own.
 */
await withScratch('demo', async (scratch) => {
  for (const tool of tools(top)) {
    const script = join(tool.folder, 'examples/demo.ts')
    if (!existsSync(script)) throw new Error(`${tool.path} has no examples/demo.ts to show`)
    const installed = await installPacked(tool, scratch)
    const folder = join(scratch, `${tool.manifest.name}-demo`)
    mkdirSync(folder)
    const path = [join(installed, 'node_modules/.bin'), process.env.PATH].join(delimiter)
    const tsx = join(top, 'node_modules/.bin/tsx')
    const { status } = spawnSync(tsx, [script], {
      cwd: folder,
      env: { ...process.env, PATH: path },
      stdio: 'inherit',
    })
    if (status !== 0) process.exitCode = 1
  }
})
