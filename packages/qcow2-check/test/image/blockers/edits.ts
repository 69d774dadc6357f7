/** Edits of an image in place. */
export type Edit = (bytes: Buffer) => void

export const u8 = (offset: number, value: number) => (bytes: Buffer) => void bytes.writeUInt8(value, offset)
export const u16 = (offset: number, value: number) => (bytes: Buffer) =>
  void bytes.writeUInt16BE(value, offset)
export const u32 = (offset: number, value: number) => (bytes: Buffer) =>
  void bytes.writeUInt32BE(value, offset)
export const u64 = (offset: number, value: bigint) => (bytes: Buffer) =>
  void bytes.writeBigUInt64BE(value, offset)
export const all =
  (...edits: ((bytes: Buffer) => void)[]) =>
  (bytes: Buffer) => {
    for (const edit of edits) edit(bytes)
  }
/** First extension of a type. */
export const extension = (bytes: Buffer, type: number): number => {
  for (let at = 112; ; at += 8 + Math.ceil(bytes.readUInt32BE(at + 4) / 8) * 8)
    if (bytes.readUInt32BE(at) === type) return at
}
export const inExtension = (type: number, edit: (at: number) => (bytes: Buffer) => void) => (bytes: Buffer) =>
  edit(extension(bytes, type))(bytes)
export const at = (pointer: number, edit: (offset: number) => (bytes: Buffer) => void) => (bytes: Buffer) =>
  edit(Number(bytes.readBigUInt64BE(pointer)))(bytes)

export const END = 2n ** 63n - 2n ** 30n
export const FEATURES = 0x6803f857
export const BITMAPS = 0x23852875
export const CRYPTO = 0x0537be77
export const FORMAT = 0xe2792aca
