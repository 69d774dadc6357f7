import { readFileSync } from 'node:fs'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { unreadable } from '../source/refusal.ts'

/** The text of a file that the command line names, a character a byte. @throws HaproxyBytesError `unreadable` */
export function readText(path: FileName): string {
  try {
    return readFileSync(path, 'latin1')
  } catch (error) {
    throw unreadable(fileNameText(path), error)
  }
}
