/** What is asked of an entry of journald. */
export interface JournalEntry {
  readonly message: string
  /** Milliseconds of UTC. */
  readonly instant?: number
  /** `SYSLOG_IDENTIFIER`, or the program. */
  readonly identifier?: string
}

type Fields = Map<string, string>

/** A field of megabytes (a core dump) is passed over. */
const LONGEST_FIELD = 1 << 16
const LINE_FEED = 0x0a

/**
 * Reads journald's export format and its JSON lines (`journalctl -o export`, `-o json`). A field that holds a line feed
 * has its length before it (8 bytes, little-endian) in the former: nobody's message can pose as a field.
 */
export class JournalReader {
  readonly #take: (entry: JournalEntry) => void
  #rest: Buffer = Buffer.alloc(0)
  #fields: Fields = new Map()
  /** Bytes of a field that are still to be passed over. */
  #passing = 0

  constructor(take: (entry: JournalEntry) => void) {
    this.#take = take
  }

  write(chunk: Uint8Array): void {
    let data = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    for (;;) {
      const used = this.#next(data)
      if (used === 0) break
      data = data.subarray(used)
    }
    this.#rest = Buffer.from(data)
  }

  end(): void {
    if (this.#rest.length > 0) this.write(Uint8Array.of(LINE_FEED))
    this.#finish()
  }

  /** Takes one field or line, and says how many bytes it was; 0 where it isn't complete. */
  #next(data: Buffer): number {
    if (this.#passing > 0) {
      const passed = Math.min(this.#passing, data.length)
      this.#passing -= passed
      return passed
    }
    const end = data.indexOf(LINE_FEED)
    if (end < 0) {
      if (data.length <= LONGEST_FIELD * 16) return 0
      return data.length
    }
    const line = data.subarray(0, end)
    if (line.length === 0) this.#finish()
    else if (line[0] === 0x7b) this.#json(line.toString('utf8'))
    else {
      const equals = line.indexOf(0x3d)
      if (equals < 0) return this.#binary(line.toString('latin1'), data, end + 1)
      this.#set(line.toString('latin1', 0, equals), line.toString('latin1', equals + 1))
    }
    return end + 1
  }

  #binary(name: string, data: Buffer, at: number): number {
    if (data.length < at + 8) return 0
    const length = Number(data.readBigUInt64LE(at))
    if (length > LONGEST_FIELD) {
      this.#passing = length + 1
      return at + 8
    }
    if (data.length < at + 8 + length + 1) return 0
    this.#set(name, data.toString('latin1', at + 8, at + 8 + length))
    return at + 8 + length + 1
  }

  #set(name: string, value: string): void {
    if (value.length <= LONGEST_FIELD && this.#fields.size < 200) this.#fields.set(name, value)
  }

  #json(line: string): void {
    let entry: Record<string, unknown>
    try {
      entry = JSON.parse(line) as Record<string, unknown>
    } catch {
      return
    }
    for (const [name, value] of Object.entries(entry)) {
      // Bytes that are no text come as an array of numbers.
      if (typeof value === 'string') this.#set(name, value)
      else if (Array.isArray(value) && value.every((one) => typeof one === 'number'))
        this.#set(name, Buffer.from(value).toString('latin1'))
    }
    this.#finish()
  }

  #finish(): void {
    const fields = this.#fields
    this.#fields = new Map()
    const message = fields.get('MESSAGE')
    if (message === undefined) return
    const time = Number(fields.get('_SOURCE_REALTIME_TIMESTAMP') ?? fields.get('__REALTIME_TIMESTAMP'))
    const identifier = fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM')
    this.#take({
      message,
      ...(Number.isFinite(time) && { instant: time / 1000 }),
      ...(identifier !== undefined && { identifier }),
    })
  }
}

const DAEMON = /^(?:rsyslogd?[\w.-]*|systemd-journald|syslog-ng|kernel)$/

/** Whether a log daemon wrote it: its word alone is believed. */
export const isOfDaemon = ({ identifier, message }: JournalEntry): boolean =>
  (identifier !== undefined && DAEMON.test(identifier)) ||
  (identifier === 'haproxy' && /^(?:\[ALERT\]\s+\(\d+\) : )?sendmsg\(\)\/writev\(\) failed/.test(message))
