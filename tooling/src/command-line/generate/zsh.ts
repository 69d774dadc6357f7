import type { ToolModel } from '../model.ts'
import {
  type CommandCompletion,
  completionModel,
  type Offer,
  type OptionCompletion,
  quoted,
  spellings,
} from './completion-model.ts'

/**
 * A script for zsh: works in `$fpath` as `_tool` and by `source`. It settles the command as the tool does, takes its
 * word out, and leaves the rest to `_arguments`.
 */
export function zshCompletion(tool: ToolModel): string {
  const model = completionModel(tool)
  const { identifier: name, commands, defaultCommand } = model
  const described = [...commands, { name: 'help', summary: 'show help' }]
  const names = described.map((command) => command.name)
  return `#compdef ${model.tool}
# zsh completion for ${model.tool}
${name}_commands() {
  local -a commands=(
${described.map((command) => `    ${quoted(`${command.name}:${command.summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  _describe -t commands command commands
}
${name}_first() {
  ${name}_commands
${defaultCommand ? `  ${action(defaultCommand.operands)}` : ''}
}
${name}() {
  local context state state_descr line curcontext="$curcontext" word command='' option='' flags
  local -A opt_args
  local -i index seen=0
  for ((index = 2; index < CURRENT; index++)); do
    word=\${words[index]}
    if [[ -n $option ]]; then option=''; continue; fi
    case $word in
    --) break ;;
    ${model.valued.join('|')}) option=$word ;;
    --*) ;;
    -?*)
      flags=\${word#-}
      while [[ -n $flags ]]; do
        case -\${flags[1]} in
        ${model.valued.filter((spelling) => !spelling.startsWith('--')).join('|') || "''"}) (( \${#flags} == 1 )) && option=-$flags; break ;;
        esac
        flags=\${flags[2,-1]}
      done
      ;;
    *)
      seen=1
      case $word in
      ${names.join('|')})
        command=$word
        words[index]=()
        (( CURRENT -= 1 ))
        ;;
      esac
      break
      ;;
    esac
  done
  case $command in
${commands.map((command) => `  ${command.name})\n${argumentsCall(command, undefined)}\n    ;;`).join('\n')}
  help) _arguments '1: :${name}_commands' ;;
  *)
${argumentsCall(defaultCommand ?? everything(commands), `${name}_first`)}
    ;;
  esac
}
if [[ \${funcstack[1]} == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${model.tool}
fi
`
}

/** What stands after `--` is completed as the command line it is. */
const programCall = `    index=\${words[(i)--]}
    if (( index < CURRENT )); then
      words=("\${(@)words[index+1,-1]}")
      (( CURRENT -= index ))
      _normal
      return
    fi
`

function argumentsCall(command: CommandCompletion, first: string | undefined): string {
  const specs = command.options.map(optionSpec)
  if (first !== undefined) specs.push(`'1: :${first}'`)
  // Without it nothing more would be offered after an operand.
  specs.push(`'*:operand:${command.operands === 'nothing' ? '{:}' : action(command.operands)}'`)
  return `${command.program ? programCall : ''}    _arguments -s -S : \\\n${specs.map((spec) => `      ${spec}`).join(' \\\n')}`
}

/** Where no command is named and none is the default, every option may come first. */
function everything(commands: readonly CommandCompletion[]): CommandCompletion {
  const options = new Map<string, OptionCompletion>()
  for (const option of commands.flatMap((command) => command.options))
    options.set(spellings(option).join(), option)
  return { name: '', summary: '', options: [...options.values()], operands: 'nothing', program: false }
}

/** `'(-o --output)'{-o,--output=}'[write here]:value:_files'`; may be given again (`*`), the last one wins. */
function optionSpec(option: OptionCompletion): string {
  const text = option.description.replace(/[[\]:\\]/g, '\\$&')
  const value = option.value === undefined ? '' : `:value:${action(option.value)}`
  const tail = quoted(`[${text}]${value}`)
  const forms = spellings(option).map((spelling) => {
    if (option.value === undefined) return spelling
    return spelling.startsWith('--') ? `${spelling}=` : `${spelling}+`
  })
  return forms.length === 1 ? `'*'${forms[0]}${tail}` : `'*'{${forms.join(',')}}${tail}`
}

function action(offer: Offer): string {
  if (offer === 'file') return '_files'
  if (offer === 'folder') return '_files -/'
  return offer === 'nothing' ? ' ' : `(${offer.join(' ')})`
}
