/** Numbers from a seed (mulberry32), so that any finding can be had again. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** 0 to below `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * limit)
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
}

const BOUNDARIES = [
  0n,
  1n,
  2n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  2n ** 40n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
  0x7ff8_0000_0000_0000n,
  0x7ff0_0000_0000_0000n,
  0xfff0_0000_0000_0000n,
]

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array

const flipBits: Mutation = (bytes, random) => {
  for (let n = 1 + random.below(8); n > 0; n--) {
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8))
  }
  return bytes
}

/** A boundary value in a field of 4 or 8 bytes of either byte order; the heads get more than their share. */
const setField: Mutation = (bytes, random) => {
  const size = random.pick([4, 8])
  const area = random.pick([160, 400, bytes.length])
  if (bytes.length < size) return bytes
  const at = random.below(Math.floor((Math.min(area, bytes.length) - size) / 4) + 1) * 4
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const little = random.below(2) === 0
  if (size === 8) view.setBigUint64(at, random.pick(BOUNDARIES), little)
  else view.setUint32(at, Number(random.pick(BOUNDARIES) & 0xffff_ffffn), little)
  return bytes
}

const setByte: Mutation = (bytes, random) => {
  bytes[random.below(bytes.length)] = random.pick([0, 1, 0x20, 0x7f, 0x80, 0xff, random.below(256)])
  return bytes
}

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1))

const extend: Mutation = (bytes, random) => {
  const longer = new Uint8Array(bytes.length + 1 + random.below(64)).fill(random.below(256))
  longer.set(bytes)
  return longer
}

const splice: Mutation = (bytes, random, others) => {
  const other = random.pick(others)
  const from = random.below(other.length)
  const length = Math.min(random.below(256), other.length - from)
  const at = random.below(bytes.length)
  bytes.set(other.subarray(from, from + Math.min(length, bytes.length - at)), at)
  return bytes
}

const remove: Mutation = (bytes, random) => {
  const at = random.below(bytes.length)
  const length = Math.min(1 + random.below(16), bytes.length - at)
  const shorter = new Uint8Array(bytes.length - length)
  shorter.set(bytes.subarray(0, at))
  shorter.set(bytes.subarray(at + length), at)
  return shorter
}

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  setField,
  setField,
  setField,
  setByte,
  truncate,
  extend,
  splice,
  remove,
]

/** One of the files with one to three things wrong with it. */
export const mutate = (corpus: readonly Uint8Array[], random: Random): Uint8Array => {
  let bytes: Uint8Array = random.pick(corpus).slice()
  for (let n = 1 + random.below(3); n > 0 && bytes.length > 0; n--) {
    bytes = random.pick(MUTATIONS)(bytes, random, corpus)
  }
  return bytes
}
