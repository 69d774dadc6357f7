import type { FileName } from '@nightshift/tooling/files'
import type { Warning } from '../report/warning.ts'
import { RrdcachedClient, suspendWhile } from '../rrdcached/index.ts'

/**
 * A run's dealings with rrdcached. The daemon knows a file by the text of a path, links unresolved, so each file is
 * spoken of under every name it may have been given: as the operator wrote it, and as it really is.
 */
export class Daemon {
  readonly #client: RrdcachedClient

  /** @throws RrdcachedError BAD_ARGUMENT for what is no address */
  constructor(address: string) {
    this.#client = new RrdcachedClient(address)
  }

  /** @throws RrdcachedError where nobody answers: before any file is touched */
  ping(signal?: AbortSignal): Promise<void> {
    return this.#client.ping(signal ? { signal } : {})
  }

  /** Does `work` while the daemon neither holds nor writes updates of the file. Its remarks are added to `warnings`. */
  async around<T>(
    names: readonly FileName[],
    work: () => Promise<T>,
    warnings: Warning[],
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const [name, ...others] = names
    if (name === undefined) return work()
    const inner = (): Promise<T> => this.around(others, work, warnings, signal)
    return suspendWhile(this.#client, name, inner, {
      ...(signal && { signal }),
      note: ({ code, message }) => warnings.push({ code: `rrdcached-${code}`, message }),
    })
  }

  close(): void {
    this.#client.close()
  }
}
