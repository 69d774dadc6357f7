import { escapeText } from '@nightshift/tooling/terminal'
import type { Advice, AdviceFinding, AdvisedSection } from '../advise/index.ts'
import { adviceText } from './advise-words.ts'

/** `haproxy-bytes/advise@1` without its schema name. */
export function adviseDocument({ sections, findings }: Advice) {
  return {
    sections: sections.map(({ target, name, replaces, text }) => ({
      target,
      name,
      replaces: replaces ?? null,
      text,
    })),
    findings: findings.map((finding) => ({
      code: finding.code,
      message: adviceText(finding),
      file: finding.file ?? null,
      line: finding.line ?? null,
      section: finding.section ?? null,
      fields: finding.fields,
    })),
  }
}

const TITLES: Readonly<Record<AdvisedSection['target'], string>> = {
  haproxy: 'HAProxy',
  rsyslog: 'rsyslog',
  journald: 'journald',
  logrotate: 'logrotate',
}

/** Findings as comments, then each section with what it replaces. All of one program can be pasted as it is. */
export function adviseText({ sections, findings }: Advice): string {
  const told = findings.map((finding) => `# ${finding.code}${place(finding)}: ${adviceText(finding)}`)
  const parts = sections.map(
    ({ target, name, replaces, text }) =>
      `# ${TITLES[target]}: ${escapeText(name)}, ${replaces ? `replaces lines ${replaces.first} to ${replaces.last}` : 'new'}\n${text.trimEnd()}\n`,
  )
  if (parts.length === 0) return `${[...told, '# nothing to change'].join('\n')}\n`
  return `${told.length > 0 ? `${told.join('\n')}\n\n` : ''}${parts.join('\n')}`
}

function place({ file, line, section }: AdviceFinding): string {
  const where = [file, line === undefined ? undefined : `line ${line}`, section].filter(
    (part) => part !== undefined,
  )
  return where.length === 0 ? '' : ` (${where.map((part) => escapeText(String(part))).join(', ')})`
}
