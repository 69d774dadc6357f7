import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

/** What would make a tool print otherwise here than elsewhere. */
const UNWANTED = ['FORCE_COLOR', 'COLUMNS', 'NODE_EXTRA_CA_CERTS', 'RRDCACHED_ADDRESS']

/**
 * Puts a package into a folder as npm does it.
 *
 * @param packageFolder the package as npm unpacks it
 * @returns the environment in which the tool is found by its name
 */
export function install(folder: string, packageFolder: string): NodeJS.ProcessEnv {
  const { name } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { name: string }
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  symlinkSync(packageFolder, join(modules, name))
  symlinkSync(`../${name}/dist/cli.cjs`, join(modules, '.bin', name))
  const inherited = Object.entries(process.env).filter(([variable]) => !UNWANTED.includes(variable))
  return {
    ...Object.fromEntries(inherited),
    PATH: `${join(modules, '.bin')}:${process.env.PATH}`,
    NO_COLOR: '1',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_loglevel: 'error',
  }
}
