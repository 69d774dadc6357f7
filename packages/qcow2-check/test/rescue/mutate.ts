import { dice } from '../support/noise.ts'

/** Flips bits, tears words and copies pieces, mostly in the first clusters, where the tables are. */
export function mutate(healthy: Buffer, seed: string): Buffer {
  const image = Buffer.from(healthy)
  const rolls = dice(seed)
  const roll = (below: number) => Math.floor(rolls.next().value * below)
  for (let count = 1 + roll(4); count > 0; count--) {
    const range = roll(2) === 0 ? Math.min(image.length, 65536 * 6) : image.length
    const at = roll(range - 16)
    const what = roll(4)
    if (what === 0) image[at] = (image[at] as number) ^ (1 << roll(8))
    else if (what === 1) image.writeBigUInt64BE(BigInt(roll(2 ** 32)) << BigInt(roll(32)), at - (at % 8))
    else if (what === 2) image.fill(roll(256), at, Math.min(image.length, at + roll(4096)))
    else image.copy(image, at, roll(range), roll(range))
  }
  return roll(10) === 0 ? image.subarray(0, roll(image.length)) : image
}
