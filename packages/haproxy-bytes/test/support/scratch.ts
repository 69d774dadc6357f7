import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Memory, where there is some to be had: a disk makes each fsync dear. */
function fastFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    return '/dev/shm'
  } catch {
    return tmpdir()
  }
}

/** A folder of one's own that goes away with `dispose`. */
export class Scratch implements Disposable {
  readonly path: string

  constructor(name = 'haproxy-bytes') {
    this.path = mkdtempSync(join(process.env.HAPROXY_BYTES_SCRATCH ?? fastFolder(), `${name}-`))
  }

  file(name: string): string {
    return join(this.path, name)
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
