import type { Survey } from '../../src/check/index.ts'
import {
  CONSENT_CLASSES,
  FINDINGS,
  type Finding,
  findingText,
  SAFE_CLASSES,
} from '../../src/findings/index.ts'
import type { Image } from '../../src/image/index.ts'
import type { Plan } from '../../src/plan/index.ts'

/** What is wrong with an answer; an empty list is what every image must get. */
export type Broken = readonly string[]

const CLASSES = new Set<string>([...CONSENT_CLASSES, ...SAFE_CLASSES, 'none'])
const SEVERITIES = new Set(['corruption', 'leak', 'error', 'warning', 'note'])
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** Whatever the file claims, what comes out lies in it. */
export function brokenImage(image: Image, size: number): Broken {
  const { activeL1, refcountTable, snapshots, owned, virtualSize, findings, geometry } = image
  const says: [string, boolean][] = [
    [
      'an L1 table beyond the file',
      [activeL1, ...snapshots.entries.map(({ l1 }) => l1)].some(
        ({ offset, entries }) => offset % geometry.clusterSize !== 0 || offset + entries * 8 > size,
      ),
    ],
    ['a refcount table beyond the file', refcountTable.offset + refcountTable.length > size],
    ['an impossible size', !isSize(virtualSize)],
    [
      'a snapshot of an impossible size',
      !snapshots.entries.every(({ diskSize, vmStateSize }) => isSize(diskSize) && isSize(vmStateSize)),
    ],
    ['an owned range that is none', !owned.every(({ offset, length }) => isSize(offset) && length > 0)],
    ['too many findings', findings.length >= 1000],
  ]
  return [...says.flatMap(([what, so]) => (so ? [what] : [])), ...findings.flatMap(brokenFinding)]
}

/** Typed: a known code, offsets that are some, a remedy that exists. */
export function brokenFinding({ code, severity, offset, length, guest, repair }: Finding): Broken {
  const sound =
    code in FINDINGS &&
    SEVERITIES.has(severity) &&
    isSize(offset) &&
    isSize(length) &&
    (guest === undefined || (isSize(guest.offset) && isSize(guest.length))) &&
    CLASSES.has(repair.class)
  return sound ? [] : [`not a finding: ${code} ${severity} ${offset}+${length} ${repair.class}`]
}

/** Its text can be rendered, and has every field that it is made of. */
const brokenText = (finding: Finding): Broken => {
  const text = findingText(finding)
  return text.length === 0 || /undefined|NaN|\[object/.test(text) ? [`text of ${finding.code}: ${text}`] : []
}

const GRAVE = new Set(['corruption', 'leak', 'error'])

export function brokenSurvey({ findings, counts, verdict, leaked, crossLinked, clusters }: Survey): Broken {
  const graver = findings.some(({ severity }) => GRAVE.has(severity))
  const outside = leaked.some(({ first, count }) => first < 0 || first + count > clusters)
  return [
    ...findings.flatMap(brokenFinding),
    ...findings.flatMap(brokenText),
    ...(Object.values(counts).every(isSize) ? [] : [`counts: ${JSON.stringify(counts)}`]),
    ...(verdict === 'consistent' && graver ? [`consistent, with ${findings.map(({ code }) => code)}`] : []),
    ...(verdict !== 'consistent' && !graver ? [`${verdict}, with nothing found`] : []),
    ...(outside ? ['a leak beyond the file'] : []),
    ...(crossLinked.some((cluster) => cluster < 0) ? ['a cross-link before the file'] : []),
  ]
}

/** Every byte that is to be replaced is the one that is there; nothing is written over another's write unseen. */
export function brokenPlan({ actions, finalSize, after, wanted }: Plan, bytes: Uint8Array): Broken {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const first = actions[0]?.writes[0]
  const wrong =
    first !== undefined &&
    !image.subarray(first.offset, first.offset + first.before.length).equals(first.before)
  return [
    ...(wrong ? [`the first write, at ${first.offset}, replaces something else`] : []),
    ...(isSize(finalSize) && finalSize >= image.length ? [] : [`a length of ${finalSize}`]),
    ...(actions.every((action) => CLASSES.has(action.class)) ? [] : ['an action without a class']),
    ...(wanted.every((named) => CLASSES.has(named.class)) ? [] : ['a class that nobody knows']),
    ...after.findings.flatMap(brokenFinding),
  ]
}
