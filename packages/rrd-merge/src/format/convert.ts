import { ARCHITECTURES, abiOf } from './architecture.ts'
import { buildRrd } from './build.ts'
import { describeRrd, type RrdDescription } from './description.ts'
import { RrdError } from './error.ts'
import { RRA_SLOT } from './slots.ts'
import type { Architecture, Rrd, Version } from './types.ts'

/** The lowest version that can say what is in the file, as rrdtool chooses it when it creates one. */
export const minimumVersion = (description: RrdDescription): Version => {
  if (description.dataSources.some((ds) => ds.type === 'DCOUNTER' || ds.type === 'DDERIVE')) return 5
  const smoothed = description.archives.some(
    (archive) =>
      archive.cf === 'MHWPREDICT' ||
      ((archive.cf === 'SEASONAL' || archive.cf === 'DEVSEASONAL') &&
        archive.parameters.value(RRA_SLOT.smoothingWindow) !== 0),
  )
  if (smoothed) return 4
  return description.lastUpdateUsec === 0 ? 1 : 3
}

/**
 * The same file for another architecture, and another version where one is given. Every value is kept: doubles bit
 * for bit with their NaN payloads, counts by number.
 *
 * @throws RrdError ERANGE where a count or time does not fit 32 bits; EUSAGE where the version cannot say what is in
 * the file
 */
export const convertRrd = (rrd: Rrd, architecture: Architecture, version?: Version): Rrd => {
  if (!ARCHITECTURES.includes(architecture)) {
    throw new RrdError('EUSAGE', `unknown architecture ${JSON.stringify(architecture)}`, {
      remedy: `choose one of ${ARCHITECTURES.join(', ')}`,
    })
  }
  const description = describeRrd(rrd)
  const target = version ?? rrd.header.version
  const minimum = minimumVersion(description)
  if (version !== undefined && target < minimum) {
    throw new RrdError('EUSAGE', `cannot write version ${target}: what is in the file needs ${minimum}`, {
      remedy: `choose a version from ${minimum} to 5`,
    })
  }
  return buildRrd({ ...description, architecture: abiOf(architecture).architecture, version: target })
}
