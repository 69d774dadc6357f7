import { join, resolve } from 'node:path'
import { type Finding, reportFindings } from '../finding.ts'
import { withScratch } from '../scratch.ts'
import { checkConsumer } from './consumer.ts'
import { checkContents } from './contents.ts'
import { checkDeclarations } from './declarations.ts'
import { checkImports } from './imports.ts'
import { checkLicences } from './licences.ts'
import { checkLinters } from './linters.ts'
import { checkManifest } from './manifest.ts'
import { pack, unpack } from './packed.ts'
import { checkReproducible } from './reproducible.ts'

/** Every check on the packed form of the tool in `toolFolder`, which has been built. */
async function checkPackage(
  toolFolder: string,
  scratch: string,
): Promise<{ findings: Finding[]; checked: string }> {
  const tarball = await pack(toolFolder, join(scratch, 'tarball'))
  const packed = await unpack(tarball, join(scratch, 'unpacked'))
  const findings = [checkManifest, checkContents, checkImports, checkLicences].flatMap((check) =>
    check(packed),
  )
  const checked = `${packed.files.length} files packed as ${packed.manifest.name}@${packed.manifest.version}`
  // With the manifest or a file wrong, the rest would only repeat it in longer words.
  if (findings.length > 0) return { findings, checked }
  const consumer = join(scratch, 'consumer')
  findings.push(...(await checkConsumer(packed, consumer)))
  findings.push(...(await checkDeclarations(packed, consumer)))
  findings.push(...(await checkLinters(packed)))
  const top = resolve(import.meta.dirname, '../../..')
  findings.push(...(await checkReproducible(tarball, { top, toolFolder }, scratch)))
  return { findings, checked }
}

const { findings, checked } = await withScratch('packed-tool', (scratch) =>
  checkPackage(process.cwd(), scratch),
)
reportFindings('package', findings, checked)
