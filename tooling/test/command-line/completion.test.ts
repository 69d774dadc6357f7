import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { completionScript } from '../../src/command-line/generate/completion.ts'
import { toolModel } from '../../src/command-line/model.ts'
import { sampleTool } from './sample-tool/cli.ts'
import { starterTool } from './starter-tool.ts'

const folder = mkdtempSync(join(tmpdir(), 'completion-'))
const env = { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm', LC_ALL: 'C.UTF-8' }

beforeAll(() => {
  mkdirSync(join(folder, 'files/infolder'), { recursive: true })
  writeFileSync(join(folder, 'files/old.rrd'), '')
  writeFileSync(join(folder, 'files/o new.rrd'), '')
  for (const tool of [sampleTool, starterTool]) {
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      writeFileSync(join(folder, `${tool.name}.${shell}`), completionScript(toolModel(tool), shell))
    }
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a shell offers at the end of a line; each shell is asked through its own machinery. */
const offers: Readonly<Record<'bash' | 'fish', (line: string) => string[]>> = { bash, fish }

/** In bash 4 and later, on a terminal: Alt-? lists, and an escape code at the prompt marks the end. */
function bash(line: string): string[] {
  const tool = line.split(' ')[0]
  const script = `
    source ../${tool}.bash
    COMP_LINE=${JSON.stringify(line)} COMP_POINT=${line.length}
    read -ra COMP_WORDS <<< "$(sed -E 's/([=:])/ \\1 /g' <<< "$COMP_LINE")"
    [[ $COMP_LINE == *[' =:'] ]] && COMP_WORDS+=('')
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    compopt() { :; }
    _${tool?.replaceAll('-', '_')}
    printf '%s\\n' "\${COMPREPLY[@]}"`
  return listed(
    execFileSync('bash', ['--norc', '-c', script], { cwd: join(folder, 'files'), env, encoding: 'utf8' }),
  )
}

/** fish tells what it would offer. */
function fish(line: string): string[] {
  const tool = line.split(' ')[0]
  const script = `source ../${tool}.fish; complete -C ${JSON.stringify(line)}`
  const text = execFileSync('fish', ['--no-config', '-c', script], {
    cwd: join(folder, 'files'),
    env,
    encoding: 'utf8',
  })
  return listed(text).map((entry) => entry.split('\t')[0] ?? '')
}

function listed(text: string): string[] {
  return [...new Set(text.split('\n').filter(Boolean))].sort()
}

const lines: readonly (readonly [line: string, expected: readonly string[]])[] = [
  ['sample-tool str', ['stream']],
  ['sample-tool help str', ['stream']],
  ['sample-tool --policy p', ['prefer-old']],
  ['sample-tool merge a --policy s', ['sum']],
  ['sample-tool --json --policy fill stream 5 --nd', ['--ndjson']],
  ['sample-tool -o info stream 5 --nd', ['--ndjson']],
  ['sample-tool info --lo', ['--log-format', '--long']],
  ['sample-tool a --on', ['--only-gaps-longer-than']],
  ['sample-tool info --log-format j', ['json']],
  ['sample-tool fail stru', ['structural']],
  ['sample-tool -no stream fail stru', ['structural']],
  ['starter-tool st', ['start']],
  ['starter-tool start --dr', ['--dry-run']],
  ['starter-tool export sys', ['systemd']],
  ['starter-tool --name start export sys', ['systemd']],
]

describe.each(['bash', 'fish'] as const)('%s', (shell) => {
  it.each(lines)('%s', (line, expected) => {
    expect(offers[shell](line).map((offer) => offer.trim())).toEqual(expected)
  })

  it('offers files and commands for the first word of a tool with a default command', () => {
    const offered = offers[shell]('sample-tool i').map((offer) => offer.replace(/\/$/, ''))
    expect(offered).toEqual(expect.arrayContaining(['info', 'infolder']))
  })
})

/** Types into an interactive shell on a terminal of its own, and gives all that it shows. */
function typedInto(command: string, typed: readonly string[]): string {
  const result = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: join(folder, 'files'),
    env: { ...env, INPUTRC: '/dev/null', PS1: '', PROMPT: '' },
    input: `${typed.join('\n')}\nexit\n`,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return result.stdout
}

/** Commands that show the arguments they got. */
const shown = ['sample-tool', 'starter-tool'].map((name) => `${name}() { printf '<%s>' "$@"; echo; }`)
const files = [
  'sample-tool --policy f\t o\\ n\t --log-format=te\t --output=ol\t',
  'starter-tool start -- cat ol\t',
]
const filesShown = [
  '<--policy><fill><o new.rrd><--log-format=text><--output=old.rrd>',
  '<start><--><cat><old.rrd>',
]

describe('bash on a terminal', () => {
  it('completes what is typed, file names with spaces too', () => {
    const text = typedInto('bash --norc --noprofile -i', [
      'source ../sample-tool.bash; source ../starter-tool.bash',
      ...shown,
      ...files,
    ])
    for (const line of filesShown) expect(text).toContain(line)
  })
})

describe('zsh on a terminal', () => {
  it('completes every line of the table, and file names with spaces', () => {
    const single = lines.filter(([, expected]) => expected.length === 1)
    const setUp = [
      'zstyle ":completion:*" verbose no',
      'autoload -Uz compinit; compinit -u -D',
      'source ../sample-tool.zsh; source ../starter-tool.zsh',
    ]
    const typed = single.map(([line]) => `${line}\t`)
    const text = typedInto('zsh -f -i', [...setUp, ...shown, ...typed, ...files])
    for (const [line, [last = '']] of single) {
      const words = [...line.split(' ').slice(1, -1), last]
      expect(text).toContain(words.map((word) => `<${word}>`).join(''))
    }
    for (const line of filesShown) expect(text).toContain(line)
  })
})
