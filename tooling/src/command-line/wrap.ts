/** Breaks text at spaces so that no line is longer than `width`; a longer word stands alone on its line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}

/** A term and its text in a column; a term that is too long has its text on the next line. */
export function entry(term: string, text: string, column: number, width: number): string {
  const lines = wrap(text, Math.max(20, width - column))
  const indent = ' '.repeat(column)
  const first =
    term.length + 1 > column ? `${term}\n${indent}${lines[0]}` : `${term.padEnd(column)}${lines[0]}`
  return [first, ...lines.slice(1).map((line) => indent + line)].map((line) => `${line.trimEnd()}\n`).join('')
}

/** Paragraphs parted by blank lines, each wrapped. */
export function paragraph(text: string, width: number): string {
  return `${text
    .trim()
    .split(/\n\s*\n/)
    .map((part) => wrap(part, width).join('\n'))
    .join('\n\n')}\n`
}
