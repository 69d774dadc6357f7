import { closeSync, fstatSync } from 'node:fs'
import { type ListedImage, listImages } from './list-images.ts'
import { identityOf, isLasting, remember } from './remembered.ts'
import { scanImage } from './scan-image.ts'
import { StateFile } from './state-file.ts'
import type { ScanOptions, ScanResult } from './types.ts'

const USUAL_JOBS = 4

/**
 * Checks every image below some folders in this one process. One that is broken or unreadable never stops the others.
 * Results come as they are ready, not in the order of the paths. Whoever stops taking them stops the scan.
 *
 * @throws Qcow2Error `refused`, `unreadable`, `not-written` of the state file; FileError where a folder can't be opened;
 *   the signal's reason
 */
export async function* scan(
  folders: readonly (string | Buffer)[],
  options: ScanOptions = {},
): AsyncGenerator<ScanResult, void> {
  const { jobs = USUAL_JOBS, signal, onResult } = options
  const state = options.state === undefined ? undefined : new StateFile(options.state)
  const images = listImages(folders, options)
  const running = new Set<Promise<void>>()
  const ready: ScanResult[] = []
  const failures: unknown[] = []
  try {
    for (let more = true; more || running.size > 0 || ready.length > 0; ) {
      signal?.throwIfAborted()
      while (more && running.size < jobs && ready.length === 0) {
        const next = images.next()
        if (next.done) more = false
        else {
          const work = resultOf(next.value, options, state)
            .then((result) => void ready.push(result))
            .catch((error: unknown) => void failures.push(error))
            .finally(() => running.delete(work))
          running.add(work)
        }
      }
      if (ready.length === 0 && running.size > 0) await Promise.race(running)
      if (failures.length > 0) throw failures[0]
      for (const result of ready.splice(0)) {
        onResult?.(result)
        yield result
      }
    }
    state?.compact()
  } finally {
    images.return(undefined)
    await Promise.allSettled(running)
    state?.close()
  }
}

async function resultOf(
  listed: ListedImage,
  options: ScanOptions,
  state: StateFile | undefined,
): Promise<ScanResult> {
  const { path } = listed
  if ('failure' in listed)
    return { path, verdict: 'failed', size: 0, error: listed.failure, milliseconds: 0, remembered: false }
  const { fd } = listed.file
  if (!state) return scanImage(path, listed.file, options)
  const identity = identityOf(fstatSync(fd, { bigint: true }))
  const known = state.recall(path, identity)
  if (known) {
    closeSync(fd)
    return { path, ...known, remembered: true }
  }
  const result = await scanImage(path, listed.file, options)
  if (isLasting(result) && !dependsOnOthers(result, options)) state.add(remember(path, identity, result))
  return result
}

/** With `chain` a verdict is also about backing files, whose changes the image's own file doesn't show. */
function dependsOnOthers({ image }: ScanResult, { chain }: ScanOptions): boolean {
  return chain === true && image !== undefined && image.hasBackingFile
}
