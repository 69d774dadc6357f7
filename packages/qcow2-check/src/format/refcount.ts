/**
 * Refcounts of a refcount block. Widths below 8 bits fill a byte from its lowest bit, wider ones are big-endian
 * (QEMU docs/interop/qcow2.txt, "Refcount blocks").
 *
 * @param order 0 to 6: refcounts of 2^order bits
 * @returns the refcount; of 64 bits a value beyond 2^53 is rounded
 */
export function getRefcount(block: Uint8Array, order: number, index: number): number {
  if (order < 3) {
    const perByte = 3 - order
    const shift = (index & ((1 << perByte) - 1)) << order
    return ((block[index >>> perByte] as number) >>> shift) & (2 ** (1 << order) - 1)
  }
  const bytes = 1 << (order - 3)
  let value = 0
  for (let at = index * bytes, end = at + bytes; at < end; at++) value = value * 256 + (block[at] as number)
  return value
}

/** @param value 0 to maxRefcount(order) */
export function setRefcount(block: Uint8Array, order: number, index: number, value: number): void {
  if (order < 3) {
    const perByte = 3 - order
    const shift = (index & ((1 << perByte) - 1)) << order
    const mask = (2 ** (1 << order) - 1) << shift
    const at = index >>> perByte
    block[at] = ((block[at] as number) & ~mask) | (value << shift)
    return
  }
  const bytes = 1 << (order - 3)
  let rest = value
  for (let at = index * bytes + bytes - 1; at >= index * bytes; at--) {
    block[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
}

/** Of 64 bits: 2^53-1, which no image reaches. */
export function maxRefcount(order: number): number {
  return order === 6 ? Number.MAX_SAFE_INTEGER : 2 ** (2 ** order) - 1
}
