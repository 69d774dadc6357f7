import {
  type BareCommand,
  collect,
  defineCommand,
  defineTool,
  Option,
  pair,
} from '../../src/command-line/index.ts'

/** A tool without a default command whose operands end with another program's command line, like daemonize-helper. */
export const starterTool = defineTool({
  name: 'starter-tool',
  version: '0.1.0',
  summary: 'starts programs',
  homepage: 'https://example.org/starter-tool',
  bugs: 'https://example.org/starter-tool/issues',
  exitCodes: [[0, 'started']],
  examples: [],
  usageExitCode: 64,
  commands: [
    defineCommand({
      name: 'start',
      summary: 'start a program',
      operands: [],
      program: 'required',
      options: (command: BareCommand) =>
        command
          .option('-n, --dry-run', 'start nothing')
          .option('--name <name>', 'its name')
          .addOption(new Option('--env <key=value>', 'environment').argParser(collect(pair))),
      examples: [],
      load: async () => ({
        run: async ({ out, program }, operands, options) => {
          await out.json({ operands, program, options })
        },
      }),
    }),
    defineCommand({
      name: 'export',
      summary: 'write a unit',
      operands: [
        { name: 'FORMAT', kind: ['systemd'] },
        { name: 'NAME', kind: 'text', required: false },
      ],
      program: 'optional',
      options: (command: BareCommand) => command.option('--name <name>', 'its name'),
      examples: [],
      load: async () => ({
        run: async ({ out, program }, operands) => {
          await out.json({ operands, program: program ?? null })
        },
      }),
    }),
  ],
})
