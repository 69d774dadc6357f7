import { lockTable } from '@nightshift/tooling/files'
import type { FileSource } from '../source/index.ts'

/** Does the table of locks, as /proc/locks has it, name the file? */
export function isNamed(table: Buffer, { fd, name }: Pick<FileSource, 'fd' | 'name'>): boolean {
  return table.includes(lockTable().target(fd, name).needle)
}
