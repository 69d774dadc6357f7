import type { FileName, Folder } from '@nightshift/tooling/files'

/** A name in an open folder: how every file is reached, so that nobody can swap what lies above it. */
export interface Place {
  readonly folder: Folder
  readonly name: FileName
}
