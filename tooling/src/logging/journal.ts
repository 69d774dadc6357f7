import { fstatSync } from 'node:fs'

/**
 * True where stderr goes to the journal: systemd sets JOURNAL_STREAM to the device and inode of the socket it
 * connected (systemd.exec(5)); a redirection inside the service makes them differ.
 */
export function goesToJournal(journalStream: string | undefined, descriptor = 2): boolean {
  if (!journalStream) return false
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true })
    return journalStream === `${dev}:${ino}`
  } catch {
    return false
  }
}
