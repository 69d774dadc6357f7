import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/findings/index.ts'
import type { Action } from '../../src/plan/index.ts'
import { combine } from '../corpus/combined.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { shapeNamed } from '../corpus/shape.ts'
import { toldOf } from './told.ts'

const DAMAGED = ['snapshot-l1/all-zeroed', 'header/length-huge']
const lost: Finding = {
  code: 'snapshot-l1-lost',
  severity: 'corruption',
  offset: 0,
  length: 8,
  snapshot: '1',
  repair: { class: 'drop-snapshot', safe: false, lossy: true },
  fields: {},
}
const window = { offset: 0, length: 4 * 2 ** 20 }
const gaveUp: Action = {
  id: 'zero-cluster',
  class: 'zero-cluster',
  safe: false,
  lossy: true,
  code: 'l1-entry-unaligned',
  why: '',
  writes: [],
  guest: [window],
  snapshots: ['1'],
}

/** The oracle excuses what nobody could read before and what is told, and nothing else. */
describe('what reads wrong after a repair', () => {
  async function told(id: string | undefined, actions: readonly Action[], findings: readonly Finding[]) {
    const damages = DAMAGES.filter(({ name }) => DAMAGED.includes(name))
    const one = await combine(shapeNamed('v3-64k-two'), damages)
    if (one === undefined) throw new Error('these damages do not fit together')
    const unopened = toldOf(one, actions, findings, id, undefined)(0)
    const right = toldOf(one, actions, findings, id, one.healthy.contents.get(id))(0)
    return { unopened, right }
  }

  test('is excused where the way to it was damaged and a finding names the disk', async () => {
    expect(await told('1', [], [lost])).toEqual({ unopened: true, right: false })
  })

  test('or where somebody consented to that', async () => {
    expect(await told('1', [gaveUp], [])).toEqual({ unopened: true, right: false })
    expect(await told('1', [{ ...gaveUp, lossy: false }], [])).toEqual({ unopened: false, right: false })
  })

  test('not where nobody says so, or says so of another disk', async () => {
    expect(await told('1', [], [])).toEqual({ unopened: false, right: false })
    expect(await told('2', [gaveUp], [lost])).toEqual({ unopened: false, right: false })
  })

  test('not where the way to it is whole', async () => {
    const active = { ...lost, guest: window }
    const { snapshot: _1, ...ofActive } = active
    expect(await told(undefined, [{ ...gaveUp, active: true }], [ofActive])).toEqual({
      unopened: false,
      right: false,
    })
  })
})
