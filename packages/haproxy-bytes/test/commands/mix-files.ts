import { writeFileSync } from 'node:fs'
import type { Snapshot } from '../live/measured.ts'
import type { Mix } from '../live/mix.ts'
import type { Scratch } from '../support/scratch.ts'

/** What an operator would have: `show info` and `show stat` in one file. */
export function snapshotText({ info, stat }: Snapshot): string {
  const lines = Object.entries(info).map(([name, value]) => `${name}: ${value}`)
  return `${lines.join('\n')}\n\n${stat}`
}

/** Files of a mix, as the command line takes them. */
export function writeMix(scratch: Scratch, mix: Mix): void {
  writeFileSync(scratch.file('log'), Buffer.concat(mix.lines))
  writeFileSync(scratch.file('haproxy.cfg'), mix.config)
  writeFileSync(scratch.file('before'), snapshotText(mix.before))
  writeFileSync(scratch.file('after'), snapshotText(mix.after))
  const { received, sent } = mix.client.wire
  writeFileSync(scratch.file('wire.csv'), `frontend,bytesOut,bytesIn\nfe_mix,${received},${sent}\n`)
}
