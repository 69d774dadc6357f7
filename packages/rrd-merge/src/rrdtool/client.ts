import { Caller } from './caller.ts'
import { create } from './commands/create.ts'
import { dump } from './commands/dump.ts'
import { fetch } from './commands/fetch.ts'
import { graph } from './commands/graph.ts'
import { first, flushcached, info, lastTime, lastupdate } from './commands/read.ts'
import { resize } from './commands/resize.ts'
import { restore } from './commands/restore.ts'
import { tune } from './commands/tune.ts'
import { update } from './commands/update.ts'
import { xport } from './commands/xport.ts'
import type { InfoRecord } from './info-record.ts'
import type * as T from './types.ts'

/**
 * The real rrdtool as a typed client over `child_process`: no native module, no compiler.
 *
 * Times are seconds since 1970 (UTC), timeouts milliseconds, an unknown value is NaN. Every call rejects with an
 * `RrdtoolError` and nothing else. A last argument `{ signal, timeout }` bounds a call; a timeout runs from when the
 * command is sent, not while it waits in the queue of a persistent client.
 *
 * An outcome is verified by looking at the file, never by an exit code (on a full disk rrdtool says OK), so rrdtool must
 * see the same files as this process.
 */
export class Rrdtool {
  readonly #caller: Caller

  /** Starts nothing yet. @throws RrdtoolError BAD_ARGUMENT */
  constructor(options: T.RrdtoolOptions = {}) {
    this.#caller = new Caller(options)
  }

  /** Everything in the file's header, flat under rrdtool's own keys (`step`, `ds[a].type`, `rra[0].rows`). */
  info(file: string, options: T.DaemonOptions = {}, call: T.CallOptions = {}): Promise<InfoRecord> {
    return info(this.#caller, file, options, call)
  }

  /** Time of the first row of an archive (of the first one unless `rra` says otherwise). */
  first(file: string, options: T.FirstOptions = {}, call: T.CallOptions = {}): Promise<number> {
    return first(this.#caller, file, options, call)
  }

  /** Time of the last update. */
  last(file: string, options: T.DaemonOptions = {}, call: T.CallOptions = {}): Promise<number> {
    return lastTime(this.#caller, file, options, call)
  }

  /** Time and readings of the last update. */
  lastupdate(file: string, options: T.DaemonOptions = {}, call: T.CallOptions = {}): Promise<T.LastUpdate> {
    return lastupdate(this.#caller, file, options, call)
  }

  /** Rows of the archive that suits the period best, as rrdtool chooses it. */
  fetch(file: string, options: T.FetchOptions, call: T.CallOptions = {}): Promise<T.Series> {
    return fetch(this.#caller, file, options, call)
  }

  /**
   * Rows of expressions over files.
   * @param args DEF, CDEF and XPORT as rrdtool takes them; file names through `escapeColons`
   */
  xport(options: T.XportOptions, args: readonly string[], call: T.CallOptions = {}): Promise<T.Series> {
    return xport(this.#caller, options, args, call)
  }

  /** Makes an RRD; an existing file is replaced, as rrdtool does. UNVERIFIED if the file isn't there, new and as asked. */
  create(file: string, options: T.CreateOptions, call: T.CallOptions = {}): Promise<void> {
    return create(this.#caller, file, options, call)
  }

  /**
   * Writes readings. UNVERIFIED if the file's last update is then before the latest of them; with a daemon OK means that
   * it took them.
   * @param args readings `time:value:value` (time may be `N`), and options as rrdtool takes them
   */
  update(
    file: string,
    args: readonly string[],
    options: T.UpdateOptions = {},
    call: T.CallOptions = {},
  ): Promise<void> {
    return update(this.#caller, file, args, options, call)
  }

  /**
   * Changes a file's settings or structure. UNVERIFIED if the file doesn't show it.
   * @param args as rrdtool takes them: `['--heartbeat', 'a:300']`, `['DS:b:GAUGE:120:U:U']`
   */
  tune(
    file: string,
    args: readonly string[],
    options: T.DaemonOptions = {},
    call: T.CallOptions = {},
  ): Promise<void> {
    return tune(this.#caller, file, args, options, call)
  }

  /**
   * Writes the file with more or fewer rows in one archive to `output`. Always a process of its own. UNVERIFIED if the
   * result hasn't the rows asked for.
   */
  resize(file: string, options: T.ResizeOptions, call: T.CallOptions = {}): Promise<void> {
    return resize(this.#caller, file, options, call)
  }

  /** The file as XML: as text, or with `output` written by rrdtool itself, so that it never is in this process's memory. */
  dump(
    file: string,
    options: T.DumpOptions & { readonly output: string },
    call?: T.CallOptions,
  ): Promise<undefined>
  dump(
    file: string,
    options?: T.DumpOptions & { readonly output?: undefined },
    call?: T.CallOptions,
  ): Promise<string>
  dump(file: string, options: T.DumpOptions = {}, call: T.CallOptions = {}): Promise<string | undefined> {
    return dump(this.#caller, file, options, call)
  }

  /** Makes an RRD from XML; an existing file is refused without `force`. UNVERIFIED if the file isn't there and new. */
  restore(
    xmlFile: string,
    file: string,
    options: T.RestoreOptions = {},
    call: T.CallOptions = {},
  ): Promise<void> {
    return restore(this.#caller, xmlFile, file, options, call)
  }

  /**
   * Draws into a file. UNVERIFIED if the image isn't there, new and whole.
   * @param args DEF, CDEF, LINE, PRINT... as rrdtool takes them; file names through `escapeColons`
   */
  graph(
    file: string,
    options: T.GraphOptions,
    args: readonly string[],
    call: T.CallOptions = {},
  ): Promise<T.GraphResult> {
    return graph(this.#caller, file, options, args, call)
  }

  /** Has an rrdcached write what it holds of the file. */
  flushcached(file: string, options: T.FlushOptions = {}, call: T.CallOptions = {}): Promise<void> {
    return flushcached(this.#caller, file, options, call)
  }

  /** Waits for the calls made so far and ends the program; later calls are CLOSED. May be called more than once. */
  close(): Promise<void> {
    return this.#caller.close()
  }
}
