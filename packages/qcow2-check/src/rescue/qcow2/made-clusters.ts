import type { Extent } from '../../mapping/extent.ts'
import type { ExtentReader, LostRange } from '../../mapping/extent-reader.ts'
import { type ByteBudget, INFLATING } from '../byte-budget.ts'
import type { SequentialWriter } from '../sequential-writer.ts'
import { isAllZero } from '../zero-runs.ts'
import type { Allocator } from './output-tables.ts'
import type { ReferenceCounts } from './reference-counts.ts'

/** A cluster that stands nowhere in the source as it is: inflated, or taken from the backing file. */
export interface MadeCluster {
  /** Of the output; undefined: it holds zeros. */
  readonly cluster: number | undefined
  readonly lost: readonly LostRange[]
}

export interface MakingParts {
  readonly clusterSize: number
  readonly extents: ExtentReader
  readonly output: SequentialWriter
  readonly allocator: Allocator
  readonly references: ReferenceCounts
  readonly budget: ByteBudget
  readonly onMade: (bytes: number) => void
}

/** Makes such clusters, each once for all disks that have it at the same place of the same window. */
export class MadeClusters {
  readonly #parts: MakingParts
  readonly #buffer: Buffer
  readonly #made = new Map<string, MadeCluster>()
  #window = -1
  /** The budget is used up: nothing is made any more. */
  exhausted = false

  constructor(parts: MakingParts) {
    this.#parts = parts
    this.#buffer = Buffer.alloc(parts.clusterSize)
  }

  /**
   * @param guest of the cluster's beginning, bytes
   * @param parts of the cluster, all of it
   * @param weight tables that will name it
   */
  async make(window: number, guest: number, parts: readonly Extent[], weight: number): Promise<MadeCluster> {
    if (window !== this.#window) this.#made.clear()
    this.#window = window
    const key = `${guest} ${parts.map(({ kind, offset, host }) => `${kind}${offset}:${host ?? ''}`).join(' ')}`
    const known = this.#made.get(key)
    if (known) {
      if (known.cluster !== undefined) this.#parts.references.add(known.cluster, weight)
      return known
    }
    const made = await this.#write(guest, parts, weight)
    this.#made.set(key, made)
    return made
  }

  async #write(guest: number, parts: readonly Extent[], weight: number): Promise<MadeCluster> {
    const { clusterSize, extents, output, allocator, budget, onMade } = this.#parts
    const inflated = parts.some(({ kind }) => kind === 'compressed')
    if (!budget.take(clusterSize + (inflated ? INFLATING : 0))) {
      this.exhausted = true
      return { cluster: undefined, lost: [{ offset: guest, length: clusterSize, reason: 'too-much-work' }] }
    }
    const buffer = this.#buffer
    const lost: LostRange[] = []
    for (const part of parts) {
      const at = part.offset - guest
      lost.push(...(await extents.fill(buffer.subarray(at, at + part.length), part)))
    }
    onMade(clusterSize)
    if (isAllZero(buffer)) return { cluster: undefined, lost }
    const cluster = allocator.take(1, weight)
    await output.write(buffer, cluster * clusterSize)
    return { cluster, lost }
  }
}
