import { spawn, spawnSync } from 'node:child_process'
import { Duplex, PassThrough, type Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'

export type Compression = 'none' | 'gzip' | 'zstd'

/** Bytes of a beginning that show how a file is compressed, whatever it is called. */
export const SNIFFED = 4

export function compressionOf(beginning: Uint8Array): Compression {
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) return 'gzip'
  const zstd =
    beginning[0] === 0x28 && beginning[1] === 0xb5 && beginning[2] === 0x2f && beginning[3] === 0xfd
  // A skippable frame, as pzstd writes before each block.
  const skippable =
    ((beginning[0] as number) & 0xf0) === 0x50 &&
    beginning[1] === 0x2a &&
    beginning[2] === 0x4d &&
    beginning[3] === 0x18
  return zstd || skippable ? 'zstd' : 'none'
}

/** zstd frames that want a larger window are refused: their memory would be the file's choice. */
const LARGEST_WINDOW_LOG = 27

interface ZstdOfNode {
  readonly createZstdDecompress?: (options: object) => Transform
  readonly constants: { readonly ZSTD_d_windowLogMax?: number }
}

/** How zstd is read here: by Node (22.15 and later), by zstd(1), or by a decoder in JavaScript, which is ten times slower. */
export type ZstdReader = 'node' | 'program' | 'script'

export function zstdReader(): ZstdReader {
  if ((zlib as unknown as ZstdOfNode).createZstdDecompress) return 'node'
  return spawnSync('zstd', ['--version'], { stdio: 'ignore' }).status === 0 ? 'program' : 'script'
}

/** Decompresses a stream; its errors are those of the result. */
export async function decompress(
  input: Readable,
  compression: Compression,
  reader: ZstdReader = 'node',
): Promise<Readable> {
  if (compression === 'none') return input
  const output = compression === 'gzip' ? zlib.createGunzip({ chunkSize: 1 << 18 }) : await zstd(reader)
  input.on('error', (error) => output.destroy(error))
  output.on('close', () => input.destroy())
  return input.pipe(output)
}

async function zstd(reader: ZstdReader): Promise<Duplex> {
  const { createZstdDecompress, constants } = zlib as unknown as ZstdOfNode
  if (reader === 'node' && createZstdDecompress)
    return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax as number]: LARGEST_WINDOW_LOG } })
  if (reader === 'program')
    return program('zstd', ['-dc', '-q', `--memory=${2 ** (LARGEST_WINDOW_LOG - 20)}MB`, '-'])
  const { scriptedZstd } = await import('./scripted-zstd.ts')
  return scriptedZstd(2 ** LARGEST_WINDOW_LOG)
}

/** A program as a stream: what it says on stderr is the error where it fails. */
function program(name: string, args: readonly string[]): Duplex {
  const child = spawn(name, args, { stdio: 'pipe' })
  const output = new PassThrough()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 1000)
  })
  child.stdout.pipe(output, { end: false })
  child.on('error', (error) => output.destroy(error))
  child.on('close', (code) => {
    if (code === 0) output.end()
    else output.destroy(new Error(said.trim() || `${name} ended with ${code}`))
  })
  child.stdin.on('error', () => {})
  output.on('close', () => child.kill())
  return Duplex.from({ writable: child.stdin, readable: output })
}
