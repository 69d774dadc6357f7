import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pendingChangesets } from '../changesets/pending.ts'
import { pack, unpack } from '../package/packed.ts'
import { runOrThrow } from '../run.ts'
import { withScratch } from '../scratch.ts'
import { tools } from '../workspace.ts'

/** What `changeset status --output` says of a package. */
interface PlannedRelease {
  readonly name: string
  readonly type: string
  readonly oldVersion: string
  readonly newVersion: string
}

const top = resolve(import.meta.dirname, '../../..')

/** Says what the next release would publish and why; the version in the packed manifest is still the last one. */
await withScratch('release', async (scratch) => {
  const planFile = join(scratch, 'plan.json')
  // changesets takes the path relative to the working folder only.
  const relative = join('../'.repeat(top.split('/').length - 1), planFile)
  await runOrThrow(join(top, 'node_modules/.bin/changeset'), ['status', '--output', relative], { cwd: top })
  const { releases } = JSON.parse(readFileSync(planFile, 'utf8')) as { releases: PlannedRelease[] }
  const changesets = pendingChangesets(top)
  for (const { folder, manifest } of tools(top)) {
    const release = releases.find(({ name, type }) => name === manifest.name && type !== 'none')
    if (!release) {
      console.log(`${manifest.name} ${manifest.version}: nothing to release, no changeset names it\n`)
      continue
    }
    const tarball = await pack(folder, join(scratch, 'tarballs'))
    const { files } = await unpack(tarball, join(scratch, manifest.name))
    const bytes = readFileSync(tarball)
    console.log(`${release.name} ${release.oldVersion} -> ${release.newVersion} (${release.type}), because:`)
    for (const { path, packages, text } of changesets) {
      if (packages.includes(release.name)) console.log(`  ${path}: ${text.split('\n', 1)[0]}`)
    }
    console.log(
      `  ${files.length} files, ${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`,
    )
    for (const file of files) console.log(`    ${file}`)
    console.log()
  }
})
