import { knownBytesIn } from '../totals/index.ts'
import type { Figure } from './total-report.ts'

/** Figures of a group, in the order of columns. */
export const FIGURES: readonly Figure[] = [
  {
    name: 'requests',
    metric: 'requests',
    help: 'Transfers that were logged',
    of: ({ requests }) => requests,
  },
  {
    name: 'bytes_out',
    metric: 'out_bytes',
    help: 'Bytes to clients as HAProxy counts them (%B)',
    of: ({ bytesOut }) => bytesOut,
  },
  {
    name: 'bytes_in',
    metric: 'in_bytes',
    help: 'Bytes from clients as HAProxy counts them (%U), where lines have them',
    of: knownBytesIn,
  },
  {
    name: 'without_bytes_in',
    metric: 'without_in_bytes_requests',
    help: 'Of the transfers, those whose line has no bytes from clients',
    of: ({ withoutBytesIn }) => withoutBytesIn,
  },
  {
    name: 'aborted_requests',
    metric: 'aborted_requests',
    help: 'Of the transfers, those broken off while data went',
    of: ({ aborted }) => aborted.requests,
  },
  {
    name: 'aborted_bytes_out',
    metric: 'aborted_out_bytes',
    help: 'Bytes of transfers broken off: what HAProxy read, not what was delivered',
    of: ({ aborted }) => aborted.bytesOut,
  },
  {
    name: 'early_requests',
    metric: 'early_requests',
    help: 'Of the transfers, those logged before their end (option logasap)',
    of: ({ partial }) => partial.requests,
  },
  {
    name: 'early_bytes_out',
    metric: 'early_out_bytes',
    help: 'Bytes of transfers logged before their end: not all of theirs',
    of: ({ partial }) => partial.bytesOut,
  },
]
