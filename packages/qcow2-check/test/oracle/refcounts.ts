/** Reads the refcount of the cluster at an offset, as QEMU would; undefined where the header or a table leads nowhere. */
export function refcountsOf(image: Buffer): ((offset: number) => bigint) | undefined {
  if (image.length < 104 || image.readUInt32BE(0) !== 0x514649fb) return undefined
  const clusterBits = image.readUInt32BE(20)
  const bits = image.readUInt32BE(4) === 3 ? 2 ** image.readUInt32BE(96) : 16
  const table = Number(image.readBigUInt64BE(48))
  if (clusterBits < 9 || clusterBits > 21 || bits > 64 || table + 8 > image.length) return undefined
  const clusterSize = 2 ** clusterBits
  const perBlock = (clusterSize * 8) / bits
  return (offset) => {
    const cluster = Math.floor(offset / clusterSize)
    const entry = table + Math.floor(cluster / perBlock) * 8
    if (entry + 8 > image.length) return 0n
    const block = Number(image.readBigUInt64BE(entry))
    const at = block + Math.floor(((cluster % perBlock) * bits) / 8)
    if (block === 0 || at + 8 > image.length) return 0n
    if (bits === 64) return image.readBigUInt64BE(at)
    if (bits >= 8) return BigInt(image.readUIntBE(at, bits / 8))
    return BigInt(((image[at] as number) >> ((cluster * bits) % 8)) & (2 ** bits - 1))
  }
}
