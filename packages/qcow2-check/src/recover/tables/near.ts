/** Bits 9 to 55 of an entry: its offset. */
const FIRST_BIT = 9
const LAST_BIT = 55

/** An offset that differs from an entry's in so many bits. */
export interface NearOffset {
  readonly offset: number
  readonly bits: number
}

/**
 * Known offsets that one or two flipped bits make of an entry, or nothing but its lowest bits: 1128 look-ups, whatever
 * the number of known ones.
 *
 * @param entry as it stands in the table, flags included
 * @param clusterSize bytes
 */
export function nearOffsets(
  entry: bigint,
  clusterSize: number,
  isKnown: (offset: number) => boolean,
): NearOffset[] {
  const found = new Map<number, number>()
  const offset = entry & 0x00ff_ffff_ffff_fe00n
  const consider = (candidate: bigint, bits: number) => {
    const value = Number(candidate)
    if (value > 0 && value % clusterSize === 0 && isKnown(value)) {
      const before = found.get(value)
      if (before === undefined || bits < before) found.set(value, bits)
    }
  }
  consider(offset, 0)
  consider(offset - (offset % BigInt(clusterSize)), bitsOf(offset % BigInt(clusterSize)))
  for (let one = FIRST_BIT; one <= LAST_BIT; one++) {
    const flipped = offset ^ (1n << BigInt(one))
    consider(flipped, 1)
    for (let other = one + 1; other <= LAST_BIT; other++) consider(flipped ^ (1n << BigInt(other)), 2)
  }
  return [...found].map(([value, bits]) => ({ offset: value, bits })).sort((a, b) => a.bits - b.bits)
}

function bitsOf(value: bigint): number {
  let bits = 0
  for (let rest = value; rest > 0n; rest >>= 1n) bits += Number(rest & 1n)
  return bits
}

/** Of entries that can't be, so many times beyond the end of the file none is anywhere near it by chance. */
const PLAUSIBLE_TIMES = 4

/** What is near an entry is what it meant, if no more than so many would be as near by chance. */
export const MOST_CHANCE = 1 / 1000

/** What an entry may be near to. */
export interface NearFile {
  /** Bytes. */
  readonly clusterSize: number
  readonly clusters: number
  /** How many offsets are known. */
  readonly known: number
}

/**
 * How many known offsets one expects within so many bits of an entry that has nothing to do with any: in a small file
 * each offset is a bit or two from many others, so that nearness proves little. An entry that is no offset in such a
 * file at all is not near by chance.
 */
export function chanceOfNear(
  entry: bigint,
  bits: number,
  { clusterSize, clusters, known }: NearFile,
): number {
  const offset = Number(entry & 0x00ff_ffff_ffff_fe00n)
  if (offset % clusterSize !== 0 || offset > clusters * clusterSize * PLAUSIBLE_TIMES) return 0
  let reached = 0
  nearOffsets(entry, clusterSize, (near) => {
    if (near < clusters * clusterSize) reached++
    return false
  })
  if (bits < 2) reached = Math.min(reached, 1 + Math.ceil(Math.log2(Math.max(2, clusters))))
  return (reached * known) / clusters
}
