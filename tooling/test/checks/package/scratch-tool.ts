import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type PackedTool, readPacked } from '../../../checks/package/packed.ts'
import { runOrThrow } from '../../../checks/run.ts'
import { withScratch } from '../../../checks/scratch.ts'
import type { Manifest } from '../../../checks/workspace.ts'

export const MANIFEST: Manifest = {
  name: 'sharp',
  version: '1.2.3',
  description: 'a tool with nothing wrong',
  license: 'MIT',
  type: 'module',
  repository: { type: 'git', url: 'git+https://example.org/sharp.git' },
  engines: { node: '>=20.19' },
  main: './dist/index.cjs',
  types: './dist/index.d.cts',
  bin: { sharp: 'dist/cli.cjs' },
  exports: {
    '.': {
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
    },
    './package.json': './package.json',
  },
  files: ['dist', 'man', 'schema', 'THIRD_PARTY_LICENSES'],
}

const FILES: Readonly<Record<string, string>> = {
  LICENSE: 'MIT\n',
  'README.md': '# sharp\n',
  THIRD_PARTY_LICENSES: 'Code of these packages:\n----\n\nblade 1.0.0 (MIT)\n\ntext\n',
  'man/sharp.1': '.TH SHARP 1\n',
  'schema/cut@1.json': '{}\n',
  'dist/cli.cjs': "#!/usr/bin/env node\nconsole.log('sharp', require('./index.cjs').edge)\n",
  'dist/index.cjs': "'use strict'\nexports.edge = 1\n",
  'dist/index.js': `import 'node:fs'
// ../../node_modules/.pnpm/blade@1.0.0/node_modules/blade/index.js
export var edge = 1
`,
  'dist/index.d.ts': 'export declare const edge: number\n',
  'dist/index.d.cts': 'export declare const edge: number\n',
}

/** What is wrong with it: files by path (undefined: absent), and fields of the manifest. */
export interface Fault {
  readonly files?: Readonly<Record<string, string | undefined>>
  readonly manifest?: Readonly<Record<string, unknown>>
  readonly modes?: Readonly<Record<string, number>>
}

/** Packs a small tool that has `fault`, and hands it to `use` with an empty folder beside it. */
export function withTool<T>(
  fault: Fault,
  use: (tool: PackedTool, empty: string) => Promise<T> | T,
): Promise<T> {
  return withScratch('tool', async (scratch) => {
    const folder = join(scratch, 'package')
    const manifest = JSON.stringify({ ...MANIFEST, ...fault.manifest }, null, 2)
    for (const [path, text] of Object.entries({ ...FILES, 'package.json': manifest, ...fault.files })) {
      if (text === undefined) continue
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    chmodSync(join(folder, 'dist/cli.cjs'), 0o755)
    for (const [path, mode] of Object.entries(fault.modes ?? {})) chmodSync(join(folder, path), mode)
    const tarball = join(scratch, 'sharp-1.2.3.tgz')
    await runOrThrow('tar', ['-czf', tarball, 'package'], { cwd: scratch })
    return use(readPacked(tarball, folder), join(scratch, 'empty'))
  })
}
