import { readFileSync, statSync } from 'node:fs'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { CONSENT_CLASSES, type ConsentClass } from '../findings/index.ts'
import type { ImageFingerprint } from '../plan/plan.ts'

/** What is taken from a plan file: it selects among actions that are planned afresh, and brings no bytes. */
export interface PlanSelection {
  readonly fingerprint: ImageFingerprint
  readonly ids: ReadonlySet<string>
  /** Classes of its actions that need consent: they had it when the plan was made. */
  readonly allow: readonly ConsentClass[]
}

/** V8 makes no longer strings. */
const LARGEST = 2 ** 29 - 24

/** @throws Qcow2Error `unreadable`; `stale`: it is no plan */
export function readPlanFile(path: FileName): PlanSelection {
  const name = fileNameText(path)
  let text: string
  try {
    const { size } = statSync(path)
    if (size > LARGEST) throw new Qcow2Error('stale', name, 'is too large for a plan')
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Qcow2Error) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new Qcow2Error('unreadable', name, `can't be read: ${why}`, { cause: error })
  }
  const selection = selectionOf(parsed(text))
  if (selection === undefined)
    throw new Qcow2Error('stale', name, 'is no plan of qcow2-check', {
      remedy: 'make one with qcow2-check plan IMG -o FILE',
    })
  return selection
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function selectionOf(value: unknown): PlanSelection | undefined {
  if (!isRecord(value) || value.schema !== 'qcow2-check/plan@1') return undefined
  const { fingerprint, actions } = value
  if (!isRecord(fingerprint) || !Array.isArray(actions)) return undefined
  const { size, digest } = fingerprint
  if (typeof size !== 'number' || typeof digest !== 'string') return undefined
  const ids = new Set<string>()
  const classes = new Set<unknown>()
  for (const action of actions as readonly unknown[]) {
    if (!isRecord(action) || typeof action.id !== 'string') return undefined
    ids.add(action.id)
    classes.add(action.class)
  }
  const allow = CONSENT_CLASSES.filter((name) => classes.has(name))
  return { fingerprint: { size, digest }, ids, allow }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
