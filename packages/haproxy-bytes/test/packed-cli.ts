import { packedPackage } from '../../../tooling/checks/packed/packed-package.ts'

/** What every test of the command line runs. HAPROXY_BYTES_PACKAGE names another folder to pack. */
export const { setup, teardown } = packedPackage(
  'haproxy-bytes',
  new URL('..', import.meta.url),
  'HAPROXY_BYTES_PACKAGE',
)
