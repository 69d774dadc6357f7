import { BITMAP_CASES } from './bitmaps.ts'
import type { Case } from './case.ts'
import { HEADER } from './header.ts'
import { LUKS } from './luks.ts'
import { PLACES } from './places.ts'
import { SNAPSHOTS } from './snapshots.ts'
import { TABLES } from './tables.ts'

export const CASES: readonly Case[] = [
  ...HEADER,
  ...TABLES,
  ...PLACES,
  ...SNAPSHOTS,
  ...BITMAP_CASES,
  ...LUKS,
]
