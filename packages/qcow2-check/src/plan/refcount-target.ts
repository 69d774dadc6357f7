import type { RefcountRun, Survey } from '../check/survey.ts'
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

/** Neighbours mostly have the same target, and are compared by it: not an object for each of millions. */
let recent: Target | undefined
function targetOf(name: RepairClass, code: FindingCode, raise: boolean, value: number): Target {
  const same = recent?.value === value && recent.raise === raise && recent.code === code
  if (recent !== undefined && same && recent.class === name) return recent
  recent = { value, class: name, code, raise }
  return recent
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

/** Clusters in a row that have the same target. */
export interface TargetRun {
  readonly first: number
  readonly count: number
  readonly target: Target
}

/** Targets of clusters in a row that have the same refcount and as many references; those that stay are left out. */
export function* targetRuns(
  { first, count, stored, referenced }: RefcountRun,
  rules: TargetRules,
): Generator<TargetRun> {
  const end = first + count
  let start = first
  while (start < end) {
    const target = targetFor(start, stored, referenced, rules)
    let next = stored < referenced ? end : start + 1
    while (next < end && targetFor(next, stored, referenced, rules) === target) next++
    if (target !== undefined) yield { first: start, count: next - start, target }
    start = next
  }
}

/** @returns undefined where the refcount stays as it is */
export function refcountTarget(cluster: number, rules: TargetRules): Target | undefined {
  const { survey, proof, leaksOnly } = rules
  const stored = survey.stored(cluster)
  const referenced = survey.referenced(cluster)
  if (referenced === 0 && proof.isGarbled(cluster) && !proof.mayFree(cluster)) {
    // Its refcount is lost. What holds something is kept from being overwritten, until someone has looked at it.
    const value = proof.holdsSomething(cluster) ? 1 : stored === 0 ? 0 : 1
    if (value === stored || leaksOnly) return undefined
    const raise = value > stored
    return targetOf('fix-refcount', raise ? 'refcount-low' : 'refcount-high', raise, value)
  }
  return targetFor(cluster, stored, referenced, rules)
}

/** Of a refcount that is not lost. */
function targetFor(
  cluster: number,
  stored: number,
  referenced: number,
  { proof, mappingDamaged, most, leaksOnly }: TargetRules,
): Target | undefined {
  if (stored === referenced) return undefined
  if (stored < referenced) {
    const value = Math.min(referenced, most)
    return leaksOnly || value === stored ? undefined : targetOf('fix-refcount', 'refcount-low', true, value)
  }
  const code = referenced === 0 ? 'leak' : 'refcount-high'
  const proven = referenced === 0 ? proof.mayFree(cluster) : proof.mayLower(cluster)
  if (proven) return targetOf('fix-refcount', code, false, referenced)
  const consentable = referenced === 0 ? !proof.suspected(cluster) : !proof.orphans
  if (!consentable || mappingDamaged) return undefined
  return targetOf('free-leaks', code, false, referenced)
}
