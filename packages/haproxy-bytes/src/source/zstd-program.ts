import { spawn } from 'node:child_process'
import { DamagedError } from './damaged.ts'

/**
 * zstd(1), for a Node that has no zstd of its own. What the program says where it fails is the fault's text.
 *
 * @param memory MiB that a frame may ask for
 * @throws DamagedError
 */
export async function* zstdProgram(
  input: AsyncIterable<Uint8Array>,
  memory: number,
): AsyncGenerator<Uint8Array> {
  const child = spawn('zstd', ['-dc', '-q', `--memory=${memory}MB`, '-'], { stdio: 'pipe' })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 1000)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const started = new Promise<void>((resolve, reject) => child.on('spawn', resolve).on('error', reject))
  // It ends before all is read where the input is damaged.
  child.stdin.on('error', () => {})
  let given = 0
  const feed = async (): Promise<void> => {
    for await (const chunk of input) {
      if (child.stdin.destroyed) return
      given += chunk.length
      await new Promise<void>((resolve) => child.stdin.write(chunk, () => resolve()))
    }
    child.stdin.end()
  }
  try {
    await started
    const fed = feed()
    // Told below; without this a fault of the input ends the process before.
    fed.catch(() => child.stdin.destroy())
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    const code = await ended
    if (code !== 0) throw new DamagedError(said.trim() || `zstd ended with ${code}`, given)
    await fed
  } finally {
    child.kill()
  }
}
