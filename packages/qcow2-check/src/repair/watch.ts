import { setTimeout as sleep } from 'node:timers/promises'
import { takeLock } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import type { FileSource } from '../source/index.ts'
import { type ImageUse, lookAtUse } from './in-use.ts'
import { metadataRuns, type Standing, standingOf } from './standing.ts'

export interface UseOptions {
  /** Go on where it can't be seen whether somebody uses the image: the operator says that nobody does. */
  readonly assumeOffline?: boolean
  readonly signal?: AbortSignal
}

/** Sees to it that nobody else uses an image while it is repaired. */
export interface Watch {
  /**
   * To be called right before the first write: somebody may have come since the image was opened.
   *
   * @throws Qcow2Error `in-use`, `lock-state-unknown`; what the caller's signal says
   */
  assertStill(): Promise<void>
  /** Who else uses it now. */
  look(): ImageUse
  /** After writes of our own: the state that `assertStill` compares with. */
  settle(): void
}

/** Milliseconds between two looks at whether the image changes, at least. */
const BETWEEN_LOOKS = 50

/**
 * Refuses an image that somebody uses, and keeps QEMU out from then on where that is possible: by a lock on the
 * descriptor, which goes with it.
 */
export class UseWatch implements Watch {
  /** The lock is ours. False where no program here could take one: then only the looks protect the image. */
  readonly held: boolean
  readonly #source: FileSource
  readonly #options: UseOptions
  #first: Standing
  #firstAt: number

  /** @throws Qcow2Error `in-use`, `lock-state-unknown` */
  constructor(source: FileSource, options: UseOptions) {
    this.#source = source
    this.#options = options
    assertNotInUse(source.fd, source.name, options)
    const lock = takeLock(source.fd)
    if (lock === 'conflict') throw inUse(source.name, 'locked by another process')
    this.held = lock === 'held'
    this.#first = this.#standing()
    this.#firstAt = performance.now()
  }

  async assertStill(): Promise<void> {
    const left = this.#firstAt + BETWEEN_LOOKS - performance.now()
    if (left > 0) await sleep(left, undefined, { signal: this.#options.signal })
    this.#options.signal?.throwIfAborted()
    refuse(this.look(), this.#source.name, this.#options)
    if (this.#standing().key !== this.#first.key)
      throw inUse(this.#source.name, 'it changes: somebody writes to it who is not seen here')
  }

  look(): ImageUse {
    return lookAtUse(this.#source.fd, this.#source.name, { own: this.held })
  }

  settle(): void {
    this.#first = this.#standing()
    this.#firstAt = performance.now()
  }

  #standing(): Standing {
    return standingOf(this.#source.fd, metadataRuns(this.#source))
  }
}

/**
 * Refuses an image that somebody uses.
 *
 * @param fd open for reading
 * @throws Qcow2Error `in-use`, `lock-state-unknown`
 */
export function assertNotInUse(fd: number, path: string, options: UseOptions = {}): void {
  refuse(lookAtUse(fd, path), path, options)
}

function refuse(use: ImageUse, path: string, { assumeOffline }: UseOptions): void {
  if (use.state === 'in-use') throw inUse(path, use.why)
  if (use.state === 'unknown' && !assumeOffline) {
    throw new Qcow2Error('lock-state-unknown', path, `lock state unknown: ${use.why}`, {
      remedy: `${process.geteuid?.() === 0 ? '' : 'run it as root, who sees more; or '}make sure that nothing uses it, then give --assume-offline`,
    })
  }
}

function inUse(path: string, why: string): Qcow2Error {
  return new Qcow2Error('in-use', path, `is in use: ${why}`, {
    remedy: 'shut down the virtual machine or end the program that uses it',
  })
}
