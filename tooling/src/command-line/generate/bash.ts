import type { ToolModel } from '../model.ts'
import { type CompletionModel, completionModel, type Offer, quoted, spellings } from './completion-model.ts'

/**
 * A script for bash 4 and later. It settles the command as the tool does; `=` and `:` part words in bash, so they are
 * joined first. Files are left to readline, which quotes odd names rightly.
 */
export function bashCompletion(tool: ToolModel): string {
  const model = completionModel(tool)
  const { identifier: name, commands, defaultCommand } = model
  const first = [...commands.map((command) => command.name), 'help'].join(' ')
  return `# bash completion for ${model.tool}
${name}_value() {
  case $1:$2 in
${valueCases(model)}
  *) ${offering('nothing')} ;;
  esac
}
${name}_options() {
  case $1 in
${optionCases(model)}
  esac
}
${name}_operand() {
  case $1 in
${commands.map(({ name: command, operands }) => `  ${command}) ${offering(operands)} ;;`).join('\n')}
  help) words_offered="${first}" ;;
  esac
}
${name}() {
  local cur word command='' seen='' option='' ended='' glue='' words_offered='' kind='file' index last flags
  local -a words=()
  for ((index = 1; index <= COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ \${#words[@]} -gt 0 && ( $word == '=' || $word == ':' ) ]]; then
      words[\${#words[@]}-1]+=$word
      glue=1
    elif [[ $glue ]]; then
      words[\${#words[@]}-1]+=$word
      glue=''
    else
      words+=("$word")
    fi
  done
  last=$((\${#words[@]} - 1))
  cur=\${words[last]}
  for ((index = 0; index < last; index++)); do
    word=\${words[index]}
    if [[ $option ]]; then option=''; continue; fi
    [[ $ended ]] && continue
    case $word in
    --) ended=1 ;;
    ${[...model.valued].join(' | ')}) option=$word ;;
    --*) ;;
    -?*)
      flags=\${word#-}
      while [[ $flags ]]; do
        case -\${flags:0:1} in
        ${shortValued(model)}) [[ \${#flags} -eq 1 ]] && option=-$flags; break ;;
        esac
        flags=\${flags:1}
      done
      ;;
    *)
      if [[ ! $seen ]]; then
        seen=1
        case $word in ${[...commands.map((command) => command.name), 'help'].join(' | ')}) command=$word ;; esac
      fi
      ;;
    esac
  done
  [[ $command ]] || command=${quoted(defaultCommand?.name ?? '')}
  COMPREPLY=()
  if [[ $option ]]; then
    ${name}_value "$command" "$option"
  elif [[ ! $ended && $cur == --*=* ]]; then
    ${name}_value "$command" "\${cur%%=*}"
    cur=\${cur#*=}
  elif [[ ! $ended && $cur == -* ]]; then
    ${name}_options "$command"
  elif [[ $ended ]]; then
    kind=file
  elif [[ ! $seen ]]; then
    ${name}_operand "$command"
    COMPREPLY=($(compgen -W "${first} $words_offered" -- "$cur"))
    [[ $kind == nothing || ! $command ]] || while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
    compopt -o filenames 2>/dev/null
    return
  else
    ${name}_operand "$command"
  fi
  if [[ $words_offered ]]; then
    COMPREPLY=($(compgen -W "$words_offered" -- "$cur"))
    compopt +o default 2>/dev/null
  elif [[ $kind == folder ]]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$cur")
    compopt -o filenames 2>/dev/null
  elif [[ $kind == nothing ]]; then
    compopt +o default 2>/dev/null
  fi
}
complete -o default -F ${name} ${model.tool}
`
}

function offering(offer: Offer): string {
  return typeof offer === 'string' ? `kind=${offer}` : `words_offered=${quoted(offer.join(' '))}`
}

/** A case for each option of each command; before the command is known the first command's choices are offered. */
function valueCases({ commands, defaultCommand }: CompletionModel): string {
  const lines: string[] = []
  const anywhere = new Map<string, string>()
  for (const command of [...(defaultCommand ? [defaultCommand] : []), ...commands]) {
    for (const option of command.options) {
      if (option.value === undefined) continue
      for (const spelling of spellings(option)) {
        const offer = offering(option.value)
        const known = anywhere.get(spelling)
        if (known === undefined) anywhere.set(spelling, offer)
        else if (known !== offer) lines.push(`  ${command.name}:${spelling}) ${offer} ;;`)
      }
    }
  }
  const rest = [...anywhere].map(([spelling, offer]) => `  *:${spelling}) ${offer} ;;`)
  return [...lines, ...rest].join('\n')
}

function optionCases({ commands }: CompletionModel): string {
  const words = (
    list: readonly { readonly options: CompletionModel['commands'][number]['options'] }[],
  ): string => [...new Set(list.flatMap(({ options }) => options.flatMap(spellings)))].join(' ')
  const each = commands.map((command) => `  ${command.name}) words_offered=${quoted(words([command]))} ;;`)
  return [...each, `  *) words_offered=${quoted(words(commands))} ;;`].join('\n')
}

/** A pattern of the short flags that take a value; one that matches nothing where there are none. */
function shortValued({ valued }: CompletionModel): string {
  const short = valued.filter((spelling) => !spelling.startsWith('--'))
  return short.length === 0 ? "''" : short.join(' | ')
}
