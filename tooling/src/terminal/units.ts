const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/** `0 B`, `1023 B`, `1.5 KiB`, `12 MiB`: binary units, three figures. */
export function formatBytes(bytes: number | bigint): string {
  let value = Number(bytes)
  let unit = 0
  // 1023.5 and more would be shown as 1024: the next unit says it better.
  while (Math.abs(value) >= 1023.5 && unit < binary.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? Math.round(value) : figures(value)} ${binary[unit]}`
}

/** `1234567` as `1,234,567`, whatever the locale. */
export function formatCount(count: number | bigint): string {
  const text = typeof count === 'bigint' ? count.toString() : Math.round(count).toString()
  return text.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `450 ms`, `2.5 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: the two largest units. Milliseconds in. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '?'
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 9950) return `${figures(milliseconds / 1000)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return pair(seconds, 60, 'min', 1, 's')
  if (seconds < 86_400) return pair(seconds, 3600, 'h', 60, 'min')
  return pair(seconds, 86_400, 'd', 3600, 'h')
}

/** `99.98 %`: never 100 % while something is missing, never 0 % while something is there. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '-'
  const percent = (part / whole) * 100
  if (part === whole || part === 0) return `${percent} %`
  return `${Math.min(99.99, Math.max(0.01, percent)).toFixed(percent >= 99 || percent < 1 ? 2 : 1)} %`
}

function figures(value: number): string {
  return Math.abs(value) >= 99.5 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '')
}

function pair(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(seconds / large)
  const rest = Math.floor((seconds - whole * large) / small)
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}
