/** `1 entry`, `3 entries`. */
export function many(count: number | bigint, noun: string): string {
  return `${count} ${Number(count) === 1 ? noun : plural(noun)}`
}

export function plural(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** A word as a shell takes it: for command lines that are shown to be typed. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** `at 0x30000 (196608)`. */
export function place(offset: number): string {
  return `0x${offset.toString(16)} (${offset})`
}
