import { closeSync } from 'node:fs'
import { readFully } from '@nightshift/tooling/files'
import type { Place } from '../file/place.ts'
import { decodeHeader, HEADER_PREFIX, measureHeader } from '../format/index.ts'

/**
 * Of several OLDs that NEW lacks, the one updated last is what the others are filled into: it alone has rows for the
 * latest times. The rest keep their order. What is unreadable comes last and tells so when it is merged.
 */
export function newestFirst(places: readonly Place[]): Place[] {
  if (places.length < 2) return [...places]
  const times = new Map(places.map((place) => [place, lastUpdateOf(place)]))
  const [newest] = [...places].sort((a, b) => (times.get(b) ?? 0) - (times.get(a) ?? 0))
  return [newest as Place, ...places.filter((place) => place !== newest)]
}

function lastUpdateOf({ folder, name }: Place): number {
  try {
    const { fd, stats } = folder.openFile(name)
    try {
      const prefix = Buffer.alloc(HEADER_PREFIX)
      readFully(fd, prefix, 0)
      const header = Buffer.alloc(measureHeader(prefix, stats.size).prefixNeeded)
      readFully(fd, header, 0)
      return decodeHeader(header, stats.size).lastUpdate
    } finally {
      closeSync(fd)
    }
  } catch {
    return -1
  }
}
