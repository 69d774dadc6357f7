import type { Survey } from '../check/survey.ts'
import type { FindingCode, RepairClass } from '../findings/index.ts'
import type { Proof } from './nothing-behind.ts'

/** What a refcount should become, and on what ground. */
export interface Target {
  readonly value: number
  readonly class: RepairClass
  readonly code: FindingCode
  /** The refcount is raised. */
  readonly raise: boolean
}

/** One object for each value that occurs: a rebuild has one for every cluster of the file. */
const made = new Map<string, Map<number, Target>>()
function targetOf(name: RepairClass, code: FindingCode, raise: boolean, value: number): Target {
  const kind = raise ? 'raise' : code === 'leak' ? (name === 'free-leaks' ? 'free' : 'leak') : name
  let known = made.get(kind)
  if (known === undefined) {
    known = new Map()
    made.set(kind, known)
  }
  let target = known.get(value)
  if (target === undefined) {
    target = { value, class: name, code, raise }
    if (value < 1024) known.set(value, target)
  }
  return target
}

export interface TargetRules {
  readonly survey: Survey
  readonly proof: Proof
  /** What is leaked may be what the damaged mapping has lost: consent does not free it. */
  readonly mappingDamaged: boolean
  /** The highest refcount that can be stored. */
  readonly most: number
  /** Only refcounts that are too high. */
  readonly leaksOnly: boolean
}

/** @returns undefined where the refcount stays as it is */
export function refcountTarget(cluster: number, rules: TargetRules): Target | undefined {
  const { survey, proof, mappingDamaged, leaksOnly } = rules
  const stored = survey.stored(cluster)
  const referenced = survey.referenced(cluster)
  if (stored < referenced) {
    const value = Math.min(referenced, rules.most)
    return leaksOnly || value === stored ? undefined : targetOf('fix-refcount', 'refcount-low', true, value)
  }
  if (referenced === 0 && proof.isGarbled(cluster) && !proof.mayFree(cluster)) {
    // Its refcount is lost. What holds something is kept from being overwritten, until someone has looked at it.
    const value = proof.holdsSomething(cluster) ? 1 : stored === 0 ? 0 : 1
    if (value === stored || leaksOnly) return undefined
    const raise = value > stored
    return targetOf('fix-refcount', raise ? 'refcount-low' : 'refcount-high', raise, value)
  }
  if (stored === referenced) return undefined
  const code = referenced === 0 ? 'leak' : 'refcount-high'
  const proven = referenced === 0 ? proof.mayFree(cluster) : proof.mayLower(cluster)
  if (proven) return targetOf('fix-refcount', code, false, referenced)
  const consentable = referenced === 0 ? !proof.suspected(cluster) : !proof.orphans
  if (!consentable || mappingDamaged) return undefined
  return targetOf('free-leaks', code, false, referenced)
}
