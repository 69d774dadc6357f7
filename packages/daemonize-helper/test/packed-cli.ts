import { packedPackage } from '../../../tooling/checks/packed/packed-package.ts'

/** What every test of the command line runs. DAEMONIZE_HELPER_PACKAGE names another folder to pack. */
export const { setup, teardown } = packedPackage(
  'daemonize-helper',
  new URL('..', import.meta.url),
  'DAEMONIZE_HELPER_PACKAGE',
)
