import { expect, test } from 'vitest'
import { guardChangesets } from '../../../checks/changesets/guard.ts'
import { type Files, type ScratchRepository, withRepository } from '../scratch-repository.ts'

/** Two tools, of which only `one` takes anything from the tooling. */
const WORKSPACE: Files = {
  'tooling/package.json':
    '{ "name": "@nightshift/tooling", "type": "module", "exports": { "./size": "./src/size.ts", "./time": "./src/time.ts" } }',
  'tooling/src/size.ts': '/** In bytes. */\nexport const size = 1\n',
  'tooling/src/time.ts': 'export const time = 1\n',
  'packages/one/package.json': '{ "name": "one", "version": "1.0.0" }',
  'packages/one/src/index.ts': "export { size } from '@nightshift/tooling/size'\n",
  'packages/one/src/cli.ts': "import { size } from '@nightshift/tooling/size'\nconsole.log(size)\n",
  'packages/one/tsup.config.ts':
    "export default [{ entry: { index: 'src/index.ts' } }, { entry: { cli: 'src/cli.ts' } }]\n",
  'packages/one/CHANGELOG.md': '# one\n\n## 1.0.0\n',
  'packages/two/package.json': '{ "name": "two", "version": "1.0.0" }',
  'packages/two/src/index.ts': 'export const two = 2\n',
  'packages/two/tsup.config.ts': "export default { entry: { index: 'src/index.ts' } }\n",
  'packages/two/CHANGELOG.md': '# two\n\n## 1.0.0\n',
  '.changeset/README.md': '# How to write one\n',
}

function changeset(...tools: string[]): string {
  return `---\n${tools.map((tool) => `"${tool}": patch\n`).join('')}---\n\nSay what users will notice of it\n`
}

async function names(top: string): Promise<string[]> {
  return (await guardChangesets(top)).findings.map(({ where }) => where)
}

/** A branch off a released main, with `change` committed on it. */
function onBranch(change: Files, use?: (repository: ScratchRepository) => Promise<void>): Promise<string[]> {
  return withRepository(async (repository) => {
    await repository.commit(WORKSPACE)
    await use?.(repository)
    await repository.git('checkout', '-q', '-b', 'branch')
    await repository.commit(change)
    return names(repository.top)
  })
}

test.each<[string, Files, string[]]>([
  ['a README', { 'packages/one/README.md': '# one\n' }, []],
  ['a test', { 'packages/one/test/a.test.ts': '1\n' }, []],
  ['a source file', { 'packages/two/src/index.ts': 'export const two = 3\n' }, ['two']],
  ['a schema', { 'packages/two/schema/a@1.json': '{}\n' }, ['two']],
  ['tooling that one tool bundles', { 'tooling/src/size.ts': 'export const size = 2\n' }, ['one']],
  ['a comment in it', { 'tooling/src/size.ts': '/** In octets. */\nexport const size = 1\n' }, []],
  ['tooling that no tool bundles', { 'tooling/src/time.ts': 'export const time = 2\n' }, []],
  ['a new tooling file', { 'tooling/src/more.ts': 'export const more = 1\n' }, []],
])('%s changed on a branch asks for a changeset of: %s', async (_, change, wanted) => {
  // Once for the branch, once for what has come since the release.
  expect([...new Set(await onBranch(change))]).toEqual(wanted)
  expect(await onBranch({ ...change, '.changeset/a.md': changeset('one', ...wanted) })).toEqual([])
})

test('tooling that the tool only began to use now counts as a change of the tool', async () => {
  const change = {
    'packages/two/src/index.ts': "export { late } from '@nightshift/tooling/late'\n",
    'tooling/src/late.ts': 'export const late = 1\n',
    'tooling/package.json':
      '{ "name": "@nightshift/tooling", "exports": { "./late": "./src/late.ts", "./size": "./src/size.ts" } }',
  }
  expect([...new Set(await onBranch(change))]).toEqual(['two'])
})

test('an upgrade of what a tool bundles of others counts as a change of that tool', async () => {
  const blade = (version: string): Files => ({
    'pnpm-lock.yaml': `packages:\n\n  'blade@${version}':\n    resolution: {}\n`,
    'tooling/node_modules/blade/package.json': `{ "name": "blade", "version": "${version}" }`,
  })
  const base: Files = {
    '.gitignore': 'node_modules\n',
    'tooling/src/size.ts': "export { size } from 'blade'\n",
    'tooling/node_modules/blade/index.js': 'export const size = 1\n',
    ...blade('1.0.0'),
  }
  const found = (change: Files) =>
    onBranch(change, ({ commit }) => commit({ ...base, '.changeset/a.md': changeset('one') }))
  expect(await found({ ...blade('1.0.0'), 'README.md': '# both\n' })).toEqual([])
  expect(await found(blade('1.0.1'))).toEqual(['one'])
})

test('a changeset that main already has does not answer for a branch', async () => {
  const pending = { '.changeset/earlier.md': changeset('one', 'two') }
  const change = { 'packages/two/src/index.ts': 'export const two = 3\n' }
  expect(await onBranch(change, ({ commit }) => commit(pending))).toEqual(['two'])
})

test('what is not committed yet counts too', async () => {
  const found = await onBranch({ 'packages/one/README.md': '# one\n' }, async ({ git, write }) => {
    await git('checkout', '-q', '-b', 'other')
    write({ 'packages/two/src/more.ts': 'export const more = 1\n' })
  })
  expect([...new Set(found)]).toEqual(['two'])
})

test('main is compared with the last release of each tool, and any pending changeset answers', async () => {
  await withRepository(async ({ top, commit }) => {
    await commit(WORKSPACE)
    expect(await names(top)).toEqual([])
    await commit({ 'packages/one/src/cli.ts': 'console.log(2)\n' })
    const { findings, compared } = await guardChangesets(top)
    expect(findings.map(({ where }) => where)).toEqual(['one'])
    expect(compared.join()).toMatch(/^one with its last release \([0-9a-f]{10}\),two with/)
    await commit({ '.changeset/a.md': changeset('one') })
    expect(await names(top)).toEqual([])
  })
})

test('a tool that was never released needs a first changeset', async () => {
  await withRepository(async ({ top, commit }) => {
    const { 'packages/two/CHANGELOG.md': _, ...unreleased } = WORKSPACE
    await commit(unreleased)
    expect(await names(top)).toEqual(['two'])
  })
})

test('a clone of main compares with origin/main', async () => {
  await withRepository(async ({ top, commit, git }) => {
    await commit({ ...WORKSPACE, '.changeset/first.md': changeset('one', 'two') })
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    expect((await guardChangesets(top)).compared[0]).toContain('the merge base with origin/main')
    await commit({ 'tooling/src/size.ts': 'export const size = 3\n' })
    expect(await names(top)).toEqual(['one'])
  })
})

test.each<[string, string, string]>([
  ['no tool', '---\n---\n\nSay what users will notice of it\n', 'names no tool'],
  ['no such tool', changeset('three'), 'names three, which is none of: one, two'],
  ['no text', '---\n"one": patch\n---\n\nfix\n', 'says nothing'],
])('a changeset with %s is refused', async (_, text, what) => {
  await withRepository(async ({ top, commit }) => {
    await commit({ ...WORKSPACE, '.changeset/a.md': text })
    const { findings } = await guardChangesets(top)
    expect(findings.map((finding) => finding.what).join()).toContain(what)
  })
})
