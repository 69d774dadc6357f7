import { join } from 'node:path'
import { type Case, writeImage } from '../corpus/cases.ts'
import type { Content } from '../corpus/content.ts'
import { listedSnapshots, readDisks } from './judge.ts'

/** What QEMU makes of the damaged image; asked only where a repair left something else than a whole disk. */
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
    const content = readDisks(this.#case.healthy, this.#image(), [id]).then((disks) => disks.get(id))
    this.#contents.set(id, content)
    return content
  }

  listed(): Promise<readonly string[]> {
    this.#listed ??= listedSnapshots(this.#case.healthy, this.#image()).then((ids) => ids ?? [])
    return this.#listed
  }

  #image(): string {
    this.#path ??= writeImage(this.#folder, this.#case.bytes, this.#case.healthy.companions)
    return this.#path
  }
}
