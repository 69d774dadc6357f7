/** A fenced code block of a Markdown file. */
export interface CodeBlock {
  /** The first word after the fence: sh, ts, console, json... Empty where there is none. */
  readonly language: string
  readonly code: string
  /** Line of the opening fence, from 1. */
  readonly line: number
}

/** Every fenced block, in order. A fence that is never closed throws: what follows it would go unnoticed. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: { fence: string; language: string; line: number; code: string[] } | undefined
  for (const [index, text] of markdown.split('\n').entries()) {
    const [, fence, info] = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(text) ?? []
    if (open && fence?.startsWith(open.fence) && info === '') {
      blocks.push({
        language: open.language,
        code: open.code.map((one) => `${one}\n`).join(''),
        line: open.line,
      })
      open = undefined
    } else if (open) open.code.push(text)
    else if (fence) open = { fence, language: info?.split(/\s/)[0] ?? '', line: index + 1, code: [] }
  }
  if (open) throw new Error(`line ${open.line}: this code block is never closed`)
  return blocks
}
