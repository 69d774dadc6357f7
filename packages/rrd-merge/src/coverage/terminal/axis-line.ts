import { ticksOf } from '../ticks.ts'
import type { Axis } from '../types.ts'

/** The axis under the strips: a line of marks and a line of dates, each as wide as the strips. */
export function drawAxis(axis: Axis): [marks: string, labels: string] {
  const width = axis.edges.length - 1
  if (width < 1) return ['', '']
  const ticks = ticksOf(axis, width, (label) => label.length + 1)
  const marks: string[] = Array.from({ length: width }, () => '-')
  const labels: string[] = Array.from({ length: width }, () => ' ')
  for (const { at, label } of ticks) {
    const column = Math.min(Math.round(at * width), width - 1)
    marks[column] = '|'
    const start = Math.max(0, Math.min(column - Math.floor(label.length / 2), width - label.length))
    for (const [i, letter] of [...label].entries()) {
      if (start + i < width) labels[start + i] = letter
    }
  }
  return [marks.join(''), labels.join('').trimEnd()]
}
