import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../checks/run.ts'
import { withScratch } from '../../checks/scratch.ts'
import { installedVersions } from '../../system/installed.ts'
import { oracleVersions } from '../../system/oracles.ts'
import { DEBIAN_PACKAGES } from '../../system/packages.ts'

const TOOLING = join(import.meta.dirname, '../..')
const NAMES = DEBIAN_PACKAGES.map(({ name }) => name)

/** A package database in a file, one name a line, that the planted programs read and write. */
const DPKG_QUERY = 'while read -r name; do printf "installed\\t%s\\t1.0\\n" "$name"; done < "$STATE"'
const APT_GET = `echo "$*" >> "$STATE.calls"
case $1 in install) shift 3; for name; do [ "$name" = "$BROKEN" ] || echo "$name" >> "$STATE"; done;; esac`

/**
 * Runs the installer on a machine that has `installed`, where only the programs planted in `PATH` are found, as a
 * user who may or may not become root. Gives what was asked of apt-get.
 */
async function install(
  installed: readonly string[],
  options: { sudo?: boolean; broken?: string; dpkg?: boolean } = {},
) {
  return withScratch('system', async (folder) => {
    const state = join(folder, 'state')
    const plant = (name: string, script: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, name), 0o755)
    }
    writeFileSync(state, installed.map((name) => `${name}\n`).join(''))
    writeFileSync(`${state}.calls`, '')
    if (options.dpkg !== false) plant('dpkg-query', DPKG_QUERY)
    plant('apt-get', APT_GET)
    plant('sudo', options.sudo ? 'shift; exec "$@"' : 'exit 1')
    for (const name of ['env', 'true']) symlinkSync(`/usr/bin/${name}`, join(folder, name))
    for (const path of [folder, state, `${state}.calls`]) chmodSync(path, 0o777)
    const hook = join(folder, 'as-user.mjs')
    // Only the answer to "who am I" is another: a process of another user could not read this checkout.
    writeFileSync(hook, 'process.getuid = () => 1000\n')
    const args = ['--import', join(TOOLING, 'node_modules/tsx/dist/esm/index.mjs'), '--import', hook]
    const ran = await run(process.execPath, [...args, join(TOOLING, 'system/main.ts')], {
      cwd: folder,
      env: { PATH: folder, STATE: state, BROKEN: options.broken ?? '', TMPDIR: folder },
    })
    const calls = existsSync(`${state}.calls`)
      ? readFileSync(`${state}.calls`, 'utf8').split('\n').filter(Boolean)
      : []
    return { ...ran, calls }
  })
}

test('does nothing where everything is installed', async () => {
  expect(await install(NAMES)).toEqual({ status: 0, stdout: '', stderr: '', calls: [] })
})

test('installs only what is missing, once, where sudo asks no password', async () => {
  const { status, calls } = await install(NAMES.slice(2), { sudo: true })
  expect(status).toBe(0)
  expect(calls.filter((call) => call !== 'update')).toEqual([
    'install -y --no-install-recommends rrdtool rrdcached',
  ])
})

test('prints the one command, with the reasons, where it may not install', async () => {
  const { status, stderr, calls } = await install(NAMES.slice(1))
  expect(status).toBe(1)
  expect(calls).toEqual([])
  expect(stderr).toContain('  rrdtool    the oracle of rrd-merge')
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    '  sudo apt-get update && sudo apt-get install -y --no-install-recommends rrdtool',
  )
})

test('says what apt-get could not install, after trying again with fresh lists', async () => {
  const { status, stderr, calls } = await install(NAMES.slice(2), { sudo: true, broken: 'rrdcached' })
  expect(status).toBe(1)
  expect(stderr).toContain('--no-install-recommends rrdcached')
  expect(calls.filter((call) => call.startsWith('install'))).toHaveLength(1)
})

test('says so where there is no dpkg', async () => {
  const { status, stderr } = await install([], { dpkg: false })
  expect(status).toBe(1)
  expect(stderr).toContain('This is no Debian')
})

test('reads versions of what is really installed', async () => {
  const { stdout } = await run('rrdtool', ['--version'], { cwd: '/' })
  const version = installedVersions(['rrdtool', 'no-such-package']).get('rrdtool')
  expect(stdout).toContain(`RRDtool ${version?.replace(/-.*/, '')} `)
  expect(installedVersions(['no-such-package'])).toEqual(new Map())
  expect(oracleVersions()).toContain(`node=${process.version} `)
  expect(oracleVersions()).toContain(` rrdtool=${version} `)
})
