import type { Extent, ExtentKind } from './extent.ts'

interface OpenExtent {
  kind: ExtentKind
  offset: number
  length: number
  host?: number
  hostLength?: number
  reason?: string
}

/** Extents in ascending order; what continues its predecessor becomes part of it. */
export class ExtentList {
  #list: OpenExtent[] = []
  #last: OpenExtent | undefined
  readonly #rawExternal: boolean

  /** @param rawExternal what no table tells is still known: it lies at its guest offset in the external data file */
  constructor({ rawExternal }: { readonly rawExternal: boolean } = { rawExternal: false }) {
    this.#rawExternal = rawExternal
  }

  /** Data at `host`. */
  data(offset: number, length: number, host: number): void {
    const last = this.#last
    if (
      last?.kind === 'data' &&
      last.offset + last.length === offset &&
      (last.host as number) + last.length === host
    )
      last.length += length
    else this.#push({ kind: 'data', offset, length, host })
  }

  /** One compressed cluster; never joined, each is a stream of its own. */
  compressed(offset: number, length: number, host: number, hostLength: number): void {
    this.#push({ kind: 'compressed', offset, length, host, hostLength })
  }

  plain(kind: 'zero' | 'backing', offset: number, length: number): void {
    const last = this.#last
    if (last?.kind === kind && last.offset + last.length === offset) last.length += length
    else this.#push({ kind, offset, length })
  }

  lost(offset: number, length: number, reason: string): void {
    if (this.#rawExternal && reason !== 'data-file-short') {
      this.data(offset, length, offset)
      return
    }
    const last = this.#last
    if (last?.kind === 'lost' && last.reason === reason && last.offset + last.length === offset)
      last.length += length
    else this.#push({ kind: 'lost', offset, length, reason })
  }

  /** Any extent, joined if it fits. */
  add(extent: Extent): void {
    const { kind, offset, length, host = 0, hostLength = 0, reason = '' } = extent
    if (kind === 'data') this.data(offset, length, host)
    else if (kind === 'compressed') this.compressed(offset, length, host, hostLength)
    else if (kind === 'lost') this.lost(offset, length, reason)
    else this.plain(kind, offset, length)
  }

  get length(): number {
    return this.#list.length
  }

  /** All so far but the last, which may still grow; they leave the list. */
  takeFinished(): readonly Extent[] {
    if (this.#list.length < 2) return []
    const finished = this.#list
    this.#list = [finished.pop() as OpenExtent]
    return finished
  }

  /** All; the list is empty afterwards. */
  takeAll(): readonly Extent[] {
    const all = this.#list
    this.#list = []
    this.#last = undefined
    return all
  }

  #push(extent: OpenExtent): void {
    this.#list.push(extent)
    this.#last = extent
  }
}
