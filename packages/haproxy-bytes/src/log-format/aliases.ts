/**
 * What can stand where an alias is. `integer`: digits, a sign, `-` where there is none; `address`; `name`: of a proxy,
 * a server or a listener; `date`: without a blank; `zoned-date`: `21/Nov/2026:11:36:01 +0000`; `state`: letters and
 * `-`; `word`: anything but a blank; `captures`: `{a|b}` or nothing at all; `capture-list`: `"a" "b"` or nothing;
 * `request`: text in which HAProxy writes `"` as `#22`; `text`: anything.
 */
export type Shape =
  | 'integer'
  | 'address'
  | 'name'
  | 'date'
  | 'zoned-date'
  | 'state'
  | 'word'
  | 'captures'
  | 'capture-list'
  | 'request'
  | 'text'

const SHAPES: Readonly<Record<Shape, string>> = {
  integer: 'B U ST Ta Tt Tc Td Th Ti Tq TR Tr Tu Tw Ts ac bc fc sc rc bq sq lc rt ms cp fp bp sp pid',
  address: 'ci fi bi si',
  name: 'f ft b s',
  date: 't tr',
  'zoned-date': 'T Tl trg trl',
  state: 'ts tsc',
  word: 'H HM HV OG sslc sslv',
  captures: 'hr hs',
  'capture-list': 'hrl hsl',
  request: 'r HP HPO HQ HU',
  text: 'CC CS ID',
}

/** Every alias of HAProxy 1.8 to 3.5 (doc/configuration.txt 8.2.4 at each tag), by what can stand in its place. */
export const ALIASES: ReadonlyMap<string, Shape> = new Map(
  Object.entries(SHAPES).flatMap(([shape, names]) =>
    names.split(' ').map((name) => [name, shape as Shape] as const),
  ),
)

/** Aliases that write nothing at all, and no blank after them, where they have no value. */
export const VANISHING: ReadonlySet<string> = new Set(['hr', 'hs', 'hrl', 'hsl'])

/** Converters and fetches that always end in a number: their bytes can't be a client's. */
const NUMERIC_END =
  /(?:^|,)(?:length|hex2i|len|add\([^()]*\)|div\([^()]*\)|mul\([^()]*\)|mod\([^()]*\)|sub\([^()]*\)|neg|even|odd|strcmp\([^()]*\)|crc32(?:c|\([^()]*\))?)$/
const NUMERIC_FETCH = new RegExp(
  `^(?:${[
    'bytes_(?:in|out)',
    're[qs]\\.(?:bytes_(?:in|out)|hdrs,length|f?hdr_cnt(?:\\([^()]*\\))?|body_(?:len|size)|len)',
    'res\\.comp',
    'fc_err',
    'fc_retrans',
    'fc_http_major',
    'bc_err',
    'status',
    'http_first_req',
    '(?:src|dst)_port',
    '(?:be|fe|srv|so)_id',
    'txn\\.status',
    'ssl_c_(?:err|ca_err|ca_err_depth)',
    'ssl_fc(?:_is_resumed)?',
    'txn\\.id32',
    'int\\(-?\\d+\\)',
    'bool\\([^()]*\\)',
    're[qs]\\.timer\\.[a-z]+',
    '(?:fc|bc)\\.timer\\.[a-z]+',
    'txn\\.timer\\.[a-z]+',
    // Set by what `haproxy-bytes advise` prints, always to a number.
    'var\\(txn\\.hb_[a-z0-9]+\\)',
  ].join('|')})$`,
)

const ADDRESS_FETCH = /^(?:src|dst)(?:,ipmask\([^()]*\))?$/

/** What can stand where `%[expression]` is: a number where the expression can't give anything else. */
export function shapeOfFetch(expression: string): Shape {
  if (NUMERIC_FETCH.test(expression) || NUMERIC_END.test(expression)) return 'integer'
  if (ADDRESS_FETCH.test(expression)) return 'address'
  if (/,hex$/.test(expression)) return 'word'
  return 'text'
}
