import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Scratch } from '../support/scratch.ts'
import { HOSTILE_COMMANDS } from './commands.ts'
import { HOSTILE_IMAGES } from './images.ts'
import { MOST_SECONDS, overruns } from './limits.ts'
import { measured } from './measured.ts'

/** Those that cost most, of all images and commands; a soak runs the others too. */
const DEAREST: readonly (readonly [command: string, image: string])[] = [
  ['plan', 'entries one bit away from every leaked cluster'],
  ['plan --allow', 'a thousand windows lost and a thousand tables that fit each of them'],
  ['info', 'every leaked cluster is a snapshot table'],
  ['check --data --json', 'zlib: rubbish, 32 MiB of it behind every entry'],
  ['rescue qcow2 all', 'zstd: a gigabyte from each 64 KiB, windows of 2^31 bytes'],
  ['rescue raw all', 'zlib in clusters of 512 bytes: each inflates to a mebibyte'],
]

describe('an image of a few MiB costs the packed tool at most 20 s of processor time and 400 MB', () => {
  test.each(DEAREST)('%s: %s', { timeout: 400_000 }, (commandName, imageName) => {
    const command = HOSTILE_COMMANDS.find(({ name }) => name === commandName)
    const image = HOSTILE_IMAGES.find(({ name }) => name === imageName)
    if (!command || !image) throw new Error('no such command or image')
    using scratch = new Scratch('qcow2-bounds')
    const made = image.make()
    expect(made.allocated).toBeLessThan(12 * 2 ** 20)
    made.writeTo(scratch.file('i.qcow2'))
    const cost = measured(command.args('i.qcow2'), scratch.path, 2 * MOST_SECONDS)
    expect(overruns(cost), cost.stderr).toEqual([])
    // It was really measured, and no temporary file is left.
    expect(cost.peak).toBeGreaterThan(30e6)
    expect(readdirSync(scratch.path).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
