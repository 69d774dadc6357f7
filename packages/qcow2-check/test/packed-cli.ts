import { packedPackage } from '../../../tooling/checks/packed/packed-package.ts'

/** What every test of the command line runs. QCOW2_CHECK_PACKAGE names another folder to pack. */
export const { setup, teardown } = packedPackage(
  'qcow2-check',
  new URL('..', import.meta.url),
  'QCOW2_CHECK_PACKAGE',
)
