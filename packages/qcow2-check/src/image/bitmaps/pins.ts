import { BITMAP_FLAG, type BitmapEntry } from '../../format/index.ts'

const NAME = /^qcow2-check-pinned-([1-9]\d{0,8})$/

/** Name of a bitmap that holds leaked clusters. */
export function pinName(number: number): string {
  return `qcow2-check-pinned-${number}`
}

/** @returns undefined for the name of any other bitmap */
export function pinNumber(name: string): number | undefined {
  const number = NAME.exec(name)?.[1]
  return number === undefined ? undefined : Number(number)
}

/** A bitmap that holds leaked clusters: in use, so that QEMU never loads it, but counts and keeps its clusters. */
export function isPin({ flags }: Pick<BitmapEntry, 'flags'>, name: string): boolean {
  return pinNumber(name) !== undefined && (flags & BITMAP_FLAG.inUse) !== 0
}

/** One bit stands for as much as can be: QEMU allocates a bitmap of that many bits for each one in use. */
export const PIN_GRANULARITY_BITS = 31
