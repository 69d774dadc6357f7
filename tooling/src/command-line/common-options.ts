import { type Command, Option } from '@commander-js/extra-typings'

export const completionShells = ['bash', 'zsh', 'fish'] as const
export type CompletionShell = (typeof completionShells)[number]

/** The heading under which help, man page and README list them. */
export const commonHeading = 'Common options:'

/** Adds the flags that every command of every tool takes. */
export function addCommonOptions(command: Command): void {
  command
    .optionsGroup(commonHeading)
    .option('--json', 'print one JSON document on stdout')
    .option('-q, --quiet', 'errors only on stderr: no warnings, no progress')
    .option('-v, --verbose', 'also say what is being done')
    .addOption(
      new Option('--log-format <format>', 'form of the lines on stderr')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--no-color', 'no colour (also NO_COLOR, FORCE_COLOR, TERM=dumb)')
    .option('--debug', 'show stacks, and all that -v shows')
    .addOption(new Option('--completion <shell>', 'print a completion script').choices(completionShells))
    .option('-V, --version', 'print the version')
    .option('-h, --help', 'print this help')
}

/** Names of the values commander gives for them: taken out before a command sees its own options. */
export const commonNames: ReadonlySet<string> = new Set([
  'json',
  'quiet',
  'verbose',
  'logFormat',
  'color',
  'debug',
  'completion',
  'version',
  'help',
])

/** The common options by spelling, for a look-up without commander: does it take a value? A test keeps them alike. */
export const commonTakesValue: ReadonlyMap<string, boolean> = new Map([
  ['--json', false],
  ['-q', false],
  ['--quiet', false],
  ['-v', false],
  ['--verbose', false],
  ['--log-format', true],
  ['--no-color', false],
  ['--debug', false],
  ['--completion', true],
  ['-V', false],
  ['--version', false],
  ['-h', false],
  ['--help', false],
])
