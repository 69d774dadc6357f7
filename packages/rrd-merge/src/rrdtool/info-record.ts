type PerDs = 'index' | 'minimal_heartbeat' | 'min' | 'max' | 'value' | 'unknown_sec'
type PerRra =
  | 'rows'
  | 'cur_row'
  | 'pdp_per_row'
  | 'xff'
  | 'alpha'
  | 'beta'
  | 'gamma'
  | 'delta_pos'
  | 'delta_neg'
  | 'failure_threshold'
  | 'window_length'
  | 'smoothing_window'

/**
 * What `rrdtool info` says, flat under rrdtool's own keys: numbers as numbers (unknown and unbounded as NaN), strings
 * as strings. A key is only there if rrdtool printed it.
 */
export interface InfoRecord {
  readonly filename: string
  /** `0001` to `0005`. */
  readonly rrd_version: string
  /** Seconds of a primary data point. */
  readonly step: number
  /** Seconds since 1970. */
  readonly last_update: number
  /** Bytes before the first cell; since rrdtool 1.4. */
  readonly header_size?: number
  readonly [ds: `ds[${string}].type` | `ds[${string}].last_ds` | `ds[${string}].cdef`]: string
  readonly [ds: `ds[${string}].${PerDs}`]: number
  readonly [rra: `rra[${number}].cf`]: string
  readonly [rra: `rra[${number}].${PerRra}`]: number
  readonly [prep: `rra[${number}].cdp_prep[${number}].history`]: string
  readonly [
    prep: `rra[${number}].cdp_prep[${number}].${
      | 'value'
      | 'unknown_datapoints'
      | 'intercept'
      | 'slope'
      | 'NaN_count'
      | 'seasonal'
      | 'deviation'}`
  ]: number
  /** What a later rrdtool prints beside these. */
  readonly [key: string]: string | number | undefined
}
