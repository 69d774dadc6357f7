import { InvalidArgumentError } from '@commander-js/extra-typings'
import { pathOfText } from '../../terminal/lossless-text.ts'

const completes = new WeakMap<object, 'file' | 'folder'>()

/** A file name; a Buffer where the command line named bytes that are no UTF-8. Completed as a file. */
export const file = namer('file')

/** A folder name, as {@link file}. */
export const folder = namer('folder')

/** What completions offer for a value parser: files, folders, or nothing. */
export function completionOf(parse: object | undefined): 'file' | 'folder' | undefined {
  return parse && completes.get(parse)
}

function namer(kind: 'file' | 'folder'): (text: string) => string | Buffer {
  const parse = (text: string): string | Buffer => {
    if (text === '') throw new InvalidArgumentError('it is empty: name a file.')
    return pathOfText(text)
  }
  completes.set(parse, kind)
  return parse
}
