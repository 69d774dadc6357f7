import { statSync } from 'node:fs'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { RrdError } from '../format/index.ts'

/** An output never names an input. @throws RrdError EUSAGE */
export function refuseSameFile(input: FileName, output: FileName): void {
  const [a, b] = [input, output].map((path) => statSync(path, { throwIfNoEntry: false }))
  if (a === undefined || b === undefined || a.ino !== b.ino || a.dev !== b.dev) return
  throw new RrdError('EUSAGE', `${fileNameText(output)} is the input itself`, { remedy: 'name another -o' })
}
