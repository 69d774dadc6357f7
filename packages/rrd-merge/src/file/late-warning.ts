import type { LateWriter } from '../live/index.ts'
import { instant } from '../report/instant.ts'
import type { Warning } from '../report/warning.ts'

/** An update that went to the file that was being replaced, told with its rows. */
export function lateWarning({ code, path, rows, recovered }: LateWriter): Warning {
  const where = rows
    .map(({ cf, span, from, to }) => `${cf} ${span} s ${instant(from)} to ${instant(to)}`)
    .join(', ')
  const fate = recovered
    ? 'its rows were brought over; intervals of coarser archives still open then may lack its part'
    : 'rows of these times may lack it'
  return {
    code,
    message: `an update reached ${path} while it was being replaced: ${fate} (${where})`,
    path,
    rows,
    recovered,
  }
}
