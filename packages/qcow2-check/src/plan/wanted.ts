import type { Survey } from '../check/survey.ts'
import { CONSENT_CLASSES, type ConsentClass, type FindingCode } from '../findings/index.ts'
import { type DraftSettings, draftRepair, type RepairDraft } from './draft-repair.ts'
import type { Plan } from './plan.ts'

/**
 * Bytes that the drafts of one plan read together before no more classes are tried, beside so many times the file. A
 * sound image's tables are a small part of it; those of a hostile one name one another, and each draft takes seconds.
 */
const READ_ALLOWED = 2 ** 27
const TIMES_THE_FILE = 16

/**
 * Classes that would cure more: each is really planned with, on top of those found before it, and kept only if what
 * remains is less.
 */
export async function wantedClasses(
  survey: Survey,
  drafted: RepairDraft,
  settings: DraftSettings,
): Promise<Plan['wanted']> {
  const wanted: { class: ConsentClass; codes: readonly FindingCode[] }[] = []
  let best = drafted
  let allow = settings.allow
  const tried = new Set<ConsentClass>()
  let left = READ_ALLOWED + TIMES_THE_FILE * survey.image.fileSize - drafted.bytesRead
  while (left > 0) {
    const next = CONSENT_CLASSES.filter(
      (name) => best.draft.wanted.has(name) && !allow.has(name) && !tried.has(name),
    )
      .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .at(0)
    if (next === undefined) return wanted
    tried.add(next)
    const named: ConsentClass[] = [next]
    const { only: _only, ...rest } = settings
    const attemptAt = () => draftRepair(survey, { ...rest, allow: new Set([...allow, ...named]) })
    let attempt = await attemptAt()
    left -= attempt.bytesRead
    // What must go first may do no good by itself: bitmaps that are out of date are in the way of a pin.
    if (!isBetter(attempt.after, best.after) && opensPin(attempt, best)) {
      named.push('pin-leaks')
      attempt = await attemptAt()
      left -= attempt.bytesRead
    }
    if (!isBetter(attempt.after, best.after)) continue
    for (const name of named) {
      wanted.push({ class: name, codes: curedCodes(best.after, attempt.after) })
      tried.add(name)
    }
    best = attempt
    allow = new Set([...allow, ...named])
  }
  return wanted
}

function opensPin({ draft }: RepairDraft, best: RepairDraft): boolean {
  return draft.wanted.has('pin-leaks') && !best.draft.wanted.has('pin-leaks')
}

/** What keeps most comes first; what gives something up comes last. */
const ORDER: readonly ConsentClass[] = [
  'clear-reserved',
  'relink',
  'adopt-snapshot',
  'extend-file',
  'split-cross-link',
  'drop-bitmaps',
  'zero-cluster',
  'drop-snapshot',
  'free-leaks',
  'pin-leaks',
]

function isBetter(one: Survey, other: Survey): boolean {
  const [a, b] = [burden(one), burden(other)]
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return (a[at] as number) < (b[at] as number)
  return false
}

/** Compared in this order: what couldn't be checked, what is corrupt, what is leaked. */
function burden({ counts, findings }: Survey): readonly number[] {
  const corrupt = findings.filter(({ severity }) => severity === 'corruption').length
  return [counts.checkErrors, counts.corruptions + corrupt, counts.leaks]
}

function curedCodes(before: Survey, after: Survey): readonly FindingCode[] {
  const count = (survey: Survey, code: FindingCode) =>
    survey.findings
      .filter((finding) => finding.code === code)
      .reduce((sum, { length }) => sum + length + 1, 0)
  const codes = [...new Set(before.findings.map(({ code }) => code))]
  return codes.filter((code) => count(after, code) < count(before, code))
}
