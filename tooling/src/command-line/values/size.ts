import { InvalidArgumentError } from '@commander-js/extra-typings'

const letters = ['', 'k', 'm', 'g', 't', 'p', 'e'] as const

/** Which sizes are taken, in bytes. */
interface SizeRange {
  readonly min?: number
  readonly max?: number
}

/**
 * Bytes: `4096`, `64K`, `64KiB`, `1.5G`. Units are binary, as everywhere in qemu-img, dd and coreutils; `64KB` means
 * 64,000 in dd, hence it is refused rather than guessed.
 */
export function byteSize({
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
}: SizeRange = {}): (text: string) => number {
  return (text) => {
    const match = /^(\d+\.?\d*|\.\d+)\s?(?:([kmgtpe])(?:ib)?|b)?$/i.exec(text)
    if (match === null) throw new InvalidArgumentError('it must be a size such as 4096, 64K or 1.5GiB.')
    const power = letters.indexOf((match[2] ?? '').toLowerCase() as (typeof letters)[number])
    const bytes = Number(match[1]) * 1024 ** power
    if (!Number.isSafeInteger(bytes))
      throw new InvalidArgumentError('it must be a whole number of bytes below 2^53.')
    if (bytes < min) throw new InvalidArgumentError(`it must be at least ${min} bytes.`)
    if (bytes > max) throw new InvalidArgumentError(`it must be at most ${max} bytes.`)
    return bytes
  }
}
