import { createHash } from 'node:crypto'
import { embedJson, escapeHtml } from './escape.ts'
import { shellStyles } from './shell-styles.ts'

export interface ReportPage {
  /** Plain text; escaped here, as is the description. */
  readonly title: string
  readonly description: string
  /** The name and version of the tool, for the foot of the page. */
  readonly generator: string
  /** What the script reads: `JSON.parse(document.getElementById('data').textContent)`. */
  readonly data: unknown
  /** The tool's own style sheet, after the shell's. */
  readonly styles: string
  /** The tool's own script; the page must be of use without it. */
  readonly script: string
  /** Markup of the page's main part; whoever makes it escapes what it holds. */
  readonly body: string
}

/**
 * A self-contained page: no network, no file beside it. Its policy allows the two inline parts by their sha256 and
 * nothing else, so that even markup that slipped through could not run, load or send anything.
 *
 * @throws RangeError where a style sheet or script holds what would end or change its element
 */
export function renderPage(page: ReportPage): string {
  const styles = inlinePart(`${shellStyles}${page.styles}`, 'style')
  const script = inlinePart(page.script, 'script')
  const policy = [
    "default-src 'none'",
    `style-src '${sha256(styles)}'`,
    `script-src '${sha256(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const title = escapeHtml(page.title)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${styles}</style>
</head>
<body>
<header class="page-head">
<h1><bdi>${title}</bdi></h1>
<p>${escapeHtml(page.description)}</p>
</header>
<main>
${page.body}
</main>
<footer class="page-foot">${escapeHtml(page.generator)}</footer>
<script type="application/json" id="data">${embedJson(page.data)}</script>
<script>${script}</script>
</body>
</html>
`
}

/** The hash is of what the browser's parser sees, which turns CR LF into LF. */
function inlinePart(text: string, element: 'style' | 'script'): string {
  const part = `\n${text.replace(/\r\n?/g, '\n')}\n`
  // `<!--` followed by `<script` makes a script element swallow the page's real end tag.
  if (/<\/(?:style|script)|<!--/i.test(part)) {
    throw new RangeError(`a ${element} of a report page can't hold an end tag or a comment opening`)
  }
  return part
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`
}
