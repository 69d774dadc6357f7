import type { Severity } from './finding.ts'

/**
 * Every code with the severity it usually has. A code is part of the public interface: it is never given another
 * meaning. Each has a section in docs/codes.md, and its one text in text.ts.
 */
export const FINDINGS = {
  // Header and its extensions (format/header.ts, format/header-extensions.ts)
  'header-lost': 'corruption',
  'header-magic': 'corruption',
  'header-version': 'corruption',
  'header-short': 'corruption',
  'header-length': 'corruption',
  'header-cluster-bits': 'corruption',
  'header-virtual-size': 'corruption',
  'header-l1-size': 'corruption',
  'header-l1-offset': 'corruption',
  'header-refcount-table': 'corruption',
  'header-refcount-order': 'corruption',
  'header-backing-name': 'corruption',
  'header-crypt-method': 'corruption',
  'header-compression-type': 'corruption',
  'header-unknown-feature': 'corruption',
  'header-extension': 'corruption',
  dirty: 'warning',
  'corrupt-bit': 'corruption',
  // Snapshots
  'snapshots-offset': 'corruption',
  'snapshots-count': 'corruption',
  'snapshot-table-overwritten': 'corruption',
  'snapshot-entry': 'corruption',
  'snapshot-phantom': 'corruption',
  'snapshot-extra-data': 'corruption',
  'snapshot-l1-offset': 'corruption',
  'snapshot-l1-size': 'corruption',
  'snapshot-l1-lost': 'corruption',
  'snapshot-duplicate': 'warning',
  'snapshot-orphan': 'leak',
  // L1 and L2 tables
  'l1-entry-reserved': 'corruption',
  'l1-entry-unaligned': 'corruption',
  'l1-entry-beyond-end': 'corruption',
  'l2-entry-reserved': 'corruption',
  'l2-entry-unaligned': 'corruption',
  'l2-entry-beyond-end': 'corruption',
  'l2-compressed-copied': 'corruption',
  'l2-subclusters': 'corruption',
  'copied-flag': 'corruption',
  'cross-link': 'corruption',
  'lost-l2': 'leak',
  // Refcounts
  'refcount-table-entry': 'corruption',
  'refcount-block-shared': 'corruption',
  'refcount-low': 'corruption',
  'refcount-high': 'leak',
  leak: 'leak',
  // Beside the guest's data
  'bitmap-directory': 'corruption',
  'bitmap-entry': 'corruption',
  'bitmap-table': 'corruption',
  'bitmap-in-use': 'note',
  'bitmaps-stale': 'note',
  'clusters-pinned': 'note',
  'crypto-header': 'corruption',
  'compressed-data': 'corruption',
  truncated: 'corruption',
  // Other files
  'backing-not-read': 'note',
  'backing-missing': 'error',
  'backing-refused': 'error',
  'backing-loop': 'error',
  'backing-unreadable': 'error',
  'backing-format-other': 'error',
  'backing-smaller': 'warning',
  'backing-format-unknown': 'warning',
  'data-file-not-given': 'warning',
  'data-file-missing': 'error',
  'data-file-short': 'corruption',
  'data-file-raw': 'corruption',
  'data-file-unused': 'warning',
  // The check itself
  'read-error': 'error',
  'too-much-work': 'error',
  'image-too-large': 'error',
  'in-use': 'warning',
  'lock-state-unknown': 'warning',
  'repair-interrupted': 'warning',
} as const satisfies Readonly<Record<string, Severity>>

/** The stable name of what is wrong; docs/codes.md has a section of each. */
export type FindingCode = keyof typeof FINDINGS
