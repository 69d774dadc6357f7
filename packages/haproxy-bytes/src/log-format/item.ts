/** Flags of `%{+Q,-E}x`, as they hold for one item. */
export interface ItemFlags {
  /** Q: in double quotes, `""` where it is empty. */
  readonly quoted: boolean
  /** E: `"`, `\` and `]` are written with a backslash before them. */
  readonly escaped: boolean
  /** X: addresses, ports and counters in hexadecimal; %B stays decimal (measured on 2.6.12). */
  readonly hexadecimal: boolean
  /** M: a field without a value is `-`, and not nothing. */
  readonly mandatory: boolean
  readonly encoding: Encoding
}

/** How values are written: as text, or (3.0 and later) as JSON or CBOR, the latter in hexadecimal or raw (+bin). */
export type Encoding = 'text' | 'json' | 'cbor' | 'cbor-raw'

/** Blanks before, between and after items merge into one; none is written before the first. */
export interface Separator {
  readonly kind: 'separator'
}

export interface Literal {
  readonly kind: 'literal'
  /** Latin-1: one character a byte. */
  readonly text: string
}

/** `%x` by `alias`, `%[expression]` by `fetch`: exactly one of the two. */
export interface Field extends ItemFlags {
  readonly kind: 'field'
  readonly alias?: string
  /** The expression as written, without blanks around it. */
  readonly fetch?: string
  /** `%(name:type)x` (3.0 and later): the key in JSON and CBOR. */
  readonly name?: string
  readonly type?: string
}

export type Item = Separator | Literal | Field

/** A log-format string, read. */
export interface LogFormat {
  readonly text: string
  readonly items: readonly Item[]
  /** Of the whole line: JSON or CBOR where `%{+json}o` or `%{+cbor}o` comes before the first field. */
  readonly encoding: Encoding
}

/** `B` for `%B`, the expression for `%[...]`: by this a field is asked for. */
export function fieldName({ alias, fetch }: Field): string {
  return alias ?? (fetch as string)
}
