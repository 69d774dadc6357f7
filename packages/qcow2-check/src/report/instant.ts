/** `2026-01-20 13:45:00 UTC`; seconds since 1970, `unknown` for 0 and for what no calendar has. */
export function instant(seconds: number): string {
  const time = new Date(seconds * 1000)
  if (seconds === 0 || Number.isNaN(time.getTime())) return 'unknown'
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
