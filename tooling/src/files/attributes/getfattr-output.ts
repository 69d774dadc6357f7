/** Attributes of one file as getfattr lists them: value in its own encoding, '' where only names were asked for. */
export type AttributeMap = ReadonlyMap<string, string>

const HEAD = '# file: '

/**
 * Reads what `getfattr` printed: for each file a line `# file: PATH`, a line per attribute (`name` or `name=value`), an
 * empty line. Newlines, backslashes and other trouble in names stand as `\ooo`, so lines are lines; bytes that aren't
 * UTF-8 stand as they are.
 *
 * @returns attributes by path; paths as Latin-1, a character a byte
 */
export function parseGetfattr(output: Buffer): Map<string, AttributeMap> {
  const files = new Map<string, AttributeMap>()
  let current: Map<string, string> | undefined
  // A file's block ends with an empty line: only there "# file:" is a heading and not an attribute of that name.
  for (const line of output.toString('latin1').split('\n')) {
    if (line === '') current = undefined
    else if (current) addAttribute(current, line)
    else if (line.startsWith(HEAD)) {
      current = new Map()
      files.set(unescapeOctal(line.slice(HEAD.length)), current)
    }
  }
  return files
}

function addAttribute(attributes: Map<string, string>, line: string): void {
  // An "=" within a name is escaped.
  const equals = line.indexOf('=')
  const name = equals < 0 ? line : line.slice(0, equals)
  attributes.set(unescapeOctal(name), equals < 0 ? '' : line.slice(equals + 1))
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}
