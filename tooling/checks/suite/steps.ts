/** One program that `npm test` runs in the top folder. */
export interface Step {
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
}

/** What `npm test` does once everything is installed. The package tasks come first: they take longest to mend. */
export const STEPS: readonly Step[] = [
  {
    name: 'packages',
    command: [
      'turbo',
      'run',
      'build',
      'typecheck',
      'test',
      'lint:package',
      '--continue=dependencies-successful',
      '--output-logs=new-only',
      // Tests start real programs of their own: more tasks than processors only make them wait for each other.
      '--concurrency=100%',
    ],
  },
  { name: 'biome', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'knip', command: ['knip'] },
  { name: 'changesets', command: ['npm', 'run', '-s', 'check:changesets'] },
  { name: 'repository', command: ['npm', 'run', '-s', 'check:repository'] },
]
