import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { trackedFiles } from '../../checks/repository/tracked.ts'
import { runOrThrow } from '../../checks/run.ts'
import { initRepository, type ScratchRepository, withRepository } from '../checks/scratch-repository.ts'

const TOP = join(import.meta.dirname, '../../..')
const BIN = join(TOP, 'node_modules/.bin')
const TOOL = 'packages/rrd-merge'
/** A second tool beside the real one, so that there is one to be left alone. */
const NEIGHBOUR = 'packages/neighbour'

/** Copies this repository's set-up, with a second tool: turbo and changesets are asked about the real files. */
async function fillWorkspace(repository: ScratchRepository): Promise<void> {
  const { top } = repository
  for (const { path } of trackedFiles(TOP)) {
    if (/^packages\/(?!rrd-merge\/)/.test(path) || path.startsWith('.changeset/')) continue
    mkdirSync(dirname(join(top, path)), { recursive: true })
    copyFileSync(join(TOP, path), join(top, path))
  }
  const manifest = readFileSync(join(TOP, TOOL, 'package.json'), 'utf8')
  repository.write({
    [`${NEIGHBOUR}/package.json`]: manifest.replace('"name": "rrd-merge"', '"name": "neighbour"'),
    [`${NEIGHBOUR}/src/cli.ts`]: "console.log('neighbour')\n",
    '.changeset/config.json': readFileSync(join(TOP, '.changeset/config.json'), 'utf8'),
  })
  const lockfile = readFileSync(join(top, 'pnpm-lock.yaml'), 'utf8')
  const importer = /^ {2}packages\/rrd-merge:\n(?:(?: {4}.*)?\n)+/m.exec(lockfile)?.[0] ?? ''
  const neighbour = importer.replace(TOOL, NEIGHBOUR)
  writeFileSync(join(top, 'pnpm-lock.yaml'), lockfile.replace(importer, `${neighbour}${importer}`))
  symlinkSync(join(TOP, 'node_modules'), join(top, 'node_modules'))
  await repository.commit({})
}

const TASKS = ['build', 'typecheck', 'test', 'lint:package']

/** The hash of every task that has something to run: a task runs anew exactly when its hash is another. */
async function hashes(top: string, oracles = 'rrdtool=1'): Promise<Map<string, string>> {
  const env = { ...process.env, ORACLES: oracles, TURBO_TELEMETRY_DISABLED: '1' }
  const plan = await runOrThrow(join(BIN, 'turbo'), ['run', ...TASKS, '--dry=json'], { cwd: top, env })
  const { tasks } = JSON.parse(plan) as { tasks: { taskId: string; hash: string; command: string }[] }
  return new Map(
    tasks.flatMap(({ taskId, hash, command }) => (command === '<NONEXISTENT>' ? [] : [[taskId, hash]])),
  )
}

function touch(path: string): (top: string) => void {
  return (top) => {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    appendFileSync(join(top, path), '\n// touched\n')
  }
}

const allOf = (...names: string[]) => names.flatMap((name) => TASKS.map((task) => `${name}#${task}`)).sort()
const OWN = ['@nightshift/tooling#test', '@nightshift/tooling#typecheck']

describe('turbo reruns', () => {
  let workspace: ScratchRepository
  let before: Map<string, string>

  beforeAll(async () => {
    workspace = await initRepository(mkdtempSync(join(realpathSync(tmpdir()), 'workspace-')))
    await fillWorkspace(workspace)
    before = await hashes(workspace.top)
  })

  afterEach(async () => {
    await workspace.git('checkout', '-q', '.')
    await workspace.git('clean', '-fdq')
  })

  afterAll(() => rmSync(workspace.top, { recursive: true }))

  /** The tasks whose hash is another than before. */
  async function rerun(oracles?: string): Promise<string[]> {
    const after = await hashes(workspace.top, oracles)
    return [...after].flatMap(([task, hash]) => (before.get(task) === hash ? [] : task)).sort()
  }

  test.each<[string, (top: string) => void, string[]]>([
    ['one tool only, where its source changed', touch(`${TOOL}/src/cli.ts`), allOf('rrd-merge')],
    [
      'every tool, where the tooling changed',
      touch('tooling/src/errors/index.ts'),
      [...OWN, ...allOf('neighbour', 'rrd-merge')],
    ],
    [
      'every tool, where the way they are built changed',
      touch('tooling/build/tsup.ts'),
      [...OWN, ...allOf('neighbour', 'rrd-merge')],
    ],
    [
      'no build, where a test changed',
      touch(`${TOOL}/test/a.test.ts`),
      ['rrd-merge#test', 'rrd-merge#typecheck'],
    ],
    ['no tool, where a test of the tooling changed', touch('tooling/test/a.test.ts'), OWN],
    [
      'no build, where a README changed',
      touch(`${TOOL}/README.md`),
      ['rrd-merge#lint:package', 'rrd-merge#test', 'rrd-merge#typecheck'],
    ],
    ['nothing, where only the front page changed', touch('README.md'), []],
  ])('%s', async (_, change, tasks) => {
    change(workspace.top)
    expect(await rerun()).toEqual([...tasks].sort())
  })

  test('every test, and nothing else, where a program they compare with is another', async () => {
    const tests = ['@nightshift/tooling#test', 'neighbour#test', 'rrd-merge#test']
    expect(await rerun('rrdtool=2')).toEqual(tests)
  })
})

describe('changesets version', () => {
  /** What `changeset status` would release after a file changed on a branch, with a changeset that names `named`. */
  function status(changed: string, named: readonly string[]): Promise<{ name: string; type: string }[]> {
    return withRepository(async (repository) => {
      await fillWorkspace(repository)
      const { top, commit, git } = repository
      await git('checkout', '-q', '-b', 'branch')
      touch(changed)(top)
      const bumps = named.map((name) => `"${name}": minor\n`).join('')
      await commit(named.length > 0 ? { '.changeset/a.md': `---\n${bumps}---\n\nSay what changed\n` } : {})
      await runOrThrow(join(BIN, 'changeset'), ['status', '--output', 'plan.json'], { cwd: top })
      const { releases } = JSON.parse(readFileSync(join(top, 'plan.json'), 'utf8'))
      return releases.map(({ name, type }: { name: string; type: string }) => ({ name, type }))
    })
  }

  test('the tool that a changeset names, and no other', async () => {
    expect(await status(`${TOOL}/src/cli.ts`, ['rrd-merge'])).toEqual([{ name: 'rrd-merge', type: 'minor' }])
  })

  test('never the tooling, which is bundled: why changes in it have a check of their own', async () => {
    expect(await status('tooling/src/errors/index.ts', [])).toEqual([])
  })

  test('nothing without a changeset', async () => {
    await expect(status(`${TOOL}/src/cli.ts`, [])).rejects.toThrow('no changesets were found')
  })
})
