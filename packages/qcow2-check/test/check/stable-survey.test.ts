import { expect, test } from 'vitest'
import { survey } from '../../src/check/index.ts'
import { stableSurvey } from '../../src/check/stable-survey.ts'
import type { Finding } from '../../src/findings/index.ts'
import { openImage } from '../../src/image/index.ts'
import { headerBytes, SparseSource } from './sparse-source.ts'

const finding = (code: Finding['code'], severity: Finding['severity'], offset = 0): Finding => ({
  code,
  severity,
  offset,
  length: 1,
  repair: { class: 'none', safe: false, lossy: false },
  fields: {},
})
const missing = finding('backing-missing', 'error')
const low = finding('refcount-low', 'corruption', 65536)
const leak = finding('leak', 'leak', 131072)

test.each([
  ['nothing in common', [low], [leak], 'consistent'],
  [
    'a backing file that is missing: nothing of the image itself could not be read',
    [missing],
    [missing],
    'incomplete',
  ],
  ['corruption', [low, leak], [low], 'corrupt'],
  ['leaks', [leak], [low, leak], 'leaks'],
] as const)('%s', async (_, first, second, verdict) => {
  const source = new SparseSource(0x50000).put(
    0,
    headerBytes({
      clusterBits: 16,
      size: 0n,
      l1Size: 0,
      l1: 0x30000,
      refcountTable: 0x10000,
      refcountTableClusters: 1,
    }),
  )
  const looked = { ...(await survey(await openImage(source))), counts: NOTHING }
  const stable = stableSurvey({ ...looked, findings: first }, { ...looked, findings: second }, 'somebody')
  expect(stable.verdict).toBe(verdict)
  expect(stable.findings.map(({ code }) => code)).toContain('in-use')
})

const NOTHING = {
  checkErrors: 0,
  corruptions: 0,
  leaks: 0,
  totalClusters: 0,
  allocatedClusters: 0,
  fragmentedClusters: 0,
  compressedClusters: 0,
  imageEndOffset: 0,
}
