import type { ToolModel } from '../model.ts'
import { completionModel, type Offer, type OptionCompletion, spellings } from './completion-model.ts'

/** A script for fish 3. It settles the command as the tool does. */
export function fishCompletion(tool: ToolModel): string {
  const model = completionModel(tool)
  const { identifier: name, commands, defaultCommand } = model
  const described = [...commands, { name: 'help', summary: 'show help' }]
  const start = `complete -c ${model.tool}`
  const lines = [`${start} -f`]
  for (const { name: command, summary } of described) {
    lines.push(`${start} -n _${name}_first -a ${command} -d ${fishQuoted(summary)}`)
    lines.push(
      `${start} -n '_${name}_is help; and not _${name}_first' -a ${command} -d ${fishQuoted(summary)}`,
    )
  }
  for (const command of commands) {
    const condition = `-n '_${name}_is ${command.name}'`
    const operand = offerFlags(command.operands)
    if (operand !== '') lines.push(`${start} ${condition} ${operand}`)
    for (const option of command.options) lines.push(`${start} ${condition} ${optionFlags(option)}`)
  }
  if (defaultCommand === undefined) {
    const seen = new Set<string>()
    for (const option of commands.flatMap((command) => command.options)) {
      const key = spellings(option).join()
      if (!seen.has(key)) lines.push(`${start} -n '_${name}_is ""' ${optionFlags(option)}`)
      seen.add(key)
    }
  }
  return `# fish completion for ${model.tool}
function _${name}_settle
    set -l option ''
    set -l tokens (commandline -opc)
    for word in $tokens[2..-1]
        if test -n "$option"
            set option ''
            continue
        end
        switch $word
            case --
                return
            case ${model.valued.join(' ')}
                set option $word
            case '--*'
            case '-?*'
                for letter in (string split '' -- (string sub -s 2 -- $word))
                    if contains -- -$letter ${model.valued.filter((spelling) => !spelling.startsWith('--')).join(' ')}
                        string match -q -- "*$letter" $word; and set option -$letter
                        break
                    end
                end
            case '*'
                echo $word
                return
        end
    end
end
function _${name}_first
    test -z (_${name}_settle | string collect; or echo)
end
function _${name}_is
    set -l word (_${name}_settle)
    contains -- "$word" ${described.map((command) => command.name).join(' ')}; or set word '${defaultCommand?.name ?? ''}'
    test "$word" = "$argv[1]"
end
${lines.join('\n')}
`
}

function optionFlags({ short, long, description, value }: OptionCompletion): string {
  const parts: string[] = []
  if (short !== undefined) parts.push(`-s ${short.slice(1)}`)
  if (long !== undefined) parts.push(`-l ${long.slice(2)}`)
  if (value !== undefined) parts.push(`-r ${offerFlags(value) || '-f'}`)
  return [...parts, `-d ${fishQuoted(description)}`].join(' ')
}

function offerFlags(offer: Offer): string {
  if (offer === 'file') return '-F'
  if (offer === 'folder') return `-f -a '(__fish_complete_directories (commandline -ct))'`
  return offer === 'nothing' ? '' : `-f -a ${fishQuoted(offer.join(' '))}`
}

/** In fish's single quotes only the quote and the backslash are special. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
