import type { Survey } from '../check/survey.ts'
import type { Draft } from './draft.ts'
import { planHeader } from './plan-header.ts'
import { planHeaderFields } from './plan-header-fields.ts'

/**
 * The header first, as what a survey sees depends on it: single fields by what the rest of the file shows, then what is
 * left of it by a search.
 *
 * @returns a survey of what it is now; the one given, if nothing changed
 */
export async function planHeaders(
  draft: Draft,
  survey: Survey,
  look: () => Promise<Survey>,
  signal?: AbortSignal,
): Promise<Survey> {
  let state = survey
  // Of a header that isn't there no single field can be put right.
  if (!headerIsLost(state) && (await planHeaderFields(draft, state))) state = await look()
  // A feature that nobody knows may give every table another meaning: then no header is proven by them.
  const known = state.findings.every(({ code }) => code !== 'header-unknown-feature')
  // Nor is a field guessed again that waits for consent.
  if (known && !draft.awaitsRelink && (await planHeader(draft, state, signal))) state = await look()
  return state
}

/** The image is known by a header that isn't in the file: nothing can be planned before it is. */
export function headerIsLost({ image }: Survey): boolean {
  return image.findings.some(({ code }) => code === 'header-lost')
}
