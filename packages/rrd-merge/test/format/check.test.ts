import { describe, expect, it } from 'vitest'
import {
  buildRrd,
  checkRrd,
  DS_SLOT,
  describeRrd,
  encodeRpn,
  type FindingCode,
  newArchive,
  newDataSource,
  PDP_SLOT,
  RRA_SLOT,
  type RrdDescription,
  rrdFromBytes,
} from '../../src/format/index.ts'
import { FIXTURES, fixture } from './fixtures.ts'

/** Two data sources, three archives; nothing wrong with it. */
const sound = (): RrdDescription => {
  const source = (name: string) =>
    newDataSource({ name, type: 'GAUGE', heartbeat: 600, minimum: 0, maximum: 100, unknownSeconds: 10 })
  const archive = (cf: string) =>
    newArchive({ cf, rowCount: 4, pdpPerRow: 2, xff: 0.5, dsCount: 2, unknownPdps: 1 })
  const description = describeRrd(rrdFromBytes(fixture('le64')))
  description.dataSources = [source('in'), source('out')]
  description.archives = ['AVERAGE', 'SEASONAL', 'HWPREDICT'].map(archive)
  description.archives[1]?.parameters.setCount(RRA_SLOT.dependentRra, 2)
  description.archives[2]?.parameters.setCount(RRA_SLOT.dependentRra, 1)
  for (const { cells } of description.archives) cells.fill(5)
  return description
}

type Change = (d: RrdDescription) => unknown
const ds = (d: RrdDescription, i = 0) => d.dataSources[i] as RrdDescription['dataSources'][number]
const rra = (d: RrdDescription, i = 0) => d.archives[i] as RrdDescription['archives'][number]
const failures = (d: RrdDescription, window: number, threshold: number) =>
  Object.assign(rra(d), { cf: 'FAILURES' })
    .parameters.setCount(RRA_SLOT.windowLength, window)
    .setCount(RRA_SLOT.failureThreshold, threshold)
const compute = (d: RrdDescription, nodes: { op: number; value: number }[]) =>
  Object.assign(ds(d, 1), { type: 'COMPUTE', parameters: encodeRpn(nodes) })

/** sizeof(stat_head), sizeof(rra_def) and the offset of its par, by long and alignment. */
const SIZES: Readonly<Record<string, readonly [number, number, number]>> = {
  '64': [128, 120, 40],
  '32a4': [112, 108, 28],
  '32a8': [120, 112, 32],
}

const NOW = 1_700_000_500

