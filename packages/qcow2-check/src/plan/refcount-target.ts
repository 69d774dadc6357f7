import type { Survey } from '../check/survey.ts'
import type { FindingCode, RepairClass } from '../findings/index.ts'
import { maxRefcount } from '../format/index.ts'
import type { Proof } from './nothing-behind.ts'

/** What a refcount should become, and on what ground. */
export interface Target {
  readonly value: number
  readonly class: RepairClass
  readonly code: FindingCode
}

export interface TargetRules {
  readonly survey: Survey
  readonly proof: Proof
  /** What is leaked may be what the damaged mapping has lost: consent does not free it. */
  readonly mappingDamaged: boolean
  /** Only refcounts that are too high. */
  readonly leaksOnly: boolean
}

/** @returns undefined where the refcount stays as it is */
export function refcountTarget(cluster: number, rules: TargetRules): Target | undefined {
  const { survey, proof, mappingDamaged, leaksOnly } = rules
  const stored = survey.stored(cluster)
  const referenced = survey.referenced(cluster)
  if (stored < referenced) {
    const value = Math.min(referenced, maxRefcount(survey.image.geometry.refcountOrder))
    return leaksOnly || value === stored ? undefined : { value, class: 'fix-refcount', code: 'refcount-low' }
  }
  if (referenced === 0 && proof.isGarbled(cluster) && !proof.mayFree(cluster)) {
    // Its refcount is lost. What holds something is kept from being overwritten, until someone has looked at it.
    const value = proof.holdsSomething(cluster) ? 1 : stored === 0 ? 0 : 1
    if (value === stored || leaksOnly) return undefined
    return { value, class: 'fix-refcount', code: value > stored ? 'refcount-low' : 'refcount-high' }
  }
  if (stored === referenced) return undefined
  const code = referenced === 0 ? 'leak' : 'refcount-high'
  const proven = referenced === 0 ? proof.mayFree(cluster) : proof.mayLower(cluster)
  if (proven) return { value: referenced, class: 'fix-refcount', code }
  const consentable = referenced === 0 ? !proof.suspected(cluster) : !proof.orphans
  if (!consentable || mappingDamaged) return undefined
  return { value: referenced, class: 'free-leaks', code }
}
