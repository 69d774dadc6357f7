/**
 * One argument as the splitter of `rrdtool -` reads it (CreateArgs in rrd_tool.c, and measured): only a blank
 * separates, `"` and `'` quote each other, a backslash is an ordinary character, and quoted stretches that touch
 * are one argument.
 *
 * Every argument is quoted, not only odd ones: the splitter trims the end of the line with `char <= ' '`, and where
 * char is signed (x86) that eats the last bytes of an unquoted name that ends in UTF-8.
 */
export function quoteArgument(argument: string): string {
  if (!argument.includes('"')) return `"${argument}"`
  if (!argument.includes("'")) return `'${argument}'`
  return argument
    .split(/("+)/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('"') ? `'${part}'` : `"${part}"`))
    .join('')
}

/** A whole command for the standard input of `rrdtool -`, without its newline. */
export function quoteCommand(words: readonly string[]): string {
  return words.map(quoteArgument).join(' ')
}
