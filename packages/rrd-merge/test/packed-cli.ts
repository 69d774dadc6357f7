import { packedPackage } from '../../../tooling/checks/packed/packed-package.ts'

/** What every test of the command line runs. RRD_MERGE_PACKAGE names another folder to pack. */
export const { setup, teardown } = packedPackage(
  'rrd-merge',
  new URL('..', import.meta.url),
  'RRD_MERGE_PACKAGE',
)
