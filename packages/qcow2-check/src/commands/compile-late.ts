import { setFlagsFromString } from 'node:v8'

/** Fewer images are checked before compiling has cost anything; loading node:v8 costs a millisecond. */
const MANY = 16

/**
 * Lets V8 optimise a function only after some 8 times as much work as by default, for the whole process, so never for a
 * library's caller. Hundreds of small images are checked before optimised code has paid for its compilation (a fifth of
 * the time of 400, two processors; measured); the loops over large tables are WebAssembly, which this doesn't concern.
 */
export function compileLate(images: number): void {
  if (images >= MANY) setFlagsFromString('--interrupt-budget=1000000')
}
