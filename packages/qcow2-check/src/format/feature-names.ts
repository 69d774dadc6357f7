/** An entry of the feature name table: a name for a bit, told by whoever wrote the image. */
export interface FeatureName {
  readonly kind: 'incompatible' | 'compatible' | 'autoclear' | 'unknown'
  /** 0 to 63. */
  readonly bit: number
  readonly name: string
}

const ENTRY = 48
const KINDS = ['incompatible', 'compatible', 'autoclear'] as const

/** @param data of the extension; a last entry that is not whole is left out */
export function decodeFeatureNames(data: Uint8Array): readonly FeatureName[] {
  const names: FeatureName[] = []
  for (let at = 0; at + ENTRY <= data.length; at += ENTRY) {
    const text = data.subarray(at + 2, at + ENTRY)
    const end = text.indexOf(0)
    names.push({
      kind: KINDS[data[at] as number] ?? 'unknown',
      bit: data[at + 1] as number,
      name: new TextDecoder().decode(end < 0 ? text : text.subarray(0, end)),
    })
  }
  return names
}

/** @param names of 46 bytes at most; longer ones are cut */
export function encodeFeatureNames(names: readonly FeatureName[]): Uint8Array {
  const data = new Uint8Array(names.length * ENTRY)
  for (const [index, { kind, bit, name }] of names.entries()) {
    const at = index * ENTRY
    data[at] = kind === 'unknown' ? 255 : KINDS.indexOf(kind)
    data[at + 1] = bit
    data.set(new TextEncoder().encode(name).subarray(0, ENTRY - 2), at + 2)
  }
  return data
}
