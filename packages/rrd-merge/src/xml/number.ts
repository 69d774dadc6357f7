/** printf's %0.10e takes the even digit on a tie, toExponential the larger: they differ on an exact half only. */
const roundsUpTie = (magnitude: number): boolean => {
  // A tie has 12 significant digits, so 2^17 times it is a whole number (the smallest tie is 2^-17).
  if (!Number.isInteger(magnitude * 131072)) return false
  const twelve = magnitude.toExponential(11)
  const point = twelve.indexOf('e')
  return (
    twelve.charCodeAt(point - 1) === 0x35 &&
    (twelve.charCodeAt(point - 2) - 0x30) % 2 === 0 &&
    /^0*$/.test(magnitude.toExponential(100).slice(13, 102))
  )
}

const padExponent = (text: string): string => {
  const at = text.indexOf('e')
  const digits = text.slice(at + 2)
  return digits.length > 1 ? text : `${text.slice(0, at + 2)}0${digits}`
}

/** printf's %0.10e: what `rrdtool dump` writes; 11 significant digits. */
export const formatRounded = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const magnitude = Math.abs(value)
  if (magnitude === Number.POSITIVE_INFINITY) return `${sign}inf`
  if (roundsUpTie(magnitude)) {
    const twelve = magnitude.toExponential(11)
    const at = twelve.indexOf('e')
    return sign + padExponent(twelve.slice(0, at - 1) + twelve.slice(at))
  }
  return sign + padExponent(magnitude.toExponential(10))
}

/** printf's %.17g: 17 significant digits, enough for any double to come back bit for bit. */
export const formatExact = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (Object.is(value, -0)) return '-0'
  const [mantissa, exponent] = value.toExponential(16).split('e') as [string, string]
  if (Number(exponent) < -4 || Number(exponent) >= 17) {
    return padExponent(`${mantissa.replace(/\.?0+$/, '')}e${exponent}`)
  }
  const fixed = value.toPrecision(17)
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i
/** Unknown as rrdtool, rrd4j, a C library (nan, -nan(0x8000)) and Microsoft's (1.#QNAN, -1.#IND) spell it. */
const UNKNOWN = /^(?:[+-]?(?:nan(?:\([^)]*\))?|1[.,]#(?:q?nan|snan|ind)\w*)|u|unkn|unknown)$/i
const INFINITE = /^[+-]?(?:inf(?:inity)?|1[.,]#inf\w*)$/i

/**
 * A double as any rrdtool, libc or rrd4j wrote it; a decimal comma is what old ones wrote in some locales.
 *
 * @returns undefined where the text is no number
 */
export const parseDouble = (text: string): number | undefined => {
  if (text === 'NaN') return Number.NaN
  if (DECIMAL.test(text)) return Number(text.includes(',') ? text.replace(',', '.') : text)
  if (UNKNOWN.test(text)) return Number.NaN
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return undefined
}
