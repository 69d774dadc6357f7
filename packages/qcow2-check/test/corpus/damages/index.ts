import type { Damage } from '../damage.ts'
import { BITMAP_DAMAGES } from './bitmaps.ts'
import { COPIED_DAMAGES } from './copied.ts'
import { CROSS_LINK_DAMAGES } from './cross-links.ts'
import { FEATURE_DAMAGES } from './features.ts'
import { HEADER_DAMAGES } from './header.ts'
import { HEADER_WHOLE_DAMAGES } from './header-whole.ts'
import { L2_ENTRY_DAMAGES } from './l2-entries.ts'
import { LENGTH_DAMAGES } from './length.ts'
import { PAYLOAD_DAMAGES } from './payload.ts'
import { REFCOUNT_STRUCTURE_DAMAGES } from './refcount-structures.ts'
import { REFCOUNT_DAMAGES } from './refcounts.ts'
import { SNAPSHOT_L1_DAMAGES } from './snapshot-l1.ts'
import { SNAPSHOT_TABLE_DAMAGES } from './snapshot-table.ts'
import { TABLE_DAMAGES } from './tables.ts'
import { UNFINISHED_DAMAGES } from './unfinished.ts'

/** All of them. */
export const DAMAGES: readonly Damage[] = [
  ...REFCOUNT_DAMAGES,
  ...COPIED_DAMAGES,
  ...UNFINISHED_DAMAGES,
  ...SNAPSHOT_L1_DAMAGES,
  ...SNAPSHOT_TABLE_DAMAGES,
  ...FEATURE_DAMAGES,
  ...TABLE_DAMAGES,
  ...L2_ENTRY_DAMAGES,
  ...CROSS_LINK_DAMAGES,
  ...REFCOUNT_STRUCTURE_DAMAGES,
  ...HEADER_DAMAGES,
  ...HEADER_WHOLE_DAMAGES,
  ...LENGTH_DAMAGES,
  ...BITMAP_DAMAGES,
  ...PAYLOAD_DAMAGES,
]
