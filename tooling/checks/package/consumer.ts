import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { run, runOrThrow } from '../run.ts'
import type { PackedTool } from './packed.ts'

/** Everything is in the tarball: an installation that would fetch anything has to fail. */
const OFFLINE = {
  ...process.env,
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
}

/** Installs the tarball in an empty folder and uses it there in each of the three ways users do. */
export async function checkConsumer(packed: PackedTool, emptyFolder: string): Promise<Finding[]> {
  await install(packed.tarball, emptyFolder)
  const found = await Promise.all([
    checkInstalled(emptyFolder),
    checkNpx(packed, emptyFolder),
    checkModules(packed, emptyFolder),
  ])
  return found.flat()
}

/** As a user does it; the folder is made, and is a package of its own afterwards. */
export async function install(tarball: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  await runOrThrow('npm', ['install', tarball], { cwd: folder, env: OFFLINE })
}

/** One package, and none of its parts ran anything. */
function checkInstalled(folder: string): Finding[] {
  const lock = readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')
  const { packages } = JSON.parse(lock) as { packages: Record<string, { hasInstallScript?: boolean }> }
  const findings: Finding[] = []
  const names = Object.keys(packages)
  if (names.length !== 1)
    findings.push({ where: 'npm install', what: `installs ${names.length}: ${names.join(', ')}` })
  for (const name of names.filter((one) => packages[one]?.hasInstallScript)) {
    findings.push({ where: name, what: 'has an install script' })
  }
  return findings
}

/** For one run without installing: `npx --yes --package=file:...` is the form that takes a tarball. */
async function checkNpx({ tarball, manifest }: PackedTool, folder: string): Promise<Finding[]> {
  const bins = Object.keys(manifest.bin ?? {})
  const runs = bins.map(async (bin): Promise<Finding[]> => {
    const where = `npx ${bin} --help`
    const { status, stdout, stderr } = await run(
      'npx',
      ['--yes', `--package=file:${tarball}`, bin, '--help'],
      {
        cwd: folder,
        env: OFFLINE,
      },
    )
    if (status === 0 && stdout.includes(bin)) return []
    return [{ where, what: `ended with ${status}: ${(stderr || stdout).trim()}` }]
  })
  return (await Promise.all(runs)).flat()
}

/** Both module systems see the same names at every entry point. */
async function checkModules({ manifest }: PackedTool, folder: string): Promise<Finding[]> {
  const checks = entryPoints(manifest).map(async (name): Promise<Finding[]> => {
    const print = `console.log(Object.keys(m).filter((k) => k !== 'default' && k !== 'module.exports').sort().join())`
    const [esm, cjs] = await Promise.all([
      run('node', ['--input-type=module', '-e', `import * as m from '${name}'; ${print}`], { cwd: folder }),
      run('node', ['-e', `const m = require('${name}'); ${print}`], { cwd: folder }),
    ])
    const findings: Finding[] = []
    if (esm.status !== 0) findings.push({ where: `import '${name}'`, what: esm.stderr.trim() })
    if (cjs.status !== 0) findings.push({ where: `require('${name}')`, what: cjs.stderr.trim() })
    if (findings.length === 0 && esm.stdout.trim() === '')
      findings.push({ where: name, what: 'exports nothing' })
    if (findings.length === 0 && esm.stdout !== cjs.stdout) {
      findings.push({
        where: name,
        what: `import gives ${esm.stdout.trim()}, require gives ${cjs.stdout.trim()}`,
      })
    }
    return findings
  })
  return (await Promise.all(checks)).flat()
}

/** What can be imported, by its full name; package.json is data. */
export function entryPoints({ name, exports = {} }: PackedTool['manifest']): string[] {
  const keys = Object.keys(exports).filter((key) => key !== './package.json')
  return keys.map((key) => name + key.slice(1))
}
