/** Types whose rows hold a rate a second: counters of all kinds, and ABSOLUTE, which rrdtool divides by the time too. */
const RATES: ReadonlySet<string> = new Set(['COUNTER', 'DERIVE', 'ABSOLUTE', 'DCOUNTER', 'DDERIVE'])

/**
 * Whether rows of two data source types mean the same. `same`: equal types. `compatible`: both hold rates a second,
 * or one is COMPUTE, whose rows are the stored results of an expression and have no unit of their own.
 * `incompatible`: a reading (GAUGE) against a rate, or a type nobody knows.
 */
export function compareTypes(a: string, b: string): 'same' | 'compatible' | 'incompatible' {
  if (a === b) return 'same'
  if (RATES.has(a) && RATES.has(b)) return 'compatible'
  return a === 'COMPUTE' || b === 'COMPUTE' ? 'compatible' : 'incompatible'
}