describe('checkRrd', () => {
  it('finds nothing in a sound file', () => {
    expect(checkRrd(buildRrd(sound()), { now: NOW })).toEqual([])
  })

  it.each<[FindingCode, string, Change]>([
    ['never-updated', 'warning', (d) => Object.assign(d, { lastUpdate: 0 })],
    ['last-update-future', 'warning', (d) => Object.assign(d, { lastUpdate: NOW + 301 })],
    ['usec-range', 'warning', (d) => Object.assign(d, { lastUpdateUsec: 1_000_000 })],
    ['usec-range', 'warning', (d) => Object.assign(d, { lastUpdateUsec: -1 })],
    ['ds-name-invalid', 'warning', (d) => Object.assign(ds(d), { name: 'a b' })],
    ['ds-name-invalid', 'error', (d) => Object.assign(ds(d), { name: '' })],
    ['ds-name-duplicate', 'error', (d) => Object.assign(ds(d), { name: 'out' })],
    ['ds-type-unknown', 'error', (d) => Object.assign(ds(d), { type: 'GAUGES' })],
    ['ds-heartbeat-zero', 'warning', (d) => ds(d).parameters.setCount(DS_SLOT.heartbeat, 0)],
    ['ds-heartbeat-below-step', 'warning', (d) => ds(d).parameters.setCount(DS_SLOT.heartbeat, 299)],
    ['ds-bounds-crossed', 'warning', (d) => ds(d, 1).parameters.setValue(DS_SLOT.minimum, 1e9)],
    ['ds-prep-unknown-range', 'warning', (d) => ds(d).prep.setCount(PDP_SLOT.unknownSeconds, 301)],
    ['rpn-empty', 'error', (d) => compute(d, [])],
    ['rpn-operator-unknown', 'error', (d) => compute(d, [{ op: 99, value: 0 }])],
    ['rpn-reference-range', 'error', (d) => compute(d, [{ op: 1, value: 2 }])],
    ['rpn-reference-range', 'error', (d) => compute(d, [{ op: 36, value: -1 }])],
    ['rpn-reference-later', 'error', (d) => compute(d, [{ op: 1, value: 1 }])],
    ['rpn-unterminated', 'error', (d) => compute(d, []).parameters.setCount(0, 0)],
    ['cf-unknown', 'error', (d) => Object.assign(rra(d), { cf: 'TOTAL' })],
    ['xff-range', 'warning', (d) => rra(d).parameters.setValue(RRA_SLOT.xff, 1)],
    ['xff-range', 'warning', (d) => rra(d).parameters.setValue(RRA_SLOT.xff, Number.NaN)],
    ['hw-dependent-missing', 'error', (d) => rra(d, 1).parameters.setCount(RRA_SLOT.dependentRra, 3)],
    ['hw-dependent-cf', 'error', (d) => rra(d, 2).parameters.setCount(RRA_SLOT.dependentRra, 0)],
    ['failures-window-range', 'error', (d) => failures(d, 29, 7)],
    ['failures-window-range', 'error', (d) => failures(d, 0, 0)],
    ['failures-window-range', 'error', (d) => failures(d, 9, 10)],
    ['prep-unknown-range', 'warning', (d) => rra(d).preps[1]?.setCount(1, 3)],
    ['version-too-low', 'note', (d) => Object.assign(ds(d), { type: 'DCOUNTER' })],
    ['archive-unknown', 'note', (d) => rra(d, 1).cells.fill(Number.NaN)],
    ['cells-infinite', 'warning', (d) => rra(d).cells.fill(Number.NEGATIVE_INFINITY, 2, 3)],
    ['cells-out-of-bounds', 'note', (d) => rra(d).cells.fill(101, 2, 3)],
  ])('%s (%s)', (code, severity, change) => {
    const description = sound()
    change(description)
    const findings = checkRrd(buildRrd(description), { now: NOW })
    expect(findings.map((finding) => [finding.code, finding.severity])).toContainEqual([code, severity])
    for (const { message, offset } of findings) {
      expect(message).toMatch(/^[ -~]+$/)
      expect(offset).toBeGreaterThan(0)
    }
  })

  it('finds a name and a reading without an end, and bytes too many', () => {
    const bytes = fixture('be32a8')
    bytes.fill(0x61, 120, 140)
    bytes.fill(0x31, 120 + 240 + 336 + 8, 120 + 240 + 336 + 8 + 30)
    const longer = new Uint8Array(bytes.length + 3)
    longer.set(bytes)
    const found = checkRrd(rrdFromBytes(longer)).map(({ code, offset }) => [code, offset])
    expect(found).toContainEqual(['ds-name-invalid', 120])
    expect(found).toContainEqual(['ds-reading-unterminated', 704])
    expect(found).toContainEqual(['trailing-bytes', 1564])
  })

  it.each(FIXTURES)('points at the same field in %s version %i', (architecture, version) => {
    const findings = checkRrd(rrdFromBytes(fixture(architecture, version)))
    expect(findings.map((finding) => finding.code)).toEqual([
      'hw-dependent-cf',
      'hw-dependent-cf',
      'cells-infinite',
    ])
    const [statHead, rraDef, par] = SIZES[architecture.replace(/^.e|t64$/g, '')] as [number, number, number]
    expect(findings[0]?.offset).toBe(statHead + 2 * 120 + rraDef + par + 3 * 8)
  })
})
