import { escapeText, formatBytes, formatTable, type StreamFacts } from '@nightshift/tooling/terminal'
import type { Survey } from '../check/survey.ts'
import { type Finding, findingText, type RepairClass } from '../findings/index.ts'
import type { Image } from '../image/image.ts'
import type { Evidence, SnapshotEvidence, SnapshotProof } from '../recover/index.ts'
import { activeSlots } from './info-document.ts'
import { instant } from './instant.ts'
import { opensText, VERDICT_WORDS } from './summary-text.ts'
import { listed, many, place, shellWord } from './words.ts'

/** What an image is, whether QEMU opens it, and its snapshots, also those that its table has lost. */
export function infoText(
  name: string,
  { image, verdict, findings }: Survey,
  evidence: Evidence | undefined,
  { style }: StreamFacts,
): string {
  const { header, geometry, virtualSize, fileSize, activeL1, refcountTable } = image
  const found = (evidence?.snapshots ?? []).filter(({ orphan }) => orphan !== undefined)
  const lost = findings.find(({ code }) => code === 'header-lost')
  const lines = [
    `${style('bold', escapeText(name))}: ${opensText(image)}; ${VERDICT_WORDS[verdict]}`,
    ...image.blockers.map(({ message }) => `  QEMU says: ${escapeText(message)}`),
    ...(lost ? [`  ${findingText(lost)}:`] : []),
    `  QCOW2 version ${header.version}, ${formatBytes(virtualSize)} (${virtualSize}) for the guest${lost ? DOUBTS[lost.repair.class] : ''}, ${formatBytes(fileSize)} of file`,
    `  ${formatBytes(geometry.clusterSize)} clusters, ${2 ** geometry.refcountOrder}-bit refcounts${featuresText(image)}`,
    `  L1 table at ${place(activeL1.offset)}, ${many(activeL1.entries, 'entry')}; refcount table at ${place(refcountTable.offset)}`,
    ...encryptionLines(image),
    ...otherFiles(image),
    ...image.bitmaps.map(
      (bitmap) =>
        `  bitmap ${escapeText(bitmap.name)}: a bit for ${formatBytes(bitmap.granularity)}${bitmap.inUse ? ', in use when QEMU ended: stale' : ''}`,
    ),
    snapshotHeading(image, found.length),
  ]
  const steps = lost ? lostHeaderSteps(shellWord(name), lost).map((step) => `  > ${escapeText(step)}\n`) : []
  return `${lines.join('\n')}\n${snapshotTable(image)}${foundTable(found)}${steps.join('')}`
}

/** Of the size of a disk whose header is gone: it stands nowhere else, but with a snapshot. */
const DOUBTS: Readonly<Partial<Record<RepairClass | 'none', string>>> = {
  'fix-header': '',
  relink: ' (as a snapshot has it, or what the L1 table maps)',
  none: ' (a guess)',
}

/** Where only the size is a guess no repair writes it: a rescue copies what the tables map, all of it. */
function lostHeaderSteps(path: string, { repair }: Finding): string[] {
  const allow = repair.safe ? '' : ` --allow ${repair.class}`
  return [
    ...(repair.class === 'none'
      ? []
      : [
          `qcow2-check plan${allow} ${path}     what a repair would do; writes nothing`,
          `qcow2-check repair${allow} ${path}   writes this header; an undo file keeps the bytes before`,
        ]),
    `qcow2-check rescue ${path} -O qcow2 -o NEW   copies what can be read; --header-from an image made alike helps`,
  ]
}

function featuresText({ features, header }: Image): string {
  const { extendedL2, compression, externalData, lazyRefcounts } = features
  const words = [
    ...(extendedL2 ? ['extended L2 entries'] : []),
    ...(compression === 'zstd' ? ['zstd compression'] : []),
    ...(externalData ? ['external data file'] : []),
    ...(lazyRefcounts ? ['lazy refcounts'] : []),
    ...((header.incompatibleFeatures & 1n) !== 0n ? ['dirty'] : []),
    ...((header.incompatibleFeatures & 2n) !== 0n ? ['marked corrupt'] : []),
  ]
  return words.length > 0 ? `; ${listed(words)}` : ''
}

function encryptionLines({ features, luks }: Image): string[] {
  if (features.encryption === 'none') return []
  if (luks === undefined)
    return [
      `  encrypted: ${features.encryption === 'aes' ? 'AES (legacy)' : 'LUKS, its header cannot be read'}`,
    ]
  const cipher = escapeText(`${luks.cipherName}-${luks.cipherMode}, ${luks.hash}`)
  return [`  encrypted: LUKS, ${cipher}, ${many(activeSlots(luks), 'key slot')} in use`]
}

function otherFiles({ backingFile, dataFileName, features }: Image): string[] {
  return [
    ...(backingFile
      ? [
          `  backing file: ${escapeText(backingFile.name)} (${backingFile.format === undefined ? 'format not recorded' : escapeText(backingFile.format)})`,
        ]
      : []),
    ...(features.externalData ? [`  data file: ${escapeText(dataFileName ?? 'not named')}`] : []),
  ]
}

function snapshotHeading({ header, snapshots }: Image, found: number): string {
  const sound = snapshots.entries.filter((entry) => entry.sound).length
  const listedText =
    sound === header.snapshotCount
      ? many(sound, 'snapshot')
      : `${sound} of ${many(header.snapshotCount, 'snapshot')} can be believed`
  return `  ${listedText}${found > 0 ? `; ${found} more found in the file, listed by nothing` : ''}`
}

const COLUMNS = [
  { heading: '  id' },
  { heading: 'name' },
  { heading: 'date' },
  { heading: 'disk', align: 'right' },
  { heading: '' },
] as const

function snapshotTable({ snapshots }: Image): string {
  const rows = snapshots.entries.map((entry) => [
    `  ${escapeText(entry.id)}`,
    escapeText(entry.name),
    instant(entry.date),
    formatBytes(entry.diskSize),
    [
      ...(entry.vmStateSize > 0 ? [`with ${formatBytes(entry.vmStateSize)} of machine state`] : []),
      ...(entry.sound ? [] : [`broken: ${entry.faults.join(', ')}`]),
    ].join('; '),
  ])
  return rows.length === 0 ? '' : formatTable(COLUMNS, rows)
}

const PROOFS: Readonly<Record<SnapshotProof['kind'], string>> = {
  refcounts: 'whole: the refcounts prove it',
  'no-contradiction': 'whole, as far as the refcounts tell',
  tables: 'whole, as its tables show',
  'as-active': 'reads as the active disk does',
  structure: 'its tables parse; no proof',
  contradicted: 'the refcounts speak against it',
  unreadable: 'its L1 table cannot be read',
}

function foundTable(found: readonly SnapshotEvidence[]): string {
  const rows = found.map(({ orphan, entry, diskSize, proof }) => [
    `  orphan:${orphan}`,
    entry ? escapeText(entry.name === '' ? entry.id : entry.name) : '?',
    entry ? instant(entry.date) : '?',
    formatBytes(diskSize),
    PROOFS[proof.kind],
  ])
  return rows.length === 0 ? '' : formatTable(COLUMNS, rows)
}
