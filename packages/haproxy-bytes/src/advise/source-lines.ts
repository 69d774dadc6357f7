import type { Config, Directive, Section } from '../config/index.ts'

/** A line of a section as it stands in the file, with its words where it has any. */
export interface SourceLine {
  readonly text: string
  readonly words: readonly string[]
  readonly line: number
}

/** A section as text: from its header to its last directive. */
export interface SourceSection {
  readonly section: Section
  readonly header: string
  readonly body: readonly SourceLine[]
  readonly first: number
  readonly last: number
  readonly indent: string
}

export function sourceSections(text: string, { sections }: Config): SourceSection[] {
  const lines = text.split('\n')
  return sections.map((section) => {
    const directives = new Map<number, Directive>(section.directives.map((one) => [one.line, one]))
    const last = section.directives.at(-1)?.line ?? section.line
    const body = lines.slice(section.line, last).map((line, at): SourceLine => {
      const number = section.line + 1 + at
      return { text: line.replace(/\r$/, ''), words: directives.get(number)?.words ?? [], line: number }
    })
    const indent = /^\s+/.exec(body.find(({ words }) => words.length > 0)?.text ?? '')?.[0] ?? '    '
    return {
      section,
      header: (lines[section.line - 1] as string).replace(/\r$/, ''),
      body,
      first: section.line,
      last,
      indent,
    }
  })
}

export const sectionName = ({ kind, name }: Section): string =>
  name === undefined ? kind : `${kind} ${name}`

/** A text for the configuration: within single quotes HAProxy takes everything as it is. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
