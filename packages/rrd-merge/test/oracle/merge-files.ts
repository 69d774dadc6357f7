import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Architecture, convertRrd, rrdFromBytes, rrdToBytes } from '../../src/format/index.ts'
import { applyPlan, type MergeOptions, type Plan, planMerge } from '../../src/merge/index.ts'
import { Rrdtool } from '../../src/rrdtool/index.ts'

/** A folder of files that the real rrdtool makes and reads; disposed of with everything in it. */
export class OracleFolder implements AsyncDisposable {
  readonly rrdtool = new Rrdtool({ persistent: true, timeout: 30_000 })
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<OracleFolder> {
    return new OracleFolder(await mkdtemp(join(tmpdir(), 'rrd-merge-oracle-')))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  async create(
    name: string,
    definition: { step: number; start: number; ds: readonly string[]; rra: readonly string[] },
    updates: readonly string[],
  ): Promise<void> {
    await this.rrdtool.create(this.path(name), definition)
    await this.update(name, updates)
  }

  /** In commands of at most 100 updates. */
  async update(name: string, updates: readonly string[]): Promise<void> {
    for (let index = 0; index < updates.length; index += 100) {
      await this.rrdtool.update(this.path(name), updates.slice(index, index + 100))
    }
  }

  async merge(olds: readonly string[], name: string, output: string, options?: MergeOptions): Promise<Plan> {
    const open = async (file: string) => rrdFromBytes(await readFile(this.path(file)))
    const plan = planMerge(await open(name), await Promise.all(olds.map(open)), options)
    await writeFile(this.path(output), applyPlan(plan))
    return plan
  }

  /** Writes a file as a machine of another architecture would hold it. */
  async convert(name: string, output: string, architecture: Architecture): Promise<void> {
    const rrd = rrdFromBytes(await readFile(this.path(name)))
    await writeFile(this.path(output), rrdToBytes(convertRrd(rrd, architecture)))
  }

  dump(name: string): Promise<string> {
    return this.rrdtool.dump(this.path(name))
  }

  /** What rrdtool makes of XML, dumped again. */
  async restored(xml: string, name: string, options: { rangeCheck?: boolean } = {}): Promise<string> {
    const file = this.path(`${name}.xml`)
    await writeFile(file, xml)
    await this.rrdtool.restore(file, this.path(name), { force: true, ...options })
    return this.dump(name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rrdtool.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Repeatable random numbers in 0..1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
