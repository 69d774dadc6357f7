/** Findings on haproxy.cfg. A code is part of the public interface: it is never given another meaning. */
export const HAPROXY_CODES = [
  'logasap',
  'dontlog-normal',
  'dontlognull',
  'silent',
  'sampling',
  'compression',
  'bytes-after-text',
  'bytes-last',
  'log-length',
  'udp-target',
  'ring-target',
  'no-log',
  'no-format',
  'log-profile',
  'log-disabled',
  'swapped-counts',
  'own-replies-zero',
  'no-lengths',
  'zero-copy',
  'rules-in-defaults',
  'unknown-variable',
  'not-understood',
] as const

export const RSYSLOG_CODES = [
  'rate-limit',
  'own-messages-hidden',
  'control-characters',
  'message-size',
  'not-synced',
  'queue-discards',
  'forward-blocks',
  'no-second-copy',
  'journald-limit',
  'restart-needed',
] as const

export const LOGROTATE_CODES = [
  'open-stanza',
  'outside-script',
  'reloads-haproxy',
  'writer-not-signalled',
  'copytruncate',
  'no-delaycompress',
  'not-compressed',
  'no-schedule',
  'no-dateext',
  'no-sharedscripts',
  'group-only',
  'not-rotated',
] as const

export type AdviceCode =
  | (typeof HAPROXY_CODES)[number]
  | (typeof RSYSLOG_CODES)[number]
  | (typeof LOGROTATE_CODES)[number]

export interface AdviceFinding {
  readonly code: AdviceCode
  /** As it was named; undefined where a file is missing. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** `frontend web`, a file's stanza... */
  readonly section?: string
  readonly fields: Readonly<Record<string, string | number>>
}

/** A complete section, or for rsyslog and logrotate a complete file, to be put in the place of the old one. */
export interface AdvisedSection {
  readonly target: 'haproxy' | 'rsyslog' | 'journald' | 'logrotate'
  /** `frontend web`; the path of a file. */
  readonly name: string
  /** Lines of the old one, from 1; undefined: there is none yet. */
  readonly replaces?: { readonly first: number; readonly last: number }
  readonly text: string
}

export interface Advice {
  readonly sections: readonly AdvisedSection[]
  readonly findings: readonly AdviceFinding[]
}

/** A configuration with its sections replaced; what is new comes last. */
export function applyAdvice(text: string, { sections }: Pick<Advice, 'sections'>): string {
  const lines = text.split('\n')
  const mine = sections.filter(({ target }) => target === 'haproxy')
  const fromBelow = [...mine].sort((a, b) => (b.replaces?.first ?? 0) - (a.replaces?.first ?? 0))
  for (const { replaces, text: section } of fromBelow)
    if (replaces) lines.splice(replaces.first - 1, replaces.last - replaces.first + 1, ...section.split('\n'))
  const added = mine.filter(({ replaces }) => !replaces).map(({ text: section }) => `\n${section}\n`)
  return `${lines.join('\n')}${added.join('')}`
}
