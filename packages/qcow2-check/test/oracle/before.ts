import { join } from 'node:path'
import { type Case, writeImage } from '../corpus/cases.ts'
import type { Content } from '../corpus/content.ts'
import { listedSnapshots, readDisks } from './judge.ts'

/**
 * What QEMU makes of the damaged image; asked only where a repair left something else than a whole disk. Of several
 * damages one may be in the header, so that QEMU opens nothing: with the header of before it reads what the others left.
 */
export class Before {
  readonly #case: Case
  readonly #folder: string
  #path: string | undefined
  readonly #contents = new Map<string | undefined, Promise<Content | undefined>>()
  #listed: Promise<readonly string[]> | undefined

  constructor(one: Case, folder: string) {
    this.#case = one
    this.#folder = join(folder, 'before')
  }

  read(id: string | undefined): Promise<Content | undefined> {
    const known = this.#contents.get(id)
    if (known) return known
    const content = this.#read(id)
    this.#contents.set(id, content)
    return content
  }

  listed(): Promise<readonly string[]> {
    this.#listed ??= this.#list()
    return this.#listed
  }

  async #read(id: string | undefined): Promise<Content | undefined> {
    const { healthy } = this.#case
    const content = (await readDisks(healthy, this.#image(), [id])).get(id)
    if (content !== undefined || (await listedSnapshots(healthy, this.#image()))) return content
    const headed = this.#withHeader()
    return headed === undefined ? undefined : (await readDisks(healthy, headed, [id])).get(id)
  }

  async #list(): Promise<readonly string[]> {
    const { healthy } = this.#case
    const ids = await listedSnapshots(healthy, this.#image())
    if (ids) return ids
    const headed = this.#withHeader()
    return headed === undefined ? [] : ((await listedSnapshots(healthy, headed)) ?? [])
  }

  /** The image with its header as it was; undefined where there is but one damage. */
  #withHeader(): string | undefined {
    const { healthy, bytes, expect } = this.#case
    if (!expect.several) return undefined
    const headed = Buffer.from(bytes)
    healthy.bytes.copy(headed, 0, 0, healthy.shape.clusterSize)
    return writeImage(join(this.#folder, 'headed'), headed, healthy.companions)
  }

  #image(): string {
    this.#path ??= writeImage(this.#folder, this.#case.bytes, this.#case.healthy.companions)
    return this.#path
  }
}
