import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'

/** What was written, by the generator's own sums. */
export interface Corpus {
  readonly lines: number
  readonly bytes: number
  readonly sum: bigint
}

export type LineKind = 'http' | 'custom'

/** The format of `custom` lines: names of fields in the text, what a client sent in the midst, %U and the counts last. */
export const CUSTOM_FORMAT =
  'fe=%ft be=%b srv=%s cli=%ci:%cp at=[%tr] host="%[capture.req.hdr(0)]" req=%{+Q}r st=%ST out=%B in=%U ta=%Ta state=%tsc'

const FRONTENDS = ['www', 'www~', 'api~', 'static~', 'intranet']
const BACKENDS = ['be_app', 'be_api', 'be_static', 'be_search', 'be_img', 'be_checkout', 'be_legacy', 'be_ws']
const WORDS =
  'catalogue product item cart account search image thumb asset style script news blog page order list detail review help img media static v1 v2 users session'.split(
    ' ',
  )
const DAY = Date.UTC(2026, 10, 21)
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** mulberry32: the same numbers from the same seed, everywhere. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

export interface CorpusSettings {
  readonly lines: number
  readonly kind: LineKind
  readonly clients?: number
  /** All clients are equally frequent. */
  readonly even?: boolean
  readonly seed?: number
}

/** Writes a log, unless it is there already from an earlier run. */
export function corpusAt(path: string, settings: CorpusSettings): Corpus {
  const [sums, wanted] = [`${path}.json`, JSON.stringify(settings)]
  if (existsSync(sums)) {
    const known = JSON.parse(readFileSync(sums, 'utf8'))
    if (known.wanted === wanted) return { ...known, sum: BigInt(known.sum) }
  }
  const corpus = writeCorpus(path, settings)
  writeFileSync(sums, JSON.stringify({ ...corpus, sum: String(corpus.sum), wanted }))
  return corpus
}

/** A day of a shop: a few frontends, eight backends, URLs and clients of which some are much more frequent. */
function writeCorpus(
  path: string,
  { lines, kind, clients = 50_000, even = false, seed = 5 }: CorpusSettings,
): Corpus {
  const next = random(seed)
  const below = (limit: number): number => Math.floor(next() * limit)
  const skewed = (limit: number): number => Math.floor(limit * next() ** 3)
  const urls = Array.from({ length: 20_000 }, () => {
    const parts = Array.from({ length: 3 + below(5) }, () => WORDS[below(WORDS.length)])
    return `/${parts.join('/')}/${below(1e6)}`
  })
  const file = openSync(path, 'w')
  let [text, bytes, sum] = ['', 0, 0n]
  for (let number = 0; number < lines; number++) {
    const at = new Date(DAY + Math.floor((number / lines) * 86_400_000))
    const [day, month] = [two(at.getUTCDate()), MONTHS[at.getUTCMonth()] as string]
    const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
    const backend = below(BACKENDS.length)
    const client = even ? number % clients : skewed(clients)
    const ip = `${10 + (client % 180)}.${(client >> 4) & 255}.${(client >> 12) & 255}.${client & 255}`
    const error = next() < 0.01
    const status = error ? 503 : next() < 0.15 ? 304 : 200
    const size = status === 200 ? 200 + Math.floor(400 * Math.exp(6 * next())) : status === 304 ? 180 : 217
    const [wait, connect, answer] = [below(3), below(8), Math.floor(Math.exp(7 * next()))]
    const total = wait + connect + answer + below(20)
    const busy = 40 + below(400)
    const head = `${month} ${day} ${time} lb1 haproxy[2711]: `
    const date = `${day}/${month}/2026:${time}.${String(at.getUTCMilliseconds()).padStart(3, '0')}`
    const frontend = FRONTENDS[below(FRONTENDS.length)] as string
    const server = error ? '<NOSRV>' : `srv${1 + below(6)}`
    const request = `GET ${urls[skewed(urls.length)]}?session=${below(1e9)}&ref=${WORDS[below(WORDS.length)]} HTTP/1.1`
    const port = 1024 + below(64_000)
    const timers = error ? `${wait}/-1/-1/-1/${total}` : `${wait}/0/${connect}/${answer}/${total}`
    const state = error ? 'SC--' : next() < 0.005 ? 'CD--' : '----'
    const line =
      kind === 'http'
        ? `${head}${ip}:${port} [${date}] ${frontend} ${BACKENDS[backend]}/${server} ${timers} ${status} ${size} - - ${state} ${busy}/${busy - 3}/${below(40)}/${below(9)}/0 0/0 "${request}"\n`
        : `${head}fe=${frontend} be=${BACKENDS[backend]} srv=${server} cli=${ip}:${port} at=[${date}] host="shop${below(9)}.example.org" req="${request}" st=${status} out=${size} in=${300 + below(900)} ta=${total} state=${state}\n`
    text += line
    sum += BigInt(size)
    if (text.length > 1 << 20 || number === lines - 1) {
      bytes += writeSync(file, text, null, 'latin1')
      text = ''
    }
  }
  closeSync(file)
  return { lines, bytes, sum }
}
