import { IntervalSet } from '../loss/index.ts'
import type { CounterKey } from '../notes/index.ts'
import { latin1 } from '../transfer/values.ts'
import { BLOCK_SIZE, BLOCKS, CELL, OWNER, RECORD } from './layout.ts'

/** Numbers of %lc that were met, of one frontend of one process. */
export interface CountedLines {
  readonly key: CounterKey
  readonly numbers: readonly (readonly [first: number, last: number])[]
}

const BLOCK = 64
const HALF = 32

/** Takes in the numbers of %lc that the kernel notes, block by block. */
export class Counters {
  readonly #memory: () => ArrayBuffer
  /** By address of the record of whose they are. */
  readonly #numbers = new Map<number, IntervalSet>()

  constructor(memory: () => ArrayBuffer) {
    this.#memory = memory
  }

  /** Blocks that the kernel has left. */
  take(): void {
    const cells = new DataView(this.#memory())
    const count = cells.getUint32(CELL.blocks, true)
    cells.setUint32(CELL.blocks, 0, true)
    for (let at = BLOCKS; at < BLOCKS + count * BLOCK_SIZE; at += BLOCK_SIZE)
      this.#add(cells.getUint32(at, true), cells.getUint32(at + 4, true), cells, at + 8)
  }

  /** All numbers; the records are used no more. */
  drain(owners: Iterable<number>): CountedLines[] {
    this.take()
    const cells = new DataView(this.#memory())
    const counted: CountedLines[] = []
    for (const owner of owners) {
      this.#add(owner, cells.getUint32(owner + OWNER.block, true), cells, owner + OWNER.bits)
      const numbers = this.#numbers.get(owner)?.intervals() ?? []
      if (numbers.length > 0) counted.push({ key: this.#keyOf(owner, cells), numbers })
    }
    this.#numbers.clear()
    return counted
  }

  #add(owner: number, block: number, cells: DataView, bitsAt: number): void {
    const numbers = this.#numbers.get(owner) ?? new IntervalSet()
    this.#numbers.set(owner, numbers)
    const runs = [0, HALF].flatMap((offset) =>
      runsOf(cells.getUint32(bitsAt + offset / 8, true), block * BLOCK + offset),
    )
    numbers.merge(IntervalSet.from(runs))
  }

  #keyOf(owner: number, cells: DataView): CounterKey {
    const bytes = new Uint8Array(cells.buffer)
    let at = owner + RECORD.keys
    const [host, pid, frontend] = [1, 2, 3].map((number) => {
      const length = cells.getUint16(owner + RECORD.lengths + 2 * number, true)
      const text = latin1(bytes, at, at + length)
      at += Math.max(16, (length + 15) & ~15)
      return text
    }) as [string, string, string]
    const process = pid === '' ? Number.NaN : Number(pid)
    return { host: host === '' ? null : host, pid: Number.isSafeInteger(process) ? process : null, frontend }
  }
}

/** Numbers from `first` on whose bits are set. */
function runsOf(bits: number, first: number): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (let at = 0, rest = bits; rest !== 0; ) {
    const zeros = trailingZeros(rest)
    at += zeros
    const ones = trailingZeros(~(rest >>> zeros))
    runs.push([first + at, first + at + ones - 1])
    at += ones
    rest = at < HALF ? bits >>> at : 0
  }
  return runs
}

/** 32 for 0. */
const trailingZeros = (bits: number): number => (bits === 0 ? HALF : 31 - Math.clz32(bits & -bits))
