import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChainOptions, openChain } from '../../src/chain/index.ts'
import { openImage } from '../../src/image/index.ts'
import { openFileSource } from '../../src/source/index.ts'

export const MIB = 1024 * 1024

/** A folder of images with backing files, and one beside it that they may not reach. */
export class ChainFolder {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'qcow2-chain-')))
  readonly outside = realpathSync(mkdtempSync(join(tmpdir(), 'qcow2-outside-')))
  #number = 0

  remove(): void {
    rmSync(this.folder, { recursive: true })
    rmSync(this.outside, { recursive: true })
  }

  here(name: string): string {
    return join(this.folder, name)
  }

  there(name: string): string {
    return join(this.outside, name)
  }

  qemuImg(...args: string[]): void {
    // On a busy machine qemu-img often can't measure how fast it derives keys.
    for (let left = 50; ; left--) {
      try {
        execFileSync('qemu-img', args, { cwd: this.folder, stdio: 'pipe' })
        return
      } catch (error) {
        if (left === 0 || !String(error).includes('accurate CPU usage')) throw error
      }
    }
  }

  /** @returns the path of a new image */
  base(name: string, { size = '1M', at = this.folder }: { size?: string; at?: string } = {}): string {
    const path = join(at, name)
    this.qemuImg('create', '-q', '-f', 'qcow2', path, size)
    return path
  }

  /** @returns the path of an image over `name`, which need not exist */
  over(name: string, { format, at }: { format?: string; at?: string } = {}): string {
    const path = at ?? this.here(`over-${++this.#number}`)
    this.qemuImg('create', '-q', '-u', '-f', 'qcow2', '-b', name, '-F', format ?? 'raw', path, '1M')
    if (format === undefined) forgetFormat(path)
    return path
  }

  /** An image over a name that qemu-img doesn't write. */
  overAny(name: string | Buffer): string {
    const path = this.over('x'.repeat(200), { format: 'qcow2' })
    const bytes = readFileSync(path)
    const at = Number(bytes.readBigUInt64BE(8))
    bytes.fill(0, at, at + 200)
    Buffer.from(name).copy(bytes, at)
    bytes.writeUInt32BE(Buffer.byteLength(name), 16)
    writeFileSync(path, bytes)
    return path
  }
}

/** As an old qemu-img wrote it: without the format of the backing file. */
function forgetFormat(path: string): void {
  const bytes = readFileSync(path)
  bytes.writeUInt32BE(0x12345678, bytes.indexOf(Buffer.from('e2792aca', 'hex')))
  writeFileSync(path, bytes)
}

/** Opens the chain of an image, and closes it. */
export async function chainOf(path: string, options: ChainOptions = {}) {
  const source = openFileSource(path)
  const image = await openImage(source)
  const chain = await openChain(image, { chain: true, ...options })
  chain.close()
  source.close()
  return {
    members: chain.members.map(({ name, format, size }) => [name, format, size]),
    codes: chain.findings.map(({ code }) => code),
    findings: chain.findings,
    complete: chain.complete,
    blockers: chain.blockers,
  }
}
