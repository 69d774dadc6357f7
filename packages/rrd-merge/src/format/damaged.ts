import { atOffset, RrdError } from './error.ts'

/** A header that cannot be. @param offset of the field that says so, in the file */
export const damaged = (offset: number, why: string): RrdError =>
  new RrdError('ECORRUPT', `damaged header ${atOffset(offset)}: ${why}`, {
    offset,
    remedy: 'restore the file from a backup',
  })
