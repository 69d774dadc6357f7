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
    this.#listed ??= listedSnapshots(this.#case.healthy, this.#image()).then((ids) => ids ?? [])
    return this.#listed
  }

  async #read(id: string | undefined): Promise<Content | undefined> {
    const { healthy, bytes, expect } = this.#case
    const content = (await readDisks(healthy, this.#image(), [id])).get(id)
    if (content !== undefined || !expect.several || (await this.#opens())) return content
    const headed = Buffer.from(bytes)
    healthy.bytes.copy(headed, 0, 0, healthy.shape.clusterSize)
    const path = writeImage(join(this.#folder, 'headed'), headed, healthy.companions)
    return (await readDisks(healthy, path, [id])).get(id)
  }

  async #opens(): Promise<boolean> {
    return (await listedSnapshots(this.#case.healthy, this.#image())) !== undefined
  }

  #image(): string {
    this.#path ??= writeImage(this.#folder, this.#case.bytes, this.#case.healthy.companions)
    return this.#path
  }
}
