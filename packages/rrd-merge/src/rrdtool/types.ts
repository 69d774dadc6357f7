/** A time: whole seconds since 1970 (UTC), or anything rrdtool's own parser reads (`now-1h`, `end-24h`, `noon yesterday`). */
export type Time = number | string

/** How one call is bounded. */
export interface CallOptions {
  /** Ends the call: one that waits in the queue leaves it, one that was sent ends its child. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds from when the command is sent (not while it waits in the queue) to its whole answer; 0 for none. */
  readonly timeout?: number | undefined
}

/** What every method takes beside its own options; `signal` and `timeout` may stand here or in the last argument. */
export interface DaemonOptions extends CallOptions {
  /**
   * An rrdcached that answers instead of the file (`unix:/run/rrdcached.sock`, `host`, `host:port`). Without it no
   * daemon is asked, whatever RRDCACHED_ADDRESS says.
   */
  readonly daemon?: string | undefined
}

export interface RrdtoolOptions {
  /** The program: a name looked up in PATH, or a path. Default `rrdtool`. */
  readonly path?: string | undefined
  /** true: one `rrdtool -` answers all calls, one at a time; false (default): a process a call. */
  readonly persistent?: boolean | undefined
  /** Milliseconds a call may take unless it says otherwise; 0 (default) for no limit. */
  readonly timeout?: number | undefined
  /** An rrdcached for all calls that don't name one themselves. */
  readonly daemon?: string | undefined
  /** Bytes that an answer may have before it is refused as PROTOCOL. Default 256 MiB. */
  readonly maxOutput?: number | undefined
}

/** One row of `fetch` or `xport`. */
export interface Row {
  /** Seconds since 1970: the END of the interval that the row covers. */
  readonly time: number
  /** One value per name, in the order of `names`; NaN where unknown. */
  readonly values: readonly number[]
}

export interface Series {
  /** The first row's time less a step: the beginning of what the rows cover, seconds since 1970. */
  readonly start: number
  /** The last row's time, seconds since 1970. */
  readonly end: number
  /** Seconds a row covers. */
  readonly step: number
  /** Names of the data sources (`fetch`), or the legends (`xport`). */
  readonly names: readonly string[]
  readonly rows: readonly Row[]
}

export interface LastUpdate {
  /** Seconds since 1970 of the last update. */
  readonly time: number
  /** The last reading of each data source; NaN where unknown. Beyond 2^53 a counter is only exact in `raw`. */
  readonly values: Readonly<Record<string, number>>
  /** The same as rrdtool printed it: `U` where unknown, every digit of a 64 bit counter. */
  readonly raw: Readonly<Record<string, string>>
}

export interface GraphResult {
  /** Pixels (or points) of the whole image; 0 where only PRINTs were asked for and no image is made. */
  readonly width: number
  readonly height: number
  /** What each PRINT gave, in order. */
  readonly prints: readonly string[]
}
