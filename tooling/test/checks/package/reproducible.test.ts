import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { pack, unpack } from '../../../checks/package/packed.ts'
import { checkReproducible } from '../../../checks/package/reproducible.ts'
import { runOrThrow } from '../../../checks/run.ts'
import { withScratch } from '../../../checks/scratch.ts'

const TOP = join(import.meta.dirname, '../../../..')

/** A workspace with this repository's pnpm set-up and one tool, whose build runs `build`; packed where it is. */
async function packIn<T>(
  build: string,
  use: (tarball: string, top: string, scratch: string) => Promise<T>,
): Promise<T> {
  return withScratch('reproducible', async (scratch) => {
    const top = join(scratch, 'workspace')
    const tool = {
      name: 'one',
      version: '1.0.0',
      files: ['dist', 'THIRD_PARTY_LICENSES'],
      scripts: { build, postinstall: 'true' },
      devDependencies: { '@nightshift/tooling': 'workspace:*' },
      'size-limit': [],
    }
    const manifests = {
      'package.json': { name: 'top', private: true },
      'tooling/package.json': { name: '@nightshift/tooling', version: '0.0.0', private: true },
      'packages/one/package.json': tool,
    }
    for (const [path, manifest] of Object.entries(manifests)) {
      mkdirSync(dirname(join(top, path)), { recursive: true })
      writeFileSync(join(top, path), JSON.stringify(manifest))
    }
    for (const name of ['.pnpmfile.cjs', 'pnpm-workspace.yaml', 'LICENSE'])
      copyFileSync(join(TOP, name), join(top, name))
    await runOrThrow('pnpm', ['install', '--offline', '--ignore-scripts'], { cwd: top })
    await runOrThrow('pnpm', ['run', 'build'], { cwd: join(top, 'packages/one') })
    return use(await pack(join(top, 'packages/one'), join(scratch, 'here')), top, scratch)
  })
}

function check(build: string): Promise<string[]> {
  return packIn(build, async (tarball, top, scratch) => {
    const findings = await checkReproducible(tarball, { top, toolFolder: join(top, 'packages/one') }, scratch)
    return findings.map(({ what }) => what)
  })
}

test('the same sources give the same tarball in another folder', async () => {
  expect(await check('mkdir -p dist && echo 1 > dist/a.js && echo 2 > dist/b.js')).toEqual([])
})

test.each([
  ['a path of the build', 'mkdir -p dist && pwd > dist/a.js', 'dist/a.js'],
  ['the time of the build', 'mkdir -p dist && date +%N > dist/a.js', 'dist/a.js'],
  ['a file of another name', 'mkdir -p dist && echo 1 > dist/$$.js', 'dist/'],
])('%s is found', async (_, build, file) => {
  expect((await check(build)).join()).toContain(`another folder gives another tarball: ${file}`)
})

test('what only builds is not in the packed manifest', async () => {
  const packed = await packIn('mkdir -p dist && echo 1 > dist/a.js', async (tarball, _, scratch) => {
    const { manifest, files } = await unpack(tarball, join(scratch, 'unpacked'))
    return { manifest, files }
  })
  expect(packed).toEqual({
    manifest: { name: 'one', version: '1.0.0', files: ['dist', 'THIRD_PARTY_LICENSES'] },
    files: ['LICENSE', 'dist/a.js', 'package.json'],
  })
})
