import type { TakesValue } from './model.ts'

/**
 * One word of the command line, told apart as commander will tell it. A broken option is a group with a hyphen in it
 * (`-n-`), which commander would take for `-n --`.
 */
export type Token =
  | {
      readonly kind: 'option'
      readonly index: number
      readonly spellings: readonly string[]
      readonly broken: boolean
    }
  | { readonly kind: 'value'; readonly index: number; readonly of: string }
  | { readonly kind: 'operand'; readonly index: number }
  | { readonly kind: 'separator'; readonly index: number }
  | { readonly kind: 'after-separator'; readonly index: number }

/**
 * Tells options, their values and operands apart, knowing only which spellings take a value. Commander's own rules:
 * the word after an option that wants a value is its value whatever it looks like (`-o --` too); `--name=value` and
 * `-nVALUE` carry it with them; short flags may be grouped, the last with a value; a lone `-` and negative numbers
 * are operands; the first `--` ends options. A spelling that nobody knows takes no value: it will be an error. Lazy:
 * what is not asked for is not looked up.
 */
export function* tokens(args: readonly string[], takesValue: TakesValue): Generator<Token, void> {
  let index = 0
  while (index < args.length) {
    const word = args[index] ?? ''
    if (word === '--') {
      yield { kind: 'separator', index }
      for (let rest = index + 1; rest < args.length; rest += 1) yield { kind: 'after-separator', index: rest }
      return
    }
    if (!isOption(word)) {
      yield { kind: 'operand', index }
      index += 1
      continue
    }
    const { spellings, wantsNext, broken } = optionWord(word, takesValue)
    yield { kind: 'option', index, spellings, broken }
    index += 1
    if (wantsNext !== undefined && index < args.length) {
      yield { kind: 'value', index, of: wantsNext }
      index += 1
    }
  }
}

/** `-5` and `-1e3` are numbers: no tool of this house has a digit as a flag. */
function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith('-') && !/^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/.test(word)
}

function optionWord(
  word: string,
  takesValue: TakesValue,
): { spellings: string[]; wantsNext: string | undefined; broken: boolean } {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    const wantsNext = equals < 0 && takesValue(name) ? name : undefined
    // `--json=1` is not `--json`: a flag takes no value, commander will refuse it.
    return { spellings: equals < 0 || takesValue(name) ? [name] : [], wantsNext, broken: false }
  }
  const spellings: string[] = []
  for (let at = 1; at < word.length; at += 1) {
    const flag = `-${word[at]}`
    const value = takesValue(flag)
    if (value === undefined) return { spellings, wantsNext: undefined, broken: flag === '--' }
    spellings.push(flag)
    if (value) return { spellings, wantsNext: at === word.length - 1 ? flag : undefined, broken: false }
  }
  return { spellings, wantsNext: undefined, broken: false }
}
