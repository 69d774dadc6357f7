/** A command line over an image `name` in the working folder; files it makes begin with `out`. */
export interface HostileCommand {
  readonly name: string
  readonly args: (image: string) => readonly string[]
}

const command = (name: string, args: (image: string) => readonly string[]): HostileCommand => ({ name, args })

const ALL =
  'free-leaks,drop-snapshot,adopt-snapshot,zero-cluster,clear-reserved,relink,split-cross-link,extend-file,drop-bitmaps,pin-leaks'

/** Every command that takes an image that nobody trusts. */
export const HOSTILE_COMMANDS: readonly HostileCommand[] = [
  command('check', (image) => ['check', image]),
  command('check --data --json', (image) => ['check', '--data', '--json', image]),
  command('info', (image) => ['info', image]),
  command('plan', (image) => ['plan', '--json', image]),
  command('plan --allow', (image) => ['plan', '--allow', ALL, '-o', 'out.json', image]),
  command('repair -n', (image) => ['repair', '-n', '--allow', ALL, '--assume-offline', image]),
  command('repair', (image) => ['repair', '--allow', ALL, '--assume-offline', image]),
  command('rescue raw', (image) => ['rescue', image, '-O', 'raw', '-o', 'out.raw', '--map', 'out.map']),
  command('rescue raw all', (image) => ['rescue', image, '-O', 'raw', '-o', 'out.raw', '--snapshot', 'all']),
  command('rescue qcow2 all', (image) => [
    ...['rescue', image, '-O', 'qcow2', '-o', 'out.qcow2', '--snapshot', 'all', '--map', 'out.json'],
  ]),
  command('map svg', (image) => ['map', image, '-o', 'out.svg']),
  command('map html', (image) => ['map', image, '-o', 'out.html']),
  command('map json', (image) => ['map', image, '-o', 'out.json']),
  command('scan', () => ['scan', '--ndjson', '.']),
  command('reclaim -n', (image) => ['reclaim', '-n', '--assume-offline', image]),
]
