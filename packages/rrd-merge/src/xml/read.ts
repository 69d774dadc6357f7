import { SaxesParser } from 'saxes'
import { buildRrd } from '../format/build.ts'
import type { Architecture, Rrd } from '../format/types.ts'
import { XmlDecoder } from './decode.ts'
import { DocumentScope } from './document-scope.ts'
import { type Place, type Scope, Values, xmlError } from './scope.ts'

/** Characters a single tag, text or comment may have: real ones have some dozens, and the parser gathers them whole. */
const LONGEST_TOKEN = 1 << 20
/** Characters handed to the parser at a time. */
const SLICE = 1 << 16

export interface ReadXmlOptions {
  /** Of the image that is made; by default this machine's, as `rrdtool restore` would write it. */
  readonly architecture?: Architecture
}

/** Reads the XML of `rrdtool dump` as it comes; memory is bounded by the cells read so far. */
export class XmlReader {
  private readonly decoder = new XmlDecoder()
  private readonly parser = new SaxesParser({ xmlns: false })
  private readonly document: DocumentScope
  private readonly scopes: Scope[] = []
  private readonly architecture: Architecture | undefined
  private text = ''
  private tokenStart = 0
  private ended = false

  constructor(options: ReadXmlOptions = {}) {
    this.architecture = options.architecture
    this.document = new DocumentScope(new Values(this.place), this.place)
    const token = (handle: (data: string) => void) => (data: string) => {
      this.tokenStart = this.parser.position
      handle(data)
    }
    this.parser.on('error', (error) => this.fail(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')))
    this.parser.on('doctype', token(this.doctype))
    this.parser.on(
      'comment',
      token(() => {}),
    )
    this.parser.on('text', token(this.gather))
    this.parser.on('cdata', token(this.gather))
    this.parser.on('opentag', (tag) => token(this.open)(tag.name.toLowerCase()))
    this.parser.on('closetag', (tag) => token(this.close)(tag.name))
  }

  /** @throws RrdError EXML, with line and column; EVERSION */
  push(chunk: Uint8Array | string): void {
    this.feed(typeof chunk === 'string' ? chunk : this.decoder.decode(chunk))
  }

  /** @throws RrdError EXML where the document has not ended, ECORRUPT or ERANGE where it makes no valid file */
  end(): Rrd {
    this.feed(this.decoder.decode(new Uint8Array(0), true))
    this.parser.close()
    if (!this.ended) this.fail('the document ends before </rrd>')
    return buildRrd(this.document.description(this.architecture))
  }

  private feed(text: string): void {
    for (let at = 0; at < text.length; at += SLICE) {
      this.parser.write(text.length > SLICE ? text.slice(at, at + SLICE) : text)
      if (this.parser.position - this.tokenStart > LONGEST_TOKEN) {
        this.fail(`a single tag, text or comment of over ${LONGEST_TOKEN} characters`)
      }
    }
  }

  private readonly place = (): Place => ({ line: this.parser.line, column: this.parser.column })

  private fail(why: string, remedy?: string): never {
    throw xmlError(this.place(), why, remedy)
  }

  private readonly doctype = (text: string): void => {
    if (text.replace(/"[^"]*"|'[^']*'/g, '').includes('[')) {
      this.fail(
        'a DOCTYPE with an internal subset, which no rrdtool writes',
        'remove the DOCTYPE from the file',
      )
    }
  }

  private readonly gather = (text: string): void => {
    if (this.scopes.at(-1)?.text) this.text += text
    else if (text.trim() !== '')
      this.fail(`text where an element is expected: ${JSON.stringify(text.trim().slice(0, 40))}`)
    if (this.text.length > LONGEST_TOKEN) this.fail(`a text of over ${LONGEST_TOKEN} characters`)
  }

  private readonly open = (name: string): void => {
    const parent = this.scopes.at(-1)
    if (!parent) {
      if (name !== 'rrd' || this.ended) this.fail(`<${name}> where <rrd> is expected`)
      this.scopes.push(this.document)
      return
    }
    const scope = parent.child?.(name)
    if (!scope) this.fail(`unexpected element <${name.slice(0, 40)}>`)
    this.text = ''
    this.scopes.push(scope)
  }

  private readonly close = (): void => {
    const scope = this.scopes.pop()
    scope?.text?.(this.text.trim())
    this.text = ''
    scope?.close?.()
    if (this.scopes.length === 0) this.ended = true
  }
}

/**
 * Reads the XML of `rrdtool dump` (0001 to 0005, also from rrd4j and JRobin) into an image. A DOCTYPE with an
 * external identifier is accepted and never fetched; one with an internal subset is refused.
 *
 * @param chunks the document in pieces, bytes in any encoding it declares, or text
 * @throws RrdError EXML with line and column; EVERSION, ECORRUPT, ERANGE
 */
export const readXml = (chunks: Iterable<Uint8Array | string>, options: ReadXmlOptions = {}): Rrd => {
  const reader = new XmlReader(options)
  for (const chunk of chunks) reader.push(chunk)
  return reader.end()
}
