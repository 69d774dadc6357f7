/** Numbers that grow while the tables are walked. */
export class Tally {
  corruptions = 0
  leaks = 0
  allocated = 0
  fragmented = 0
  compressed = 0
  /** Largest end of guest data in an external data file, bytes. */
  dataEnd = 0
  /** Entries of the active disk without COPIED, in an image with an external data file. */
  plainExternal = 0
}
