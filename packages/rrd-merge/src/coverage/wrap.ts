/** Joins notes with commas into lines of at most `width` characters; a note that is longer has a line of its own. */
export function wrapNotes(notes: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const note of notes) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 2 + note.length <= width) {
      lines[lines.length - 1] = `${last}, ${note}`
    } else {
      lines.push(note)
    }
  }
  return lines
}
