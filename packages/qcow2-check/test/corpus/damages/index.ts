import type { Damage } from '../damage.ts'
import { REFCOUNT_DAMAGES } from './refcounts.ts'

/** All of them. */
export const DAMAGES: readonly Damage[] = [...REFCOUNT_DAMAGES]
