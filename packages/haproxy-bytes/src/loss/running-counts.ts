import type { LossPlace } from './report.ts'

/** Counts that a daemon or the kernel writes again and again, and that only grow. */
interface Counter {
  readonly place: LossPlace
  /** Of messages that came: what was `taken` of them is subtracted. */
  readonly role: 'received' | 'taken' | 'lost'
  first: number
  last: number
  /** What it had come to before each restart of the daemon. */
  before: number
}

/** What running counts show as lost. */
export interface RunningLoss {
  readonly place: LossPlace
  /** Since the first of the records. */
  readonly low: number
  /** Since the daemon began, which may be before the logs do. */
  readonly high: number
}

/** rsyslog's impstats, as text: `imudp(w0): origin=imudp called.recvmmsg=9 msgs.received=382`, and its JSON. */
const PSTATS = /(?:^|[\s:])([\w *().:/-]{1,200}?): origin=([\w.-]{1,40}) (.{1,2000})$/
const PSTATS_JSON = /\{ ?"name": ?"[^"]{1,200}", ?"origin": ?"[^"]{1,40}".{0,4000}\}/
/** /proc/net/snmp: names, then numbers. */
const SNMP = /^Udp: (.{1,400})$/

/**
 * Sums impstats and /proc/net/snmp. `ratelimit.discarded` of a unix socket stays at 0 while it discards (measured on
 * rsyslog 8.2302): for UDP what was received and not submitted tells it.
 */
export class RunningCounts {
  readonly #counters = new Map<string, Counter>()
  #udpNames: readonly string[] = []

  /** @param message without its envelope. @returns whether it was one of these records */
  add(message: string, source: string): boolean {
    const udp = SNMP.exec(message)?.[1]
    if (udp !== undefined) {
      const words = udp.split(' ')
      if (!/^\d/.test(udp)) this.#udpNames = words
      else this.#note(source, 'kernel', 'lost', Number(words[this.#udpNames.indexOf('RcvbufErrors')]))
      return true
    }
    const record = textRecord(message) ?? jsonRecord(message)
    if (!record) return false
    const { name, origin, values } = record
    const note = (place: LossPlace, role: Counter['role'], key: string): void =>
      this.#note(`${source} ${name} ${key}`, place, role, values.get(key))
    if (origin === 'imudp') {
      note('imudp', 'received', 'msgs.received')
      note('imudp', 'taken', 'submitted')
    } else if (origin === 'imuxsock') note('imuxsock', 'lost', 'ratelimit.discarded')
    else if (origin === 'core.queue') {
      note('queue', 'lost', 'discarded.full')
      note('queue', 'lost', 'discarded.nf')
    }
    return true
  }

  losses(): RunningLoss[] {
    const places = new Set([...this.#counters.values()].map(({ place }) => place))
    return [...places].flatMap((place) => {
      const of = (role: Counter['role']): Counter[] =>
        [...this.#counters.values()].filter((one) => one.place === place && one.role === role)
      const total = (role: Counter['role'], since: (counter: Counter) => number): number =>
        of(role).reduce((sum, one) => sum + one.before + one.last - since(one), 0)
      const lost = (since: (counter: Counter) => number): number => {
        // Without both of them what is missing can't be told.
        const both = of('received').length > 0 && of('taken').length > 0
        return (
          total('lost', since) + (both ? Math.max(0, total('received', since) - total('taken', since)) : 0)
        )
      }
      const high = lost(() => 0)
      return high === 0
        ? []
        : [
            {
              place,
              low: Math.min(
                high,
                lost(({ first }) => first),
              ),
              high,
            },
          ]
    })
  }

  #note(name: string, place: LossPlace, role: Counter['role'], value: number | undefined): void {
    if (value === undefined || !Number.isSafeInteger(value)) return
    const known = this.#counters.get(name)
    if (!known) this.#counters.set(name, { place, role, first: value, last: value, before: 0 })
    else {
      if (value < known.last) known.before += known.last
      known.last = value
    }
  }
}

interface StatRecord {
  readonly name: string
  readonly origin: string
  readonly values: ReadonlyMap<string, number>
}

function textRecord(message: string): StatRecord | undefined {
  const [, name, origin, pairs] = PSTATS.exec(message) ?? []
  if (name === undefined || origin === undefined || pairs === undefined) return undefined
  const values = pairs.split(' ').map((pair): [string, number] => {
    const [key = '', value] = pair.split('=')
    return [key, Number(value)]
  })
  return { name, origin, values: new Map(values) }
}

function jsonRecord(message: string): StatRecord | undefined {
  const [text] = PSTATS_JSON.exec(message) ?? []
  if (text === undefined) return undefined
  try {
    const { name, origin, ...rest } = JSON.parse(text) as Record<string, unknown>
    const values = Object.entries(rest).map(([key, value]): [string, number] => [key, Number(value)])
    return { name: String(name), origin: String(origin), values: new Map(values) }
  } catch {
    return undefined
  }
}
