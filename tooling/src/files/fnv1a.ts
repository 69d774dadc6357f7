/** FNV-1a, 32 bits: spreads evenly, is the same on every machine, and node:crypto takes 4 ms to load. No secrets. */
export function fnv1a(bytes: Uint8Array): number {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  return value
}
