/** `PATHS { ... }` of a logrotate file. */
export interface LogrotateStanza {
  readonly paths: readonly string[]
  /** Lines of the file, from 1. */
  readonly first: number
  readonly last: number
  readonly directives: readonly { readonly words: readonly string[]; readonly line: number }[]
  /** By name: `postrotate` and the like, without their `endscript`. */
  readonly scripts: ReadonlyMap<string, readonly string[]>
  /** Commands that stand in no script: logrotate refuses them or passes over them. */
  readonly stray: readonly { readonly text: string; readonly line: number }[]
  readonly closed: boolean
}

export interface LogrotateConfig {
  /** Directives for all stanzas that follow. */
  readonly common: readonly (readonly string[])[]
  readonly stanzas: readonly LogrotateStanza[]
}

const SCRIPTS = new Set(['prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove'])

/** Reads a file of logrotate, whatever is wrong with it. */
export function parseLogrotate(text: string): LogrotateConfig {
  const common: string[][] = []
  const stanzas: LogrotateStanza[] = []
  let paths: string[] = []
  let first = 0
  let open:
    | (LogrotateStanza & {
        directives: { words: string[]; line: number }[]
        scripts: Map<string, string[]>
        stray: { text: string; line: number }[]
      })
    | undefined
  let script: string[] | undefined
  const lines = text.split('\n')
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    const trimmed = raw.trim()
    if (script) {
      if (trimmed === 'endscript') script = undefined
      else if (trimmed === '}') {
        // The script was never ended.
        script = undefined
      } else script.push(trimmed)
      if (trimmed !== '}') continue
    }
    if (trimmed === '' || trimmed.startsWith('#')) continue
    if (open) {
      const words = trimmed.replace(/\s+#.*$/, '').split(/\s+/)
      if (trimmed.startsWith('}')) {
        stanzas.push({ ...open, last: line })
        open = undefined
      } else if (SCRIPTS.has(trimmed)) {
        script = []
        open.scripts.set(trimmed, script)
      } else if (/^[a-z]+$/i.test(words[0] ?? '') && trimmed !== 'endscript')
        open.directives.push({ words, line })
      else if (trimmed !== 'endscript') open.stray.push({ text: trimmed, line })
    } else {
      const brace = trimmed.indexOf('{')
      const before = brace < 0 ? trimmed : trimmed.slice(0, brace)
      const named = [...before.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
      const isPath = paths.length > 0 || /^["/~]/.test(trimmed) || brace >= 0
      if (!isPath) common.push(named)
      else {
        if (paths.length === 0) first = line
        paths.push(...named)
      }
      if (brace >= 0) {
        open = { paths, first, last: line, directives: [], scripts: new Map(), stray: [], closed: true }
        paths = []
      }
    }
  }
  if (open) stanzas.push({ ...open, last: lastText(lines), closed: false })
  return { common, stanzas }
}

const lastText = (lines: readonly string[]): number => lines.findLastIndex((line) => line.trim() !== '') + 1
