import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Links of a Markdown page that lead nowhere: to no file below the folder, or to no section. Not those to the web. */
export function deadLinks(folder: string, page: string): string[] {
  const text = readFileSync(join(folder, page), 'utf8')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) =>
    /^https?:/.test(link) || leads(folder, page, link) ? [] : [link],
  )
}

function leads(folder: string, page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? join(folder, page) : join(folder, dirname(page), path)
  if (!existsSync(file)) return false
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
