/** What stands for a client's or a server's bytes in a log-format of 2.6, and what HAProxy writes there itself. */

/** Those that totals, groups and windows are made of. */
export const COUNTED_ALIASES = 'B U ST ts tsc f ft b s ci cp t tr Ta Tt rc lc rt'.split(' ')

/** In TCP mode, too. */
export const TCP_ALIASES =
  'B U Tc Tt Tw Th Td Ts T Tl Tu t sslc sslv ac fc bc sc rc sq bq lc rt ms ci cp fi fp bi bp si sp f ft b s ts tsc pid H'.split(
    ' ',
  )

export const HTTP_ALIASES = [
  ...TCP_ALIASES,
  ...'ST Ta Tq TR Tr Ti tr trg trl CC CS HM HV HP HPO HQ HU ID hr hs hrl hsl r'.split(' '),
]

export const TCP_FETCHES = [
  'src',
  'dst_port',
  'fc_err',
  'int(-7)',
  'str(a b)',
  'str("]% x")',
  "str('it: 4')",
  'src,ipmask(24)',
  'be_name',
  'srv_name',
  'fe_id',
  'bool(true)',
  'bin(00ff2041)',
]

/** The proxies capture three request headers, two response headers, or none: then these are `-`. */
export const HTTP_FETCHES = [
  ...TCP_FETCHES,
  'capture.req.hdr(0)',
  'capture.req.hdr(1)',
  'capture.res.hdr(0)',
  'capture.req.hdr(0),hex',
  'capture.req.hdr(1),lower',
  'capture.req.hdr(0),regsub([a-f]+,<x[1]>,g)',
  'capture.req.uri',
  'capture.req.uri,field(1,?)',
  'capture.req.method',
  'capture.req.ver',
  'var(txn.a)',
  'var(txn.a),json(utf8s)',
  'var(txn.a),url_enc',
  'var(txn.a),length',
  'var(txn.a),hex',
  'var(txn.b)',
  'var(txn.b),concat(<,txn.a,>)',
  'var(txn.length)',
  'var(txn.length),add(3)',
  'var(txn.none)',
  'status',
  'method',
  'http_first_req',
  'unique-id',
]

/** Whole numbers, whatever a client does: 2.6 doc 7.3 and 8.2.4. */
export const NUMBERS = new Set([
  ...'B U ST Ta Tt Tw Tc Tr TR Th Ti Td Tq Tu Ts ac fc bc sc rc sq bq lc rt ms cp fp bp sp pid'.split(' '),
  ...['dst_port', 'fc_err', 'int(-7)', 'fe_id', 'bool(true)', 'status', 'http_first_req'],
  ...['var(txn.a),length', 'var(txn.length),add(3)'],
])
export const STATES = new Set(['ts', 'tsc'])
export const DATES = new Set(['t', 'tr'])
export const ZONED_DATES = new Set(['T', 'Tl', 'trg', 'trl'])
export const NAMES = new Set(['f', 'ft', 'b', 's', 'ci', 'fi', 'bi', 'si', 'H'])
export const CAPTURES = new Set(['hr', 'hs'])
export const CAPTURE_LISTS = new Set(['hrl', 'hsl'])
/** In which HAProxy never writes a quote. */
export const REQUESTS = new Set(['r', 'HM', 'HV', 'HP', 'HPO', 'HQ', 'HU'])
