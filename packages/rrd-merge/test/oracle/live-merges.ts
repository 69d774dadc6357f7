import { spawn } from 'node:child_process'
import { fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs'
import { physicalRow, rowTime, rrdFromBytes, swapCells } from '../../src/format/index.ts'
import { LiveFile, type LiveMode } from '../../src/live/index.ts'
import type { MergeOnce } from './live-round.ts'

interface Warned {
  readonly code: string
  readonly path?: string
  readonly rows?: readonly unknown[]
}

/**
 * A merge by command line: `command` and then OLD and NEW. Its `--json` says whether it reported a late writer;
 * exit 4 does as well.
 */
export const mergeByCommand =
  (command: readonly string[]): MergeOnce =>
  (old, target) =>
    new Promise((resolve, reject) => {
      const [program = '', ...args] = command
      const child = spawn(program, [...args, old, target, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
      let out = ''
      let complaints = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaints += text
      })
      child.once('error', reject)
      child.once('close', (code) => {
        if (code !== 0 && code !== 4)
          return reject(new Error(`${command.join(' ')} ended with ${code}: ${complaints}`))
        const warnings = (JSON.parse(out) as { files: { warnings: Warned[] }[] }).files.flatMap(
          (f) => f.warnings,
        )
        const told = warnings.some(
          ({ code: what, path, rows }) => what === 'late-writer' && path && rows?.length,
        )
        resolve({ reported: told || code === 4 })
      })
    })

/** The smallest merge there is, in this process: what the protocol itself is worth. */
export const mergeInProcess =
  (mode: LiveMode): MergeOnce =>
  async (old, target) => {
    const oldFile = new LiveFile(openSync(old, 'r'), old)
    const oldRrd = rrdFromBytes(await oldFile.read((size) => new Uint8Array(size)))
    oldFile.close()
    const live = new LiveFile(openSync(target, 'r'), target, { mode, target })
    try {
      for (;;) {
        const rrd = rrdFromBytes(await live.read((size) => new Uint8Array(size)))
        const width = rrd.header.dataSources.length
        for (const [r, archive] of rrd.header.archives.entries()) {
          const from = oldRrd.header.archives[r]
          const [cells, known] = [rrd.cells[r], oldRrd.cells[r]]
          if (!from || !cells || !known) continue
          for (let row = 0; row < archive.rowCount; row += 1) {
            const there = physicalRow(from, oldRrd.header, rowTime(archive, rrd.header, row))
            for (let d = 0; d < width && there >= 0; d += 1)
              if (Number.isNaN(cells[row * width + d]))
                cells[row * width + d] = known[there * width + d] as number
          }
        }
        swapCells(rrd.bytes, rrd.header)
        const outcome = await live.replace(rrd.bytes, (image) => {
          const temporary = `${target}.tmp`
          const fd = openSync(temporary, 'wx+')
          writeSync(fd, image)
          fsyncSync(fd)
          return {
            fd,
            commit: () => renameSync(temporary, target),
            sync: () => fsyncSync(fd),
            discard: () => unlinkSync(temporary),
          }
        })
        if (outcome.status === 'again') continue
        const late = await live.finish()
        return { reported: late !== undefined || outcome.late !== undefined }
      }
    } finally {
      live.close()
    }
  }

/** Reads, merges and renames with no protocol at all. */
export const mergeNaively: MergeOnce = mergeInProcess('off')
