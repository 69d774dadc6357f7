/** What a result says of what was thrown for one image: a scan goes on with the next. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'unreadable', message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unreadable'
  return { code, message: error.message }
}
