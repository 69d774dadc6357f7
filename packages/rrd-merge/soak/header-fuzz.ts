import { fuzzHeaders } from '../test/format/header-fuzz.ts'

/**
 * tsx soak/header-fuzz.ts [COUNT] [SEED]: opens COUNT (1,000,000) mutated headers in memory; ends with 1 and the
 * bytes of the first file that breaks a promise.
 */
const count = Number(process.argv[2] ?? 1_000_000)
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32)

const BATCH = 50_000
let opened = 0
const refused = new Map<string, number>()
for (let done = 0; done < count; done += BATCH) {
  const result = fuzzHeaders(seed + done, Math.min(BATCH, count - done))
  opened += result.opened
  for (const [code, n] of Object.entries(result.refused)) refused.set(code, (refused.get(code) ?? 0) + n)
}
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
const outcomes = [...refused].sort().map(([code, n]) => `${code} ${n}`)
console.log(
  `${count} mutated headers (seed ${seed}): opened ${opened}, ${outcomes.join(', ')}; ${megabytes} MB at most`,
)
