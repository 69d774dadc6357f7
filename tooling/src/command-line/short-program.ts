import { beProcess } from './process.ts'
import { runShort, type ShortStart } from './short-start.ts'

/** Runs a tool as this process, as `runProgram` does; sooner where the line has operands alone. */
export function runShortProgram(start: ShortStart): void {
  beProcess((argv, io) => runShort(start, argv, io))
}
