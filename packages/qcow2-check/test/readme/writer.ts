import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A machine that writes to its disk, as far as the image can tell: a qemu-io that stays, by default without locks. */
export class Writer {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #gone: Promise<unknown>
  #said = ''

  constructor(image: string, cwd: string, locking: 'on' | 'off' = 'off') {
    const name = `driver=qcow2,file.driver=file,file.filename=${image},file.locking=${locking}`
    this.#process = spawn('qemu-io', ['--image-opts', name], { cwd })
    this.#gone = once(this.#process, 'exit')
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text
      })
  }

  /** One after the other: of several lines that come at once qemu-io takes the first and waits for more. */
  async say(...commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      await this.#prompted()
      this.#said = ''
      this.#process.stdin.write(`${command}\n`)
    }
    await this.#prompted()
  }

  async #prompted(): Promise<void> {
    while (!this.#said.endsWith('qemu-io> ')) {
      await Promise.race([once(this.#process.stdout, 'data'), this.#gone])
      if (this.#process.exitCode !== null) throw new Error(`the writer is gone: ${this.#said}`)
    }
  }

  async end(): Promise<void> {
    this.#process.stdin.end('quit\n')
    await this.#gone
  }
}
