import { rollup } from 'rollup'
import { expect, test } from 'vitest'
import { lateBuiltins } from '../../build/late-builtins.ts'

const source = `
import { createHash, randomBytes } from 'node:crypto'
import { MessageChannel } from 'node:worker_threads'
import { EOL } from 'node:os'
import fs from 'node:fs'
export const loadedAtStart = [...loaded]
export const digest = () => createHash('sha256').update('a').digest('hex')
export const size = () => randomBytes(4).length
export const ports = () => Object.keys(new MessageChannel()).length + new MessageChannel().port1.constructor.name
export const end = () => EOL
export const exists = () => fs.existsSync('/')
`

async function evaluate() {
  const graph = await rollup({
    input: 'source',
    external: /^node:/,
    treeshake: false,
    plugins: [
      {
        name: 'source',
        resolveId: (id) => (id === 'source' ? id : null),
        load: (id) => (id === 'source' ? source : null),
      },
    ],
  })
  const { output } = await graph.generate({ format: 'cjs' })
  const { code } = output[0]
  const loaded: string[] = []
  const module = { exports: {} as Record<string, () => unknown> & { loadedAtStart: string[] } }
  const require = (name: string): unknown => {
    loaded.push(name)
    return process.getBuiltinModule(name)
  }
  new Function('module', 'exports', 'require', 'loaded', lateBuiltins(code))(
    module,
    module.exports,
    require,
    loaded,
  )
  return { module: module.exports, loaded }
}

test('heavy built-in modules are loaded where they are first used', async () => {
  const { module, loaded } = await evaluate()
  expect(module.loadedAtStart).toEqual(['node:fs'])
  expect(module.digest?.()).toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb')
  expect(loaded).toEqual(['node:fs', 'node:crypto'])
})

test('functions, constants and constructors keep working', async () => {
  const { module } = await evaluate()
  expect(module.size?.()).toBe(4)
  expect(module.ports?.()).toContain('MessagePort')
  expect(module.end?.()).toBe('\n')
  expect(module.exists?.()).toBe(true)
})
