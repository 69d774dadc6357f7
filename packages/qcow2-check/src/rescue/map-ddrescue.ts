import type { RescuedDisk } from './options.ts'

const STATUS = { lost: '-', 'not-read': '?' } as const

const hex = (value: number) => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`

/**
 * A disk as a mapfile of GNU ddrescue (its manual, "Mapfile structure"): blocks without gaps, `+` finished, `-` bad
 * sectors, `?` not tried. With it ddrescue fills the rest into the output from another copy of the disk. A mapfile has
 * no place for reasons; they stand in comments before the blocks.
 */
export function* mapDdrescue(image: string, { size, lost, kind, id, name }: RescuedDisk): Generator<string> {
  const which = kind === 'active' ? 'the active disk' : `snapshot ${oneLine(`${id} ${name}`)}`
  yield `# Mapfile. Created by qcow2-check rescue\n# Image: ${oneLine(image)}, ${which}\n`
  const reasons = new Map<string, number>()
  for (const { reason, length } of lost) reasons.set(reason, (reasons.get(reason) ?? 0) + length)
  for (const [reason, bytes] of reasons) yield `# ${reason}: ${bytes} bytes\n`
  const tried = lost.every(({ status }) => status === 'lost')
  const at = lost.find(({ status }) => status === 'not-read')?.offset ?? size
  yield `# current_pos  current_status  current_pass\n${hex(at)}     ${tried ? '+' : '?'}               1\n`
  yield '#      pos        size  status\n'
  let done = 0
  for (const { offset, length, status } of lost) {
    if (offset > done) yield line(done, offset - done, '+')
    yield line(offset, length, STATUS[status])
    done = offset + length
  }
  if (size > done) yield line(done, size - done, '+')
}

function line(offset: number, length: number, status: string): string {
  return `${hex(offset)}  ${hex(length)}  ${status}\n`
}

/** Names come from strangers: one with a newline would be lines of the file. */
function oneLine(text: string): string {
  return JSON.stringify(text)
}
