/** Before and after a name in a sentence; `load` is not named by "reload" or "loaded". */
const BEFORE = /^$|[\s/"'`«(]/
const AFTER = /^$|[\s:;,"'`»)]/

/** The message with the path in front, unless it names the path itself, or ends a longer one with it. */
export function withPath(message: string, path: string): string {
  return names(message, path) ? message : `${path}: ${message}`
}

function names(message: string, path: string): boolean {
  if (path === '') return true
  for (let at = message.indexOf(path); at >= 0; at = message.indexOf(path, at + 1)) {
    if (BEFORE.test(message.charAt(at - 1)) && AFTER.test(message.charAt(at + path.length))) return true
  }
  return false
}
