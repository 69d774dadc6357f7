type DsNumber = 'index' | 'minimal_heartbeat' | 'min' | 'max' | 'value' | 'unknown_sec'
type DsText = 'type' | 'last_ds' | 'cdef'
type RraNumber =
  | 'rows'
  | 'cur_row'
  | 'pdp_per_row'
  | 'xff'
  | 'alpha'
  | 'beta'
  | 'gamma'
  | 'smoothing_window'
  | 'delta_pos'
  | 'delta_neg'
  | 'failure_threshold'
  | 'window_length'
type PrepNumber =
  | 'value'
  | 'unknown_datapoints'
  | 'intercept'
  | 'slope'
  | 'NaN_count'
  | 'seasonal'
  | 'deviation'

/** The part of `rrdtool info` that every file has. */
export interface InfoHeader {
  readonly filename: string
  /** `0001` to `0005`. */
  readonly rrd_version: string
  /** Seconds of a primary data point. */
  readonly step: number
  /** Seconds since 1970. */
  readonly last_update: number
  /** Bytes before the first cell. */
  readonly header_size?: number
}

/**
 * What `rrdtool info` says, flat under rrdtool's own keys (`ds[name].type`, `rra[0].rows`): numbers as numbers (unknown
 * and unbounded as NaN), texts as strings. A key is only there if rrdtool printed it.
 *
 * A plain type and not an interface with index signatures: those lose the names of their parts in bundled declarations.
 */
export type InfoRecord = InfoHeader &
  Readonly<Record<`ds[${string}].${DsNumber}`, number>> &
  Readonly<Record<`ds[${string}].${DsText}`, string>> &
  Readonly<Record<`rra[${number}].${RraNumber}`, number>> &
  Readonly<Record<`rra[${number}].cf`, string>> &
  Readonly<Record<`rra[${number}].cdp_prep[${number}].${PrepNumber}`, number>> &
  Readonly<Record<`rra[${number}].cdp_prep[${number}].history`, string>> &
  Readonly<Record<string, string | number | undefined>>
