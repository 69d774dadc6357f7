import { Caller } from './caller.ts'
import type { InfoRecord } from './info-record.ts'
import { FetchReader } from './parse/fetch.ts'
import { InfoReader } from './parse/info.ts'
import { LastUpdateReader } from './parse/lastupdate.ts'
import { SilenceReader } from './parse/silence.ts'
import { TextReader } from './parse/text.ts'
import { TimeReader } from './parse/time.ts'
import type { CallOptions, DaemonOptions, LastUpdate, RrdtoolOptions, Series, Time } from './types.ts'

export class Rrdtool {
  readonly #caller: Caller
  constructor(options: RrdtoolOptions = {}) {
    this.#caller = new Caller(options)
  }

  async info(file: string, options: DaemonOptions = {}, last: CallOptions = {}): Promise<InfoRecord> {
    const call = this.#caller.call({ command: 'info', file }, options, last)
    return this.#caller.run(call, ({ send }) =>
      send(['info', this.#caller.fileWord(call, file)], new InfoReader()),
    )
  }
  async last(file: string, options: DaemonOptions = {}, last: CallOptions = {}): Promise<number> {
    const call = this.#caller.call({ command: 'last', file }, options, last)
    return this.#caller.run(call, ({ send }) =>
      send(['last', this.#caller.fileWord(call, file)], new TimeReader()),
    )
  }
  async first(file: string, options: DaemonOptions = {}, last: CallOptions = {}): Promise<number> {
    const call = this.#caller.call({ command: 'first', file }, options, last)
    return this.#caller.run(call, ({ send }) =>
      send(['first', this.#caller.fileWord(call, file)], new TimeReader()),
    )
  }
  async lastupdate(file: string, options: DaemonOptions = {}, last: CallOptions = {}): Promise<LastUpdate> {
    const call = this.#caller.call({ command: 'lastupdate', file }, options, last)
    return this.#caller.run(call, ({ send }) =>
      send(['lastupdate', this.#caller.fileWord(call, file)], new LastUpdateReader()),
    )
  }
  async fetch(
    file: string,
    options: { cf: string; start?: Time; end?: Time; resolution?: number } & DaemonOptions,
    last: CallOptions = {},
  ): Promise<Series> {
    const call = this.#caller.call({ command: 'fetch', file }, options, last)
    const words = ['fetch', this.#caller.fileWord(call, file), options.cf]
    if (options.start !== undefined) words.push('--start', String(options.start))
    if (options.end !== undefined) words.push('--end', String(options.end))
    if (options.resolution !== undefined) words.push('--resolution', String(options.resolution))
    const { names, rows } = await this.#caller.run(call, ({ send }) => send(words, new FetchReader()))
    const step = (rows[1]?.time ?? 0) - (rows[0]?.time ?? 0)
    return { start: (rows[0]?.time ?? 0) - step, end: rows.at(-1)?.time ?? 0, step, names, rows }
  }
  async create(
    file: string,
    options: { step?: number; start?: Time; ds?: readonly string[]; rra?: readonly string[] } & DaemonOptions,
    last: CallOptions = {},
  ): Promise<void> {
    const call = this.#caller.call({ command: 'create', file }, options, last)
    const words = ['create', this.#caller.fileWord(call, file)]
    if (options.step !== undefined) words.push('--step', String(options.step))
    if (options.start !== undefined) words.push('--start', String(options.start))
    words.push(...(options.ds ?? []), ...(options.rra ?? []))
    await this.#caller.run(call, ({ send }) => send(words, new SilenceReader()))
  }
  async update(
    file: string,
    args: readonly string[],
    options: DaemonOptions = {},
    last: CallOptions = {},
  ): Promise<void> {
    const call = this.#caller.call({ command: 'update', file }, options, last)
    const words = ['update', this.#caller.fileWord(call, file), ...args]
    await this.#caller.run(call, ({ send }) => send(words, new SilenceReader()))
  }
  async dump(
    file: string,
    options: { output?: string } & DaemonOptions = {},
    last: CallOptions = {},
  ): Promise<string> {
    const call = this.#caller.call({ command: 'dump', file }, options, last)
    const words = ['dump', this.#caller.fileWord(call, file)]
    if (options.output !== undefined) words.push(this.#caller.fileWord(call, options.output))
    return this.#caller.run(call, ({ send }) => send(words, new TextReader(this.#caller.maxOutput)))
  }
  async restore(
    xmlFile: string,
    file: string,
    options: { force?: boolean; rangeCheck?: boolean } & DaemonOptions = {},
    last: CallOptions = {},
  ): Promise<void> {
    const call = this.#caller.call({ command: 'restore', file }, options, last)
    const words = ['restore', this.#caller.fileWord(call, xmlFile), this.#caller.fileWord(call, file)]
    if (options.force) words.push('--force-overwrite')
    if (options.rangeCheck) words.push('--range-check')
    await this.#caller.run(call, ({ send }) => send(words, new SilenceReader()))
  }
  close(): Promise<void> {
    return this.#caller.close()
  }
}
