import { escapeText } from '@nightshift/tooling/terminal'

/** A sample: its labels in order, and its value. */
export type MetricSample = readonly [
  labels: readonly (readonly [name: string, value: string])[],
  value: number | bigint,
]

/**
 * One metric of the Prometheus text exposition. A log is read anew each time, and one that was rotated away takes its
 * bytes along: so all are gauges, which may fall. Without a sample there is no metric.
 */
export function metricText(name: string, help: string, samples: readonly MetricSample[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(([labels, value]) => `${name}${labelsText(labels)} ${value}`)
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} gauge\n${lines.join('\n')}\n`
}

/** `client/24` as the name of a label. */
export const labelName = (key: string): string => key.replace(/[^a-zA-Z0-9_]/g, '_')

function labelsText(labels: readonly (readonly [name: string, value: string])[]): string {
  if (labels.length === 0) return ''
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`
}

/** As the format demands; and who looks at the file with a terminal is safe too. */
const escapeLabel = (text: string): string => escapeText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')
const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
