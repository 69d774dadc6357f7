/** A number; null where the line has the field and it is empty (`-`); undefined where its format doesn't have it. */
export type FieldValue = number | null | undefined

/**
 * What a line tells beside %B and %U. Lengths and counts of headers are HAProxy's `req.hdrs,length` (with the empty
 * line) and `req.fhdr_cnt`.
 */
export interface WireFields {
  /** `GET`, `HTTP/1.1`; of %HM and %HV, or the first and last word of %r where that isn't cut. */
  readonly method?: string
  readonly version?: string
  /** Length of method, URI and version together, of %r where that isn't cut. */
  readonly requestLine?: number
  /** Number of headers of the request as received. */
  readonly nq0?: FieldValue
  /** Lengths of its method, URI and headers together, as received; and as sent to the server. */
  readonly qh0?: FieldValue
  readonly qh1?: FieldValue
  /** Content-Length of the request, -1 where it is chunked. */
  readonly ql?: FieldValue
  /** Headers of the response as the server sent them. */
  readonly nh0?: FieldValue
  readonly rh0?: FieldValue
  /** Headers of the response as sent, or as made by HAProxy. */
  readonly nh1?: FieldValue
  readonly rh1?: FieldValue
  /** Content-Length of the response, -1 where it is chunked. */
  readonly rl?: FieldValue
  /** 1 where the response says HTTP/1.0. */
  readonly s10?: FieldValue
  /** `res.comp`: 1 where HAProxy compressed it. */
  readonly comp?: FieldValue
  /** `res.bytes_out`, 3.3 and later: the inner form as it was sent, compression included. */
  readonly resOut?: FieldValue
}

/** By which names of fields (an alias, an expression as written) each is found; `txn.rh0` as people wrote it before. */
const NAMES: Readonly<
  Record<Exclude<keyof WireFields, 'method' | 'version' | 'requestLine'>, readonly string[]>
> = {
  nq0: ['var(txn.hb_nq0)', 'var(txn.nq0)'],
  qh0: ['var(txn.hb_qh0)'],
  qh1: ['var(txn.hb_qh1)'],
  ql: ['var(txn.hb_ql)'],
  nh0: ['var(txn.hb_nh0)', 'var(txn.nh0)'],
  rh0: ['var(txn.hb_rh0)', 'var(txn.rh0)'],
  nh1: ['var(txn.hb_nh1)', 'var(txn.nh1)'],
  rh1: ['var(txn.hb_rh1)', 'var(txn.rh1)'],
  rl: ['var(txn.hb_rl)'],
  s10: ['var(txn.hb_s10)'],
  comp: ['res.comp'],
  resOut: ['res.bytes_out'],
}

/** Every name that the model can make use of. */
export const WIRE_FIELD_NAMES: readonly string[] = [...Object.values(NAMES).flat(), 'HM', 'HV', 'r']

const REQUEST_LINE = /^(\S+) (.*?) ?(HTTP\/\d\.\d)?$/
/** A character that the log can't have as it is. */
const ESCAPED = /#[0-9A-F]{2}/g

/**
 * Collects what the model needs from a line.
 * @param read text of a field by its name; undefined where the format doesn't have it
 */
export function wireFields(read: (name: string) => string | undefined): WireFields {
  const fields: { -readonly [Key in keyof WireFields]: WireFields[Key] } = {}
  for (const [key, names] of Object.entries(NAMES)) {
    for (const name of names) {
      const text = read(name)
      if (text === undefined) continue
      fields[key as keyof typeof NAMES] = /^\+?-?\d+$/.test(text) ? Number(text) : null
      break
    }
  }
  const [, method, uri, version] = REQUEST_LINE.exec(read('r') ?? '') ?? []
  const [HM, HV] = [read('HM') ?? method ?? read('r'), read('HV') ?? version]
  if (HM !== undefined) fields.method = HM
  if (HV !== undefined) fields.version = HV
  if (method !== undefined && uri !== undefined && version !== undefined)
    fields.requestLine = method.length + uri.replace(ESCAPED, '#').length + version.length
  return fields
}

/** A field that is there and has a value. */
export const isSet = (field: FieldValue): field is number => typeof field === 'number'
