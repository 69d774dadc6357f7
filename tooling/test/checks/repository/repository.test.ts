import { expect, test } from 'vitest'
import { checkLeftovers } from '../../../checks/repository/leftovers.ts'
import { checkLicenceCopies } from '../../../checks/repository/licences.ts'
import { checkSourceFiles, MAX_LINES } from '../../../checks/repository/source-files.ts'
import { trackedFiles } from '../../../checks/repository/tracked.ts'
import { checkWorkflows } from '../../../checks/repository/workflows.ts'
import { withRepository } from '../scratch-repository.ts'

const SOUND = [
  {
    path: 'packages/one/src/index.ts',
    text: "/** What it is. */\nexport { a } from './a.ts'\nexport type * from './b.ts'\n",
  },
  { path: 'packages/one/src/a.ts', text: 'const a = 1\n'.repeat(MAX_LINES) },
  { path: 'packages/one/tsup.config.ts', text: 'export default {}\n' },
]

test('sources that follow the rules pass', () => {
  expect(checkSourceFiles(SOUND)).toEqual([])
})

test.each([
  ['packages/one/src/a.ts', 'const a = 1\n'.repeat(MAX_LINES + 1), '251 lines, at most 250'],
  ['tooling/checks/a/b.ts', 'export default function a() {}\n', 'default export'],
  ['tooling/src/a.ts', 'const a = 1\nexport default a\n', 'default export'],
  ['packages/one/src/utils.ts', 'export const a = 1\n', 'name the file after what it holds'],
  [
    'packages/one/src/index.ts',
    "export { a } from './a.ts'\nexport const b = 1\n",
    'but has: export const b = 1',
  ],
  [
    'packages/one/src/x/index.ts',
    "import { a } from './a.ts'\nexport { a }\n",
    "but has: import { a } from './a.ts'",
  ],
])('%s: %j', (path, text, what) => {
  const findings = checkSourceFiles([{ path, text }])
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({ where: path, what: expect.stringContaining(what) })
})

test.each([
  ['a = 1 // TO' + 'DO: more', 'a mark of unfinished work'],
  ['see /ho' + 'me/jane/notes', 'a path of the machine'],
  ['cd /srv/checkout/packages', 'a path of the machine'],
])('%j is left over', (line, what) => {
  const findings = checkLeftovers([{ path: 'a.md', text: `fine\n${line}\n` }], '/srv/checkout')
  expect(findings).toMatchObject([{ where: 'a.md:2', what: expect.stringContaining(what) }])
})

test('ordinary prose is nothing left over', () => {
  const text = 'everything to do in /var/lib and /srv/other, at home\n'
  expect(checkLeftovers([{ path: 'a.md', text }], '/srv/checkout')).toEqual([])
})

test('each tool holds the same licence as the top', () => {
  const licence = { path: 'LICENSE', text: 'MIT' }
  const tool = { path: 'packages/one/package.json', text: '{}' }
  const where = [{ where: 'packages/one/LICENSE', what: 'is not the same as LICENSE at the top' }]
  expect(checkLicenceCopies([licence, tool, { path: 'packages/one/LICENSE', text: 'MIT' }])).toEqual([])
  expect(checkLicenceCopies([licence, tool, { path: 'packages/one/LICENSE', text: 'ISC' }])).toEqual(where)
  expect(checkLicenceCopies([licence, tool])).toEqual(where)
})

test('what git tracks or would add is looked at: text that is there, and nothing ignored', async () => {
  await withRepository(async ({ top, write, commit, git }) => {
    await commit({ '.gitignore': 'ignored\n', 'a.md': 'a\n', 'gone.md': 'b\n', 'picture.png': 'P\0NG' })
    await git('rm', '-q', '--cached', 'gone.md')
    write({ 'new line\n.md': 'c\n', ignored: 'd\n' })
    const paths = trackedFiles(top).map(({ path }) => path)
    expect(paths.sort()).toEqual(['.gitignore', 'a.md', 'gone.md', 'new line\n.md'])
  })
})

const WORKFLOW = `on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
`

test.each([
  ['nothing, where all is well', WORKFLOW, []],
  ['an action by its tag', WORKFLOW.replace(/@.*/, '@v7'), ['7: actions/checkout@v7: pin it']],
  ['a commit without its version', WORKFLOW.replace(' # v7.0.1', ''), ['7: actions/checkout@3d3c42e5']],
  ['no permissions', WORKFLOW.replace('permissions: {}\n', ''), [' states no permissions']],
  [
    'what actionlint finds',
    WORKFLOW.replace('runs-on', 'runs_on'),
    ['4: "runs-on" section is missing', '5: unexpected key'],
  ],
])('a workflow with %s', async (_, text, findings) => {
  const path = '.github/workflows/ci.yml'
  const found = await checkWorkflows([
    { path, text },
    { path: 'docs/ci.yml', text: 'uses: a@v1' },
  ])
  const said = found.map(({ where, what }) => `${where.slice(path.length + 1)}: ${what}`.replace(/^: /, ' '))
  expect(said).toHaveLength(findings.length)
  for (const [index, finding] of findings.entries()) expect(said[index]).toContain(finding)
})
