export { embedJson, escapeHtml, escapeXml } from './escape.ts'
export { type ReportPage, renderPage } from './page.ts'
