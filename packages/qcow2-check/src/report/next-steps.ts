import type { Survey } from '../check/survey.ts'
import type { Finding, FindingCode } from '../findings/index.ts'
import { shellWord } from './words.ts'

/** Findings behind which there is data that looks like waste. */
const LOSSES: readonly FindingCode[] = [
  'lost-l2',
  'snapshot-orphan',
  'snapshot-l1-lost',
  'snapshot-table-overwritten',
]

/** Would `qemu-img check -r`, or starting the machine, destroy what could still be had? */
export function isPrecious(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => LOSSES.includes(code))
}

/** What an operator does now, as lines of text; never `qemu-img check -r`. */
export function nextSteps(name: string, { verdict, findings, image, counts }: Survey): string[] {
  const path = shellWord(name)
  const interrupted = findings.find(({ code }) => code === 'repair-interrupted')
  if (interrupted !== undefined) {
    const undoFile = shellWord(String(interrupted.fields.undoFile))
    return [
      "Don't start the machine: the image may be half-written.",
      `qcow2-check repair ${path}   settles the repair that was interrupted, and repairs anew`,
      `qcow2-check undo ${path} ${undoFile}   gives back what was there before it`,
    ]
  }
  if (verdict === 'consistent') return []
  const steps: string[] = []
  if (isPrecious(findings))
    steps.push(
      "Don't start the machine and don't run qemu-img check -r: data is behind what looks like waste.",
    )
  else if (verdict === 'leaks' && image.blockers.length === 0)
    steps.push('Leaks only cost space: the image can be used as it is.')
  const others = findings.filter(({ severity }) => severity === 'error')
  for (const { code } of others) {
    const advice = ADVICE[code]
    if (advice !== undefined && !steps.includes(advice)) steps.push(advice)
  }
  // QEMU counts no cross-link that its refcount knows.
  const blockers = image.blockers.filter(({ code }) => !ELSEWHERE.includes(code))
  const faulty = verdict !== 'incomplete' || counts.corruptions > 0 || counts.leaks > 0 || blockers.length > 0
  if (faulty) {
    steps.push(`qcow2-check plan ${path}     what a repair would do; writes nothing`)
    steps.push(`qcow2-check repair ${path}   does it; an undo file keeps the bytes before`)
  }
  if (blockers.some(({ readable }) => !readable))
    steps.push(`qcow2-check rescue ${path} -O qcow2 -o NEW   copies what can be read to a new image`)
  return steps
}

/** What QEMU misses is another file: neither a repair nor a rescue of this one brings it back. */
const ELSEWHERE: readonly FindingCode[] = ['backing-missing', 'data-file-missing']

const ADVICE: Readonly<Partial<Record<FindingCode, string>>> = {
  'backing-missing': 'Bring the backing file back, or check without --chain.',
  'backing-refused': 'Name the folder of the backing file with --allow-path, if it is to be trusted.',
  'data-file-missing': 'Name the external data file with --data-file.',
  'read-error': 'The medium does not give all bytes: copy what it gives (ddrescue) and check the copy.',
}
