import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8 optimise a function only after some 15 times as much work as by default, for the whole process, so never for
 * a library's caller. A tree of a few hundred files is merged before optimised code has paid for its compilation, which
 * takes a processor from the merging threads (80 ms of 750, 500 files, two processors; measured); of a larger tree it
 * delays the first second.
 */
export function compileLate(): void {
  setFlagsFromString('--interrupt-budget=1000000')
}
