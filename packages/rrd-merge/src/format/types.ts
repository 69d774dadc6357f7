/** A machine's layout of an RRD file: byte order, size of `long`, alignment of `double` (and 64-bit time_t on 32 bit). */
export type Architecture =
  | 'le64'
  | 'be64'
  | 'le32a4'
  | 'le32a8'
  | 'be32a4'
  | 'be32a8'
  | 'le32a4t64'
  | 'le32a8t64'
  | 'be32a8t64'

/** The format version of the cookie, 0001 to 0005; docs/format.md says what each can hold. */
export type Version = 1 | 2 | 3 | 4 | 5

/** A node of a COMPUTE data source's expression: rpn_cdefds_t. */
export interface RpnNode {
  readonly op: number
  /** A constant, or the index of a data source, by `op`. */
  readonly value: number
}

/** A data source (DS) and its running interval, as ds_def and pdp_prep have them (rrd_format.h). */
export interface DataSource {
  /** Bytes of ds_nam read as Latin-1: any byte survives a round trip. */
  readonly name: string
  /** GAUGE, COUNTER, DERIVE, ABSOLUTE, COMPUTE, DCOUNTER, DDERIVE, or what the file says. */
  readonly type: string
  /** Seconds; 0 for COMPUTE. */
  readonly heartbeat: number
  /** NaN where the file sets no bound. */
  readonly minimum: number
  readonly maximum: number
  /** Only for COMPUTE. */
  readonly rpn?: readonly RpnNode[]
  /** pdp_prep.last_ds, the last reading as text ("U" where unknown). */
  readonly lastReading: string
  /** Seconds of the running interval of which nothing is known. */
  readonly unknownSeconds: number
  /** The running interval's value so far: for rates what has come together, in units x seconds. */
  readonly pdpValue: number
}

/** An archive (RRA), as rra_def and rra_ptr have it (rrd_format.h). */
export interface Archive {
  /** AVERAGE, MIN, MAX, LAST, HWPREDICT, ..., or what the file says. */
  readonly cf: string
  readonly rowCount: number
  /** Primary data points, of a step each, that a row covers. */
  readonly pdpPerRow: number
  /** Seconds one row covers: step x pdpPerRow. */
  readonly span: number
  /** Share of a row's primary data points that may be unknown, 0 to 1. NaN for archives that have none (Holt-Winters). */
  readonly xff: number
  /** Index of the row written last. */
  readonly currentRow: number
  /** Byte offset in the file of row 0's first cell. */
  readonly offset: number
}

/** Everything in front of the cells, as numbers and text (rrd_format.h). */
export interface RrdHeader {
  readonly architecture: Architecture
  readonly version: Version
  /** Seconds of a primary data point. */
  readonly step: number
  /** Seconds since 1970 of the last update. */
  readonly lastUpdate: number
  /** Microseconds beyond it, 0 to 999999; 0 in versions 1 and 2, which have none. */
  readonly lastUpdateUsec: number
  readonly dataSources: readonly DataSource[]
  readonly archives: readonly Archive[]
  /** Bytes before the first cell. */
  readonly length: number
}

/** An RRD in memory; see docs/design.md. */
export interface Rrd {
  readonly header: RrdHeader
  /** The file's bytes; its cell area is in this machine's byte order while the image is open. */
  readonly bytes: Uint8Array
  /** One view per archive: rowCount x dataSources.length doubles, row after row in physical order. */
  readonly cells: readonly Float64Array[]
}
