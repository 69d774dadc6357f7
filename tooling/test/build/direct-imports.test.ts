import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redirect } from '../../build/direct-imports.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'direct-imports-'))
  const files = {
    'shapes/index.ts':
      "export { type Shape, circle } from './circle.ts'\nexport * from './flat/index.ts'\nexport * from './round.ts'\nexport { parse } from 'a-package'\n",
    'shapes/flat/index.ts': "export {\n  square as box,\n} from './square.ts'\n",
    'shapes/round.ts':
      'export const PI = 3\nexport interface Round {}\nexport async function roll() {}\nconst own = 1\n',
    'house/package.json': JSON.stringify({
      exports: { './walls': './src/walls/index.ts', './roof': './src/roof.ts' },
    }),
    'house/src/walls/index.ts': "export { brick } from './brick.ts'\n",
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const redirected = (source: string): string =>
  redirect(source, folder, { '@a/house': join(folder, 'house') }).replaceAll(folder, '')

describe('an import from an index', () => {
  it.each([
    ["import { circle } from './shapes/index.ts'", 'import { circle } from "/shapes/circle.ts"'],
    [
      "import { type Shape, circle as round } from './shapes/index.ts'",
      'import { circle as round } from "/shapes/circle.ts"',
    ],
    [
      "import {\n  box,\n  circle,\n} from './shapes/index.ts'",
      'import { square as box } from "/shapes/flat/square.ts";import { circle } from "/shapes/circle.ts"',
    ],
    [
      "import { PI, type Round, roll } from './shapes/index.ts'",
      'import { PI } from "/shapes/round.ts";import { roll } from "/shapes/round.ts"',
    ],
    ["import { brick } from '@a/house/walls'", 'import { brick } from "/house/src/walls/brick.ts"'],
    ["import { parse } from './shapes/index.ts'", 'import { parse } from "/shapes/index.ts"'],
    ["import { type Shape } from './shapes/index.ts'", ''],
  ])('%s', (source, expected) => expect(redirected(source)).toBe(expected))

  it.each([
    "import { circle } from './shapes/circle.ts'",
    "import { readFileSync } from 'node:fs'",
    "import { tile } from '@a/house/roof'",
    "import { something } from 'another-package'",
    "import type { Shape } from './shapes/index.ts'",
  ])('and no other: %s', (source) => expect(redirected(source)).toBe(source))

  it('of a name that is not there fails the build', () => {
    expect(() => redirected("import { oval } from './shapes/index.ts'")).toThrow('does not export oval')
  })
})
