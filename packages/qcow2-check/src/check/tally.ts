/** Numbers that grow while the tables are walked. */
export class Tally {
  corruptions = 0
  leaks = 0
  /** References to what lies beyond the end of the file. */
  beyondEnd = 0
  /** Largest end of a cluster of guest data, not of zeros, in an external data file, bytes. */
  dataEnd = 0
  /** Entries of the active disk without COPIED, in an image with an external data file. */
  plainExternal = 0
}
