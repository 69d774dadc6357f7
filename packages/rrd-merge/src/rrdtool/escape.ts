/** A text with its colons escaped, as a file name inside `DEF:name=file:ds:CF` or a legend needs it. */
export function escapeColons(text: string): string {
  return text.replaceAll(':', '\\:')
}
