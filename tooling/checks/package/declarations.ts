import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Finding } from '../finding.ts'
import { run } from '../run.ts'
import { entryPoints } from './consumer.ts'
import type { PackedTool } from './packed.ts'

const require = createRequire(import.meta.url)

/** Both resolutions that Node users have, in both module systems. */
const MODULES = ['node16', 'nodenext']
const EXTENSIONS = ['mts', 'cts']

/**
 * Compiles against the installed tool with nothing but @types/node beside it, and with the libraries' own
 * declarations checked: what a user with `skipLibCheck: false` gets. A tooling type that leaked is an error here.
 */
export async function checkDeclarations({ manifest }: PackedTool, folder: string): Promise<Finding[]> {
  provideNodeTypes(folder)
  const lines = entryPoints(manifest).map((name, index) => `export * as entry${index} from '${name}'\n`)
  for (const extension of EXTENSIONS) writeFileSync(join(folder, `consumer.${extension}`), lines.join(''))
  const compiled = MODULES.map(async (module): Promise<Finding[]> => {
    const config = join(folder, `tsconfig.${module}.json`)
    const compilerOptions = {
      module,
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      types: ['node'],
      noEmit: true,
    }
    const files = EXTENSIONS.map((extension) => `consumer.${extension}`)
    writeFileSync(config, JSON.stringify({ compilerOptions, files }))
    const { status, stdout } = await run('node', [require.resolve('typescript/lib/tsc.js'), '-p', config], {
      cwd: folder,
    })
    return status === 0 ? [] : [{ where: `tsc ${module}`, what: stdout.trim() }]
  })
  return (await Promise.all(compiled)).flat()
}

/** Copies, as a user would have them: a link would lead the compiler back into this workspace and its modules. */
function provideNodeTypes(folder: string): void {
  const types = realpathSync(dirname(require.resolve('@types/node/package.json')))
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@types'), { recursive: true })
  cpSync(types, join(modules, '@types/node'), { recursive: true })
  // @types/node has one dependency, which pnpm puts beside it.
  cpSync(realpathSync(join(types, '../../undici-types')), join(modules, 'undici-types'), { recursive: true })
}
