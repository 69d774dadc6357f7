import type { Survey } from '../check/survey.ts'
import type { ConsentClass } from '../findings/index.ts'
import type { Image } from '../image/image.ts'
import type { Evidence } from '../recover/index.ts'
import { draftRepair } from './draft-repair.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Plan } from './plan.ts'
import { wantedClasses } from './wanted.ts'

/** What may be planned beside what is proven safe. */
export interface PlanOptions {
  /** Classes that the operator allows, beside the safe ones. */
  readonly allow?: readonly ConsentClass[]
  /** What a search found for this survey; searched for if it is absent and something is lost. */
  readonly evidence?: Evidence
  /** Ids of the actions to be planned, and no others; refcounts are planned for what they leave. */
  readonly only?: ReadonlySet<string>
  /**
   * `leaks`: only refcounts that are too high, as `check -r leaks`; `safe`: all classes that need no consent, as `check
   * -r all`. Default: those, and what `allow` names.
   */
  readonly scope?: 'leaks' | 'safe'
  readonly signal?: AbortSignal
}

/**
 * What a repair would do, down to the byte; nothing is written but in memory.
 *
 * @param survey of this image
 * @throws the reason of `signal`
 */
export async function planRepair(_image: Image, survey: Survey, options: PlanOptions = {}): Promise<Plan> {
  const scope = options.scope
  const allow = scope === undefined ? (options.allow ?? []) : []
  const settings = { ...options, allow: new Set(allow), leaksOnly: scope === 'leaks' }
  const drafted = await draftRepair(survey, settings)
  const { draft, after } = drafted
  return {
    fingerprint: await fingerprintOf(survey, options.signal),
    actions: draft.actions,
    finalSize: draft.overlay.size,
    after: { verdict: after.verdict, counts: after.counts, findings: after.findings },
    refused: drafted.refused,
    wanted: scope === undefined ? await wantedClasses(survey, drafted, settings) : [],
  }
}

/**
 * What `check -r` does: as `qemu-img check -r`, but a refcount is lowered only where nothing is behind its clusters, and
 * what needs consent stays.
 *
 * @param mode `leaks`: refcounts that are too high; `all`: everything that is safe
 */
export function planForCheck(
  image: Image,
  survey: Survey,
  mode: 'leaks' | 'all',
  options: Pick<PlanOptions, 'evidence' | 'signal'> = {},
): Promise<Plan> {
  return planRepair(image, survey, { ...options, scope: mode === 'leaks' ? 'leaks' : 'safe' })
}
