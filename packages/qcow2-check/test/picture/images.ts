import { survey } from '../../src/check/index.ts'
import { openImage } from '../../src/image/index.ts'
import { type ClusterMap, clusterMap } from '../../src/picture/index.ts'
import { openFileSource } from '../../src/source/index.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'

/** An image with a snapshot, of whose data half was written anew since, and compressed clusters. */
export function makeSnapshotImage(path: string): void {
  qemuImg(['create', '-q', '-f', 'qcow2', path, '64M'])
  qemuIo(['-c', 'write -P 1 0 1M', path])
  qemuImg(['snapshot', '-c', 'before', path])
  qemuIo(['-c', 'write -P 2 512k 512k', '-c', 'write -c -P 3 8M 64k', path])
}

export async function mapOf(path: string): Promise<ClusterMap> {
  const source = openFileSource(path)
  try {
    return await clusterMap(await survey(await openImage(source)))
  } finally {
    source.close()
  }
}
