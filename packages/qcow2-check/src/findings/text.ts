import { formatBytes } from '@nightshift/tooling/terminal'
import type { FindingCode } from './codes.ts'
import type { FieldValue, Finding } from './finding.ts'

type Fields = Readonly<Record<string, FieldValue>>
type Text = (fields: Fields, finding: Pick<Finding, 'offset' | 'length'>) => string

const hex = (value: FieldValue | undefined): string =>
  typeof value === 'number' || typeof value === 'bigint' ? `0x${value.toString(16)}` : String(value)
const many = (count: FieldValue | undefined, noun: string): string =>
  `${count} ${Number(count) === 1 ? noun : plural(noun)}`
const plural = (noun: string): string => (noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`)
const times = (count: FieldValue | undefined): string => (Number(count) === 1 ? 'once' : `${count} times`)
const bytes = (count: FieldValue | undefined): string =>
  typeof count === 'number' || typeof count === 'bigint' ? formatBytes(count) : String(count)

/** The one text of each code: what is wrong, without where (a report adds offsets, guest range and snapshot). */
const TEXTS: Readonly<Record<FindingCode, Text>> = {
  'header-lost': ({ agree, differ }) =>
    `the header is gone; one that was put together from the rest of the file accounts for the refcounts of ${many(agree, 'cluster')}, and not for ${differ}`,
  'header-magic': () => 'the magic number "QFI\\xfb" at the start is gone, the rest of the header is there',
  'header-version': ({ version }) => `version ${version} of the format is unknown`,
  'header-short': ({ fileSize }) => `the file ends within the header, after ${many(fileSize, 'byte')}`,
  'header-length': ({ headerLength }) => `a header of ${many(headerLength, 'byte')} is impossible`,
  'header-cluster-bits': ({ clusterBits, extendedL2, fits }) =>
    fits === false
      ? `clusters of 2^${clusterBits} bytes contradict the rest of the image`
      : extendedL2
        ? `clusters of 2^${clusterBits} bytes are too small for extended L2 entries (2^14)`
        : `clusters of 2^${clusterBits} bytes are impossible (2^9 to 2^21)`,
  'header-virtual-size': ({ size }) => `a virtual size of ${size} bytes is impossible`,
  'header-l1-size': ({ entries, needed }) =>
    `the active L1 table has ${many(entries, 'entry')}, the virtual size takes ${needed}`,
  'header-l1-offset': ({ target }) => `the active L1 table can't be at ${hex(target)}`,
  'header-refcount-table': ({ target, clusters }) =>
    `the refcount table can't be at ${hex(target)} with ${many(clusters, 'cluster')}`,
  'header-refcount-order': ({ refcountOrder }) => `refcounts of 2^${refcountOrder} bits are impossible`,
  'header-backing-name': ({ target, length, why }) =>
    why === undefined
      ? `the backing file name can't be at ${hex(target)} with ${many(length, 'byte')}`
      : `the ${many(length, 'byte')} of the backing file name are overwritten: ${why}`,
  'header-crypt-method': ({ cryptMethod }) => `encryption method ${cryptMethod} is unknown`,
  'header-compression-type': ({ compressionType }) =>
    `compression type ${compressionType} is unknown or unexpected`,
  'header-unknown-feature': ({ bit, name }) =>
    `incompatible feature bit ${bit}${name === undefined ? '' : ` (${name})`} is unknown`,
  'header-extension': ({ type, why }) => `header extension ${hex(type)}: ${why}`,
  dirty: () => 'the dirty bit is set: refcounts were not written at the end (lazy refcounts, a crash)',
  'corrupt-bit': () => 'the corrupt bit is set: QEMU met damage and refuses to write',
  'snapshots-offset': ({ target, count }) =>
    `the table of ${many(count, 'snapshot')} can't be at ${hex(target)}`,
  'snapshots-count': ({ count, sound }) =>
    `the header counts ${many(count, 'snapshot')}, ${sound} can be believed`,
  'snapshot-table-overwritten': () => "the snapshot table's clusters also hold something else",
  'snapshot-entry': ({ index, why }) => `entry ${index} of the snapshot table: ${why}`,
  'snapshot-phantom': ({ index }) =>
    `entry ${index} of the snapshot table is empty: no snapshot was ever there`,
  'snapshot-extra-data': ({ index, length }) =>
    `entry ${index} of the snapshot table has ${many(length, 'byte')} of extra data`,
  'snapshot-l1-offset': ({ target }) => `its L1 table can't be at ${hex(target)}`,
  'snapshot-l1-size': ({ entries, needed }) =>
    `its L1 table has ${many(entries, 'entry')}, its disk takes ${needed}`,
  'snapshot-l1-lost': ({ why }) => `its L1 table is lost: ${why}`,
  'snapshot-duplicate': ({ what, value, index }) =>
    `entry ${index} has the same ${what} as another: ${value}`,
  'snapshot-orphan': ({ entries }) =>
    `an L1 table of ${many(entries, 'entry')} that nothing references: a lost snapshot, most likely`,
  'l1-entry-reserved': ({ index, entry }) =>
    `entry ${index} of the L1 table has reserved bits set (${hex(entry)})`,
  'l1-entry-unaligned': ({ index, target }) =>
    `entry ${index} of the L1 table points between clusters (${hex(target)})`,
  'l1-entry-beyond-end': ({ index, target }) =>
    `entry ${index} of the L1 table points beyond the end (${hex(target)})`,
  'l2-entry-reserved': ({ index, entry }) =>
    `entry ${index} of the L2 table has reserved bits set (${hex(entry)})`,
  'l2-entry-unaligned': ({ index, target }) =>
    `entry ${index} of the L2 table points between clusters (${hex(target)})`,
  'l2-entry-beyond-end': ({ index, target }) =>
    `entry ${index} of the L2 table points beyond the end (${hex(target)})`,
  'l2-compressed-copied': ({ index }) =>
    `entry ${index} of the L2 table is compressed and has the COPIED flag`,
  'l2-subclusters': ({ index, why }) => `entry ${index} of the L2 table: ${why}`,
  'copied-flag': ({ entries, expected }) =>
    `COPIED flag ${expected === 1 ? 'missing' : 'set'} in ${many(entries, 'entry')} against the refcount`,
  'cross-link': ({ first, second }) => `used twice by what can't share it: ${first}, and ${second}`,
  'lost-l2': ({ clusters, windowBytes }) =>
    `${many(clusters, 'leaked cluster')} in the window of one L2 table (${bytes(windowBytes)} of the guest's disk): a lost table and its data, not waste; qemu-img check -r would destroy it`,
  'refcount-table-entry': ({ index, entry, why }) =>
    `entry ${index} of the refcount table (${hex(entry)}): ${why}`,
  'refcount-block-shared': ({ index }) => `refcount block ${index} is used for something else too`,
  'refcount-low': ({ clusters, stored, referenced }) =>
    `refcount ${stored} of ${many(clusters, 'cluster')} referenced ${times(referenced)}: to be taken for free too early`,
  'refcount-high': ({ clusters, stored, referenced }) =>
    `refcount ${stored} of ${many(clusters, 'cluster')} referenced ${times(referenced)}`,
  leak: ({ clusters, stored }) =>
    `${many(clusters, 'cluster')} with refcount ${stored} that nothing references`,
  'bitmap-directory': ({ why }) => `the directory of bitmaps: ${why}`,
  'bitmap-entry': ({ index, why }) => `entry ${index} of the bitmap directory: ${why}`,
  'bitmap-table': ({ bitmap, why }) => `the table of bitmap "${bitmap}": ${why}`,
  'bitmap-in-use': ({ bitmap }) => `bitmap "${bitmap}" was in use when QEMU ended: it can't be trusted`,
  'bitmaps-stale': () => 'something that knows no bitmaps wrote to the image: all bitmaps are stale',
  'clusters-pinned': ({ bitmap, clusters }) =>
    `${many(clusters, 'cluster')} that nothing maps ${Number(clusters) === 1 ? 'is' : 'are'} kept by "${bitmap}", a bitmap that QEMU counts and never loads`,
  'crypto-header': ({ why }) => `the encryption header: ${why}`,
  'compressed-data': ({ why }) => `a compressed cluster can't be inflated: ${why}`,
  truncated: ({ needed }) => `the file ends before what it should hold (up to ${hex(needed)})`,
  'backing-not-read': ({ name }) => `the backing file "${name}" was not opened (see --chain)`,
  'backing-missing': ({ name, why }) => `the backing file "${name}" is missing: ${why}`,
  'backing-refused': ({ name, why }) => `the backing file "${name}" may not be opened: ${why}`,
  'backing-loop': ({ name }) => `the backing file "${name}" leads back into the chain`,
  'backing-unreadable': ({ name, why }) => `the backing file "${name}" can't be used: ${why}`,
  'backing-format-other': ({ name, format }) =>
    `the backing file "${name}" is a ${format} image, which this tool does not read`,
  'backing-smaller': ({ name, size }) =>
    `the backing file "${name}" is smaller (${bytes(size)}): the rest reads as zeros`,
  'backing-format-unknown': ({ name }) =>
    `the format of the backing file "${name}" is not recorded: QEMU guesses it from bytes that the guest may write`,
  'data-file-not-given': ({ name }) => `the external data file "${name}" was not opened (see --data-file)`,
  'data-file-missing': ({ name, why }) => `the external data file "${name}" is missing: ${why}`,
  'data-file-short': ({ name, size, needed }) =>
    `the external data file "${name}" has ${size} bytes, ${needed} are mapped`,
  'data-file-unused': ({ name }) => `the image has no external data file: "${name}" is not used`,
  'data-file-raw': () => 'the data file is said to be raw, and there is none',
  'read-error': ({ why }) => `can't be read: ${why}`,
  'too-much-work': ({ why }) => `given up: ${why}`,
  'image-too-large': ({ clusters }) =>
    `${clusters} clusters are more than QEMU and this tool check (2^31 - 1)`,
  'in-use': ({ why }) =>
    `the image is in use (${why}): this is what two looks at it have in common, and no more than a hint`,
  'lock-state-unknown': ({ why }) => `it can't be seen whether the image is in use: ${why}`,
  'repair-interrupted': ({ undoFile }) =>
    `a repair of it was interrupted (${undoFile}): it may be half-written`,
}

/** What is wrong, in one sentence without a full stop. Text from the image in it is not escaped. */
export function findingText(finding: Finding): string {
  return TEXTS[finding.code](finding.fields, finding)
}
