import { escapeText } from '../terminal/escape.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text from outside for an HTML text node or a quoted attribute. Control characters and bidirectional overrides are
 * shown as escapes (`\u202e`), as on a terminal: a page must not be reordered by a name either.
 */
export function escapeHtml(text: string): string {
  return escapeText(text).replace(/[&<>"']/g, (character) => entities[character] as string)
}

/** The same for XML (SVG): its noncharacters, which no XML 1.0 document may hold even escaped, are shown too. */
export function escapeXml(text: string): string {
  return escapeHtml(text).replace(
    /[\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  )
}

/**
 * A value as JSON for `<script type="application/json">`: no `<` remains, so no text can end the element or open a
 * comment in it, and no line separator that older script parsers take for a new line.
 */
export function embedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}
