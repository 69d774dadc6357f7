import type { RrdHeader } from '../../format/index.ts'

/** One thing that tune was asked for. */
export type TuneStep =
  | {
      readonly kind: 'set'
      readonly field: 'heartbeat' | 'minimum' | 'maximum' | 'type'
      readonly ds: string
      readonly value: string
    }
  | { readonly kind: 'rename'; readonly ds: string; readonly to: string }
  | { readonly kind: 'step'; readonly value: number }
  | { readonly kind: 'structure' }
  | { readonly kind: 'other' }

const LONG: Readonly<Record<string, string>> = {
  '--heartbeat': 'h',
  '--minimum': 'i',
  '--maximum': 'a',
  '--data-source-type': 'd',
  '--data-source-rename': 'r',
  '--step': 't',
}
const FIELDS = { h: 'heartbeat', i: 'minimum', a: 'maximum', d: 'type' } as const
const STRUCTURE = /^(?:DS:|DEL:|RRA:|DELRRA:|RRA#)/

/** What the arguments of tune ask for, in their order; options that this doesn't know are `other`. */
export function tuneSteps(args: readonly string[]): TuneStep[] {
  const steps: TuneStep[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (!arg.startsWith('-')) {
      steps.push({ kind: STRUCTURE.test(arg) ? 'structure' : 'other' })
      continue
    }
    const [name, joined] = arg.startsWith('--')
      ? splitOnce(arg, '=')
      : [arg.slice(0, 2), arg.slice(2) || undefined]
    const value = joined ?? args[++i] ?? ''
    steps.push(tuneStep(LONG[name] ?? name.slice(1), value))
  }
  return steps
}

function tuneStep(letter: string, value: string): TuneStep {
  const [ds, rest = ''] = splitOnce(value, ':')
  if (letter === 'r') return { kind: 'rename', ds, to: rest }
  if (letter === 't') return { kind: 'step', value: Number(value) }
  if (letter in FIELDS) return { kind: 'set', field: FIELDS[letter as keyof typeof FIELDS], ds, value: rest }
  return { kind: 'other' }
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** What of the steps the file does not show; undefined if it shows all that can be told. */
export function missingStep(steps: readonly TuneStep[], after: RrdHeader): string | undefined {
  let wanted: { ds: string; field: 'heartbeat' | 'minimum' | 'maximum' | 'type'; value: string }[] = []
  for (const step of steps) {
    if (step.kind === 'rename') {
      wanted = wanted.map((want) => (want.ds === step.ds ? { ...want, ds: step.to } : want))
    } else if (step.kind === 'set') {
      wanted = [...wanted.filter(({ ds, field }) => ds !== step.ds || field !== step.field), step]
    } else if (step.kind === 'step' && Number.isFinite(step.value) && after.step !== step.value) {
      return `its step is ${after.step}, not ${step.value}`
    }
  }
  const renamed = steps.filter((step) => step.kind === 'rename').at(-1)
  const names = new Set(after.dataSources.map(({ name }) => name))
  if (renamed && !names.has(renamed.to)) return `it has no data source ${renamed.to}`
  for (const { ds, field, value } of wanted) {
    const found = after.dataSources.find(({ name }) => name === ds)?.[field]
    if (found === undefined) continue
    const same =
      typeof found === 'string'
        ? found === value
        : Object.is(found, value === 'U' ? Number.NaN : Number(value))
    if (!same && (typeof found === 'string' || found !== Number(value)))
      return `${field} of ${ds} is ${found}, not ${value}`
  }
  return undefined
}
