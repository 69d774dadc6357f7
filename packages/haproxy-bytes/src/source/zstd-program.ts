import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { DamagedError } from './damaged.ts'

/**
 * zstd(1), for a Node that has no zstd of its own. What the program says where it fails is the fault's text.
 *
 * @param memory MiB that a frame may ask for
 * @param descriptor of the file that the input is all of: where it can, the program reads that by itself
 * @throws DamagedError
 */
export async function* zstdProgram(
  input: AsyncIterable<Uint8Array>,
  memory: number,
  descriptor?: number,
): AsyncGenerator<Uint8Array> {
  const file = descriptor === undefined ? undefined : reopened(descriptor)
  const child = spawn('zstd', ['-dc', '-q', `--memory=${memory}MB`, '-'], {
    stdio: [file ?? 'pipe', 'pipe', 'pipe'],
  })
  const { stdin } = child
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 1000)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const started = new Promise<void>((resolve, reject) => child.on('spawn', resolve).on('error', reject))
  // It ends before all is read where the input is damaged.
  stdin?.on('error', () => {})
  let given = 0
  const feed = async (): Promise<void> => {
    if (stdin === null) return
    for await (const chunk of input) {
      if (stdin.destroyed) return
      given += chunk.length
      await new Promise<void>((resolve) => stdin.write(chunk, () => resolve()))
    }
    stdin.end()
  }
  try {
    await started
    const fed = feed()
    // Told below; without this a fault of the input ends the process before.
    fed.catch(() => stdin?.destroy())
    for await (const chunk of child.stdout as Readable) yield chunk as Uint8Array
    const code = await ended
    if (file !== undefined) given = positionOf(file)
    if (code !== 0) throw new DamagedError(said.trim() || `zstd ended with ${code}`, given)
    await fed
  } finally {
    child.kill()
    if (file !== undefined) closeSync(file)
  }
}

/** The same file from its beginning, whatever has its name by now. Undefined where there is no /proc. */
function reopened(descriptor: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, 'r')
  } catch {
    return undefined
  }
}

/** How far whoever shares the descriptor has read. */
function positionOf(descriptor: number): number {
  const told = /^pos:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))
  return Number(told?.[1] ?? 0)
}
