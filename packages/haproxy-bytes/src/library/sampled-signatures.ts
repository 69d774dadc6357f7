import { statSync } from 'node:fs'
import { pathOfText } from '@nightshift/tooling/terminal'
import { LineSplitter } from '../lines/index.ts'
import type { LogFormat } from '../log-format/index.ts'
import { wireFields } from '../model/fields.ts'
import { Signatures } from '../model/signatures.ts'
import { openLog } from '../source/index.ts'
import { LineReader } from '../transfer/index.ts'

/** Bytes of a log that are looked at: a hundred lines, some milliseconds. */
const SAMPLE = 32_768
const MOST_LOGS = 2

/**
 * What the first lines of logs give away of their version: a total that is made without looking at each line knows
 * nothing of what else is in them. Pipes are left alone; so is what can't be read, of which others have told.
 *
 * @param paths as they were named
 */
export async function sampledSignatures(
  paths: readonly string[],
  formats: readonly LogFormat[],
): Promise<Signatures> {
  const signatures = new Signatures()
  const reader = new LineReader(formats, () => undefined)
  for (const path of paths.filter(isFile).slice(0, MOST_LOGS)) {
    const splitter = new LineSplitter({
      line: (bytes, from, to) => {
        const reading = reader.read(bytes, from, to)
        if (reading.kind !== 'transfer') return
        const { transfer, fields } = reading
        signatures.observe(
          transfer,
          wireFields((name) => fields.fieldText(bytes, name)),
        )
      },
    })
    await eachSampled(path, (chunk) => splitter.write(chunk))
  }
  return signatures
}

async function eachSampled(path: string, take: (chunk: Uint8Array) => void): Promise<void> {
  const log = await openLog(path)
  try {
    let left = SAMPLE
    for await (const chunk of log.chunks()) {
      take(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) break
    }
  } finally {
    await log.close()
  }
}

function isFile(path: string): boolean {
  return path !== '-' && (statSync(pathOfText(path), { throwIfNoEntry: false })?.isFile() ?? false)
}
