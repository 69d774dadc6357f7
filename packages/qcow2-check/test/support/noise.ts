import { createCipheriv, createHash } from 'node:crypto'

/** Bytes that look like nothing, the same ones for the same seed. */
export function noise(seed: string, length: number): Buffer {
  const key = createHash('md5').update(seed).digest()
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

/** Text that compresses well, a different one for each seed. */
export function prose(seed: string, length: number): Buffer {
  const line = `${seed} ${createHash('md5').update(seed).digest('hex')}: all quiet on this disk\n`
  return Buffer.from(line.repeat(Math.ceil(length / line.length)).slice(0, length), 'latin1')
}

/** What a disk holds: noise, text and gaps, so that no two places of it are alike. */
export function guestData(seed: string, length: number): Buffer {
  const data = noise(seed, length)
  const third = Math.floor(length / 3)
  prose(seed, third).copy(data, third)
  if (length >= 4096) data.fill(0, length - Math.floor(length / 8), length - 512)
  return data
}

/** Numbers from 0 to below 1, the same ones for the same seed. */
export function* dice(seed: string): Generator<number, never> {
  for (let round = 0; ; round++) {
    const bytes = noise(`${seed}#${round}`, 4096)
    for (let at = 0; at < bytes.length; at += 4) yield bytes.readUInt32BE(at) / 2 ** 32
  }
}

export function shuffled<T>(items: readonly T[], seed: string): T[] {
  const result = [...items]
  const rolls = dice(seed)
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(rolls.next().value * (at + 1))
    const held = result[at] as T
    result[at] = result[other] as T
    result[other] = held
  }
  return result
}
