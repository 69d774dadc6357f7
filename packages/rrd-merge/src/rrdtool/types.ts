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

/** How a client finds and runs rrdtool; times in milliseconds. */
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

/** Rows of values on one grid, as `fetch` and `xport` give them. */
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

/** What `lastupdate` answers. */
export interface LastUpdate {
  /** Seconds since 1970 of the last update. */
  readonly time: number
  /** The last reading of each data source; NaN where unknown. Beyond 2^53 a counter is only exact in `raw`. */
  readonly values: Readonly<Record<string, number>>
  /** The same as rrdtool printed it: `U` where unknown, every digit of a 64 bit counter. */
  readonly raw: Readonly<Record<string, string>>
}

/** What `graph` drew and printed. */
export interface GraphResult {
  /** Pixels (or points) of the whole image; 0 where only PRINTs were asked for and no image is made. */
  readonly width: number
  readonly height: number
  /** What each PRINT gave, in order. */
  readonly prints: readonly string[]
}

/** Options of `first`. */
export interface FirstOptions extends DaemonOptions {
  /** Index of the archive that is asked about, from 0 on. Default 0. */
  readonly rra?: number | undefined
}

/** Options of `fetch`; times in seconds. */
export interface FetchOptions extends DaemonOptions {
  /** Consolidation function: AVERAGE, MIN, MAX, LAST, HWPREDICT... */
  readonly cf: string
  /** Default: a day before `end`. */
  readonly start?: Time | undefined
  /** Default: now. */
  readonly end?: Time | undefined
  /** Seconds a row should cover; rrdtool takes the archive that comes closest. Default: the finest. */
  readonly resolution?: number | undefined
  /** Moves the start back to a multiple of the resolution. */
  readonly alignStart?: boolean | undefined
}

/** Options of `xport`; times in seconds. */
export interface XportOptions extends DaemonOptions {
  /** Default: a day before `end`. */
  readonly start?: Time | undefined
  /** Default: now. */
  readonly end?: Time | undefined
  /** Seconds a row should cover at least. */
  readonly step?: number | undefined
  /** Rows to give at most, 10 or more; rrdtool's default is 400, and it makes `step` longer to keep to it. */
  readonly maxrows?: number | undefined
}

/** Options of `create`; times in seconds. */
export interface CreateOptions extends DaemonOptions {
  /** Seconds of a primary data point. rrdtool's default: 300. */
  readonly step?: number | undefined
  /** The last update that the empty file claims; only later readings are taken. rrdtool's default: ten seconds ago. */
  readonly start?: Time | undefined
  /** Data sources, `DS:name:GAUGE:heartbeat:min:max`. */
  readonly ds?: readonly string[] | undefined
  /** Archives, `RRA:AVERAGE:xff:steps:rows`. */
  readonly rra?: readonly string[] | undefined
  /** Fail where the file exists; otherwise it is replaced, as rrdtool does. */
  readonly noOverwrite?: boolean | undefined
  /** An RRD whose structure is taken over. Since rrdtool 1.5. */
  readonly template?: string | undefined
  /** RRDs whose values are filled in. Since rrdtool 1.5. */
  readonly source?: readonly string[] | undefined
}

/** Options of `update`. */
export interface UpdateOptions extends DaemonOptions {
  /** Names of the data sources that the readings are for, `a:b`. */
  readonly template?: string | undefined
  /** Skip readings that are not later than the last update instead of failing. Since rrdtool 1.5. */
  readonly skipPastUpdates?: boolean | undefined
}

interface ResizeTarget extends CallOptions {
  /** Index of the archive, from 0 on. */
  readonly rra: number
  /** The file to write; it may be the one that is resized. Replaced whole or not at all. */
  readonly output: string
}

/** Rows to add to, or to take off, the old end of one archive. */
export type ResizeOptions =
  | (ResizeTarget & { readonly grow: number; readonly shrink?: undefined })
  | (ResizeTarget & { readonly shrink: number; readonly grow?: undefined })

/** Options of `dump`. */
export interface DumpOptions extends DaemonOptions {
  /** Write the XML to this file instead of giving it as text. */
  readonly output?: string | undefined
  /** Leave out the XML declaration and DOCTYPE. */
  readonly noHeader?: boolean | undefined
}

/** Options of `restore`. */
export interface RestoreOptions extends CallOptions {
  /** Replace an existing file; without it rrdtool refuses. */
  readonly force?: boolean | undefined
  /** Make values outside a data source's bounds unknown. */
  readonly rangeCheck?: boolean | undefined
}

/** An option of graph: a flag, a value, or several values where it may be given more than once. */
export type GraphOptionValue = string | number | boolean | readonly string[]

/**
 * rrdtool's own long options under their names (`'vertical-label'`) or in camel case (`verticalLabel`): a text or number
 * is the value, true a flag, an array an option given several times (`color`, `font`).
 */
export interface GraphOptions extends DaemonOptions {
  readonly start?: Time | undefined
  readonly end?: Time | undefined
  /** Seconds. */
  readonly step?: number | undefined
  /** Pixels of the canvas, not of the image. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** PNG (default), SVG, EPS, PDF; since rrdtool 1.5 also XML, JSON, CSV, TSV, SSV. */
  readonly imgformat?: string | undefined
  readonly title?: string | undefined
  readonly verticalLabel?: string | undefined
  /** Draw only if the image is older than the data: then an unchanged file is no failure. */
  readonly lazy?: boolean | undefined
  readonly [option: string]: GraphOptionValue | AbortSignal | undefined
}

/** Options of `flushcached`. */
export interface FlushOptions extends CallOptions {
  /** The rrdcached that is to write what it holds; needed unless the client was made with one. */
  readonly daemon?: string | undefined
}
