/** Seconds since 1970 as texts say them, for people and programs: `2024-05-01T12:00:00Z`; what no Date reaches as a number. */
export function instant(time: number): string {
  const date = new Date(time * 1000)
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace('.000Z', 'Z')
}
