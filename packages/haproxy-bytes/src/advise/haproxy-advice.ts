import { parseConfig } from '../config/index.ts'
import type { Version } from '../model/index.ts'
import type { Advice } from './advice.ts'
import { haproxyFindings } from './haproxy-findings.ts'
import { haproxySections } from './haproxy-sections.ts'
import { neededLength } from './log-lines.ts'

export interface AdviceOptions {
  /** How the configuration is called. */
  readonly file?: string
  /** Undefined: one that is maintained, of which nothing special is known. */
  readonly version?: Version | undefined
}

/**
 * What to write into a haproxy.cfg so that bytes on the wire follow from each line and lost lines show: complete
 * sections that HAProxy accepts, and each trap that the configuration holds.
 */
export function adviseHaproxy(text: string, { file = 'haproxy.cfg', version }: AdviceOptions = {}): Advice {
  const config = parseConfig(text)
  const length = neededLength(config)
  const { sections, findings } = haproxySections(text, config, { file, version, length })
  const all = [...haproxyFindings(config, file, length, version), ...findings]
  return { sections, findings: all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
}

/** Bytes that a log line of this configuration may have. */
export const advisedLength = (text: string): number => neededLength(parseConfig(text))
