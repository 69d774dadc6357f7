import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with images that qemu-img makes, each kind once, and what QEMU says when it opens an edited copy. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'qcow2-image-'))
  readonly #made = new Map<string, Buffer>()

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** @param commands each a program and its arguments; `IMG` stands for the path */
  make(kind: string, commands: readonly (readonly string[])[]): Buffer {
    const made = this.#made.get(kind)
    if (made !== undefined) return Buffer.from(made)
    const path = this.path(`${kind}.qcow2`)
    for (const [program, ...args] of commands)
      this.#run(
        program as string,
        args.map((arg) => arg.replaceAll('IMG', path)),
      )
    const bytes = readFileSync(path)
    this.#made.set(kind, bytes)
    return Buffer.from(bytes)
  }

  /** On a busy machine qemu-img often can't measure how fast it derives keys; it works when asked again. */
  #run(program: string, args: readonly string[]): void {
    for (let left = 50; ; left--) {
      try {
        execFileSync(program, args, { cwd: this.folder, stdio: 'pipe' })
        return
      } catch (error) {
        if (left === 0 || !String(error).includes('accurate CPU usage')) throw error
      }
    }
  }

  write(name: string, bytes: Uint8Array): string {
    const path = this.path(name)
    writeFileSync(path, bytes)
    return path
  }
}

/** What QEMU's block layer says when it opens an image as QCOW2: undefined if it opens. */
export function qemuRefusal(
  path: string,
  mode: 'read' | 'write',
  options: readonly string[] = [],
): string | undefined {
  const secret = ['--object', 'secret,id=key,data=night']
  const image = ['driver=qcow2', `file.filename=${path}`, ...options].join(',')
  const args = [...secret, ...(mode === 'read' ? ['-r'] : []), '--image-opts', image, '-c', 'length']
  const { status, stdout, stderr } = spawnSync('qemu-io', args, { encoding: 'utf8', timeout: 60_000 })
  const opened = status === 0 && /^[\d.]+ [KMGTPE]?i?B?/.test(stdout.trim())
  return opened ? undefined : `${stdout}${stderr}`.trim()
}
