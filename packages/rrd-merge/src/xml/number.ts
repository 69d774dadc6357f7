/** Powers of ten as rrdtool gets them, by multiplying or dividing again and again: large ones differ from 1e300. */
const powers = (next: (power: number) => number): readonly number[] => {
  const list = [1]
  for (let i = 0; i < 325; i++) list.push(next(list[i] as number))
  return list
}
const RAISED = powers((power) => power * 10)
const LOWERED = powers((power) => power / 10)

/** Below this exponent rrdtool stops looking for a first digit: DBL_MIN_10_EXP. */
const LEAST_EXPONENT = -307
const FRACTION = 1e10

const decimalExponent = (magnitude: number): number => {
  let exponent = 0
  let rest = magnitude
  while (rest < 1 && rest > 0) {
    if (--exponent < LEAST_EXPONENT) return exponent
    rest *= 10
  }
  while (rest >= 10) {
    exponent++
    rest /= 10
  }
  return exponent
}

/**
 * %0.10e as rrdtool prints it: 11 significant digits. It does not use the C library's printf but one of its own,
 * which works in doubles (Debian's build of 1.7.2; seen in subnormal cells, printed as 0.77e-308). Its last digit is
 * off now and then, so being the same byte for byte means the same operations in the same order.
 */
export const formatRounded = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  const sign = value < 0 ? '-' : ''
  const magnitude = Math.abs(value)
  if (magnitude === Number.POSITIVE_INFINITY) return `${sign}inf`
  let exponent = decimalExponent(magnitude)
  const scaled = magnitude / ((exponent < 0 ? LOWERED[-exponent] : RAISED[exponent]) as number)
  let whole = Math.trunc(scaled)
  const product = FRACTION * (scaled - whole)
  let fraction = Math.trunc(product)
  if (product - fraction >= 0.5) fraction++
  if (fraction >= FRACTION) {
    whole++
    fraction = 0
    if (whole === 10) {
      whole = 1
      exponent++
    }
  }
  const power = Math.abs(exponent)
  const digits = String(fraction).padStart(10, '0')
  return `${sign}${whole}.${digits}e${exponent < 0 ? '-' : '+'}${power < 10 ? '0' : ''}${power}`
}

const padExponent = (text: string): string => {
  const at = text.indexOf('e') + 2
  return text.length - at > 1 ? text : `${text.slice(0, at)}0${text.slice(at)}`
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
const UNKNOWN = /^(?:[+-]?(?:nan(?:\([^)]*\))?|1[.,]#(?:q?nan|snan|ind)[\w+-]*)|u|unkn|unknown)$/i
const INFINITE = /^[+-]?(?:inf(?:inity)?|1[.,]#inf[\w+-]*)$/i

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
