import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { folder } from '../repair/sample.ts'
import { qcow2Check, startQcow2Check } from '../support/cli.ts'
import { largeDamage } from './large-repair.ts'

/** Sends a signal once something holds; how the tool ended. */
async function signalled(args: readonly string[], signal: NodeJS.Signals, holds: () => boolean) {
  const child = startQcow2Check(args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  let over = false
  const ended = once(child, 'close').then(([code, by]) => {
    over = true
    return { code, by, stderr }
  })
  while (!over && !holds()) await setImmediate()
  child.kill(signal)
  return ended
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s during a repair: before or after, nothing in between, and it dies by it',
  async (signal) => {
    const where = folder()
    const [damaged, image] = [`${where}/damaged`, `${where}/image.qcow2`]
    largeDamage(damaged)
    copyFileSync(damaged, image)
    expect(qcow2Check(['repair', image]).status).toBe(0)
    const [before, after] = [readFileSync(damaged), readFileSync(image)]
    const undoFile = `${image}.undo-1`
    for (const moment of ['at once', 'undo file', 'first write']) {
      for (const name of readdirSync(where)) if (name.includes('.undo-')) rmSync(`${where}/${name}`)
      copyFileSync(damaged, image)
      const { mtimeMs } = statSync(image)
      const holds = {
        'at once': () => true,
        'undo file': () => existsSync(undoFile),
        'first write': () => statSync(image).mtimeMs !== mtimeMs,
      }[moment]
      const { code, by } = await signalled(['repair', image], signal, holds ?? (() => true))
      const now = readFileSync(image)
      if (by === signal) {
        expect(now.equals(before) || now.equals(after), moment).toBe(true)
      } else expect([code, now.equals(after)], moment).toEqual([0, true])
      expect(existsSync(undoFile), moment).toBe(now.equals(after))
    }
  },
)
