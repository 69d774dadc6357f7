import type { Abi } from './architecture.ts'
import { atOffset, RrdError } from './error.ts'
import type { UnivalKind, UnivalKinds } from './univals.ts'
import { UNIVALS, Univals } from './univals.ts'

/** Copies `size` bytes, reversed where one side is big-endian. */
const copy = (
  from: Uint8Array,
  at: number,
  to: Uint8Array,
  toAt: number,
  size: number,
  reverse: boolean,
): void => {
  for (let i = 0; i < size; i++) to[toAt + i] = from[at + (reverse ? size - 1 - i : i)] as number
}

const copyRpn = (from: Uint8Array, at: number, to: Uint8Array, toAt: number, reverse: boolean): void => {
  for (const node of [0, 4]) {
    copy(from, at + node, to, toAt + node, 2, false)
    copy(from, at + node + 2, to, toAt + node + 2, 2, reverse)
  }
}

const copySlot = (
  kind: UnivalKind,
  from: Uint8Array,
  at: number,
  to: Uint8Array,
  toAt: number,
  abi: Abi,
): void => {
  const reverse = !abi.littleEndian
  if (kind === 'count') copy(from, at, to, toAt, abi.long, reverse)
  else if (kind === 'value') copy(from, at, to, toAt, 8, reverse)
  else if (kind === 'rpn') copyRpn(from, at, to, toAt, reverse)
  else copy(from, at, to, toAt, 8, false)
}

/** Ten univals of a file, into their form without an architecture. */
export const decodeUnivals = (bytes: Uint8Array, offset: number, abi: Abi, kinds: UnivalKinds): Univals => {
  const univals = new Univals()
  for (let slot = 0; slot < UNIVALS; slot++) {
    copySlot(kinds[slot] as UnivalKind, bytes, offset + 8 * slot, univals.bytes, 8 * slot, abi)
  }
  return univals
}

/**
 * Ten univals into a file; the bytes there must be zero.
 *
 * @throws RrdError ERANGE where a count does not fit a 32-bit long
 */
export const encodeUnivals = (
  bytes: Uint8Array,
  offset: number,
  abi: Abi,
  kinds: UnivalKinds,
  univals: Univals,
  what: string,
): void => {
  for (let slot = 0; slot < UNIVALS; slot++) {
    const kind = kinds[slot] as UnivalKind
    if (kind === 'count' && abi.long === 4 && univals.count(slot) > 0xffff_ffff) {
      const at = offset + 8 * slot
      throw new RrdError(
        'ERANGE',
        `cannot write ${abi.architecture} ${atOffset(at)}: the count ${univals.count(slot)} in ${what} does not fit 32 bits`,
        { offset: at, remedy: 'choose a 64-bit architecture' },
      )
    }
    copySlot(kind, univals.bytes, 8 * slot, bytes, offset + 8 * slot, abi)
  }
}
