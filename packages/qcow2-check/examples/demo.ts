/**
 * The case qcow2-check was made for: a snapshot is taken beside a machine that writes, and afterwards the volume can't
 * be attached. Broken here for real, by qemu-img and qemu-io; run by `npm run demo` with qcow2-check in PATH.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

const IMAGE = 'volume.qcow2'
/** As on NFS without working locks: neither program sees the other. */
const UNLOCKED = `driver=qcow2,file.driver=file,file.filename=${IMAGE},file.locking=off`
const EXIT_CORRUPT = 2
/** A cluster of the snapshot that was being made may stay: nothing proves what it is. */
const SOUND_OR_LEAKS = [0, 3]

async function main(): Promise<void> {
  say('A volume of 20 GiB with two snapshots.')
  show(['qemu-img', 'create', '-q', '-f', 'qcow2', IMAGE, '20G'])
  show(['qemu-io', '-c', 'write -q -P 0x21 0 2M', '-c', 'write -q -P 0x22 1G 2M', IMAGE])
  show(['qemu-img', 'snapshot', '-c', 'before-upgrade', IMAGE])
  show(['qemu-io', '-c', 'write -q -P 0x31 0 1M', IMAGE])
  show(['qemu-img', 'snapshot', '-c', 'nightly', IMAGE])

  say('A machine writes to it, and a second process takes a snapshot meanwhile. The machine goes on writing.')
  const machine = new Machine()
  await machine.do('write -q -P 0x41 8M 192k', 'flush')
  show(['qemu-img', 'snapshot', '-c', 'manual', '--image-opts', UNLOCKED])
  await machine.do('write -q -P 0xc3 16M 512k', 'flush')
  await machine.stop()

  say('Now nothing opens it. What QEMU says:')
  show(['qemu-img', 'info', IMAGE], 1)
  say('What is wrong, and what to do:')
  show(['qcow2-check', IMAGE], EXIT_CORRUPT)
  const broken = digest()

  say('What a repair would do; nothing is written:')
  show(['qcow2-check', 'plan', IMAGE], EXIT_CORRUPT)
  say('The repair. Before its first write, the bytes that it changes are in the undo file:')
  show(['qcow2-check', 'repair', '--assume-offline', IMAGE], ...SOUND_OR_LEAKS)

  say('The volume opens, with what the machine wrote, and both snapshots are alive:')
  show(['qemu-img', 'check', IMAGE], ...SOUND_OR_LEAKS)
  show(['qemu-img', 'snapshot', '-l', IMAGE])
  show(['qemu-io', '-r', '-c', 'read -P 0xc3 16M 512k', '-c', 'read -P 0x31 0 1M', IMAGE])
  show(['qemu-img', 'convert', '-l', 'recovered-1', '-O', 'qcow2', IMAGE, 'before-upgrade.qcow2'])
  show(['qemu-io', '-r', '-c', 'read -P 0x21 0 2M', 'before-upgrade.qcow2'])

  say('And all of it can be undone, to the byte:')
  show(['qcow2-check', 'undo', '--assume-offline', IMAGE, `${IMAGE}.undo-1`])
  if (digest() !== broken) throw new Error('the undo did not bring back the image')
  say(`sha256 ${broken}, as before the repair.`)
}

function digest(): string {
  return createHash('sha256').update(readFileSync(IMAGE)).digest('hex')
}

/** What a running machine is to its disk: a process that has it open and writes. */
class Machine {
  readonly #process: ChildProcessWithoutNullStreams
  #said = ''

  constructor() {
    console.log(`\n$ qemu-io --image-opts ${UNLOCKED}`)
    this.#process = spawn('qemu-io', ['--image-opts', UNLOCKED])
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text
    })
  }

  async do(...commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      await this.#prompt()
      console.log(`qemu-io> ${command}`)
      this.#said = ''
      this.#process.stdin.write(`${command}\n`)
    }
    await this.#prompt()
  }

  async #prompt(): Promise<void> {
    while (!this.#said.endsWith('qemu-io> ')) {
      if (this.#process.exitCode !== null) throw new Error(`qemu-io ended: ${this.#said}`)
      await Promise.race([once(this.#process.stdout, 'data'), once(this.#process, 'exit')])
    }
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit')
    this.#process.stdin.end('quit\n')
    await gone
  }
}

function say(text: string): void {
  console.log(`\n${text}`)
}

/** Runs a command the reader could type, and shows it with what it says. */
function show([program = '', ...args]: readonly string[], ...exits: readonly number[]): void {
  const words = args.map((word) => (/\s/.test(word) ? `'${word}'` : word))
  console.log(`\n$ ${program} ${words.join(' ')}`)
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) throw error
  const expected = exits.length > 0 ? exits : [0]
  if (!expected.includes(status ?? -1)) throw new Error(`${program} ended with ${status}`)
}

await main()
