import type { Architecture, Version } from './types.ts'

/** What a machine's C compiler decides about rrd_format.h's structures. */
export interface Abi {
  readonly architecture: Architecture
  readonly littleEndian: boolean
  /** sizeof(unsigned long). */
  readonly long: 4 | 8
  /** Alignment of a double inside a structure. */
  readonly align: 4 | 8
  /** sizeof(time_t). */
  readonly time: 4 | 8
}

const abi = (architecture: Architecture, long: 4 | 8, align: 4 | 8, time: 4 | 8): Abi => ({
  architecture,
  littleEndian: architecture.startsWith('le'),
  long,
  align,
  time,
})

/**
 * le64: x86_64, arm64, ppc64le; be64: s390x, ppc64, mips64; le32a4: i386 Linux; le32a8: arm32, mipsel;
 * be32a8: ppc32, mips32, sparc32; be32a4: AIX and Mac OS X on 32-bit PowerPC ("power" alignment).
 * t64: 32-bit long with 64-bit time_t (Debian 13 armhf, and 64-bit Windows, whose long is 4 bytes).
 */
const ABIS: Readonly<Record<Architecture, Abi>> = {
  le64: abi('le64', 8, 8, 8),
  be64: abi('be64', 8, 8, 8),
  le32a4: abi('le32a4', 4, 4, 4),
  le32a8: abi('le32a8', 4, 8, 4),
  be32a4: abi('be32a4', 4, 4, 4),
  be32a8: abi('be32a8', 4, 8, 4),
  le32a4t64: abi('le32a4t64', 4, 4, 8),
  le32a8t64: abi('le32a8t64', 4, 8, 8),
  be32a8t64: abi('be32a8t64', 4, 8, 8),
}

export const ARCHITECTURES: readonly Architecture[] = Object.keys(ABIS) as Architecture[]

export const abiOf = (architecture: Architecture): Abi => ABIS[architecture]

/** The architecture whose members match, if there is one. */
export const findAbi = (littleEndian: boolean, long: 4 | 8, align: 4 | 8, time: 4 | 8): Abi | undefined =>
  Object.values(ABIS).find(
    (a) => a.littleEndian === littleEndian && a.long === long && a.align === align && a.time === time,
  )

/** Not asked of node:os, which takes a millisecond to load. */
export const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** What rrdtool writes on this machine; Node itself runs on 64 bits or on 32-bit ARM. */
export const hostArchitecture = (): Architecture => {
  const wide = !['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'].includes(process.arch)
  if (wide) return HOST_LITTLE_ENDIAN ? 'le64' : 'be64'
  if (process.arch === 'ia32') return 'le32a4'
  return HOST_LITTLE_ENDIAN ? 'le32a8' : 'be32a8'
}

const align = (offset: number, to: number): number => Math.ceil(offset / to) * to

/** Byte offsets inside stat_head and rra_def, which differ by architecture; ds_def and the preps do not. */
export interface StructOffsets {
  readonly floatCookie: number
  /** ds_cnt; rra_cnt and pdp_step follow, one `long` each. */
  readonly counts: number
  readonly statPar: number
  readonly statHead: number
  readonly rowCount: number
  readonly rraPar: number
  readonly rraDef: number
}

const structs = new Map<Architecture, StructOffsets>()

export const structOffsets = (of: Abi): StructOffsets => {
  const known = structs.get(of.architecture)
  if (known) return known
  const floatCookie = align(9, of.align)
  const counts = align(floatCookie + 8, of.long)
  const statPar = align(counts + 3 * of.long, of.align)
  const rowCount = align(20, of.long)
  const rraPar = align(rowCount + 2 * of.long, of.align)
  const made = {
    floatCookie,
    counts,
    statPar,
    statHead: statPar + 80,
    rowCount,
    rraPar,
    rraDef: rraPar + 80,
  }
  structs.set(of.architecture, made)
  return made
}

/** live_head_t: versions before 3 have the time only, later ones add the microseconds as a long. */
export const liveHeadSize = (of: Abi, version: Version): number =>
  version < 3 ? of.time : align(of.time + of.long, of.time === 8 ? of.align : of.long)
