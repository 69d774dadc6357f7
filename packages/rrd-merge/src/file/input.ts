import { closeSync } from 'node:fs'
import { type FileName, fileNameText, type OpenFile } from '@nightshift/tooling/files'
import { type Rrd, RrdError, rrdFromBytes } from '../format/index.ts'
import { LiveFile, type LiveMode } from '../live/index.ts'
import type { ImageRoom } from './image-slot.ts'
import { type InputForm, inputForm } from './input-form.ts'
import type { Place } from './place.ts'

/** A file open for reading. Close it when done. */
export interface Input extends OpenFile {
  readonly place: Place
  readonly path: FileName
  readonly form: InputForm
}

/** @throws FileError where it can't be opened or is no regular file */
export function openInput(place: Place): Input {
  const path = place.folder.pathOf(place.name)
  const file = place.folder.openFile(place.name)
  return { ...file, place, path, form: inputForm(file.fd) }
}

/** Opens several files; all or none. */
export function openInputs(places: readonly Place[]): Input[] {
  const inputs: Input[] = []
  try {
    for (const place of places) inputs.push(openInput(place))
    return inputs
  } catch (error) {
    closeInputs(inputs)
    throw error
  }
}

export function closeInputs(inputs: readonly Input[]): void {
  for (const { fd } of inputs) closeSync(fd)
}

interface ReadOptions {
  readonly mode?: LiveMode
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a whole file, binary or XML, as it is between two updates.
 * @throws RrdError that names the file, where it is no RRD or broken
 */
export async function readRrd(input: Input, slot: ImageRoom, options: ReadOptions = {}): Promise<Rrd> {
  try {
    return await readForm(input, slot, options)
  } catch (error) {
    throw error instanceof RrdError && error.path === undefined ? named(error, input) : error
  }
}

/** A codec knows bytes only; of several files it must be clear which one is broken. */
function named(error: RrdError, input: Input): RrdError {
  const { code, message, offset, remedy } = error
  const path = fileNameText(input.path)
  return new RrdError(code, `${path}: ${message}`, {
    path,
    ...(offset !== undefined && { offset }),
    ...(remedy !== undefined && { remedy }),
    cause: error,
  })
}

async function readForm(input: Input, slot: ImageRoom, { mode = 'auto', signal }: ReadOptions): Promise<Rrd> {
  if (input.form !== 'rrd') {
    const { readPacked } = await import('./packed-input.ts')
    return readPacked(input.fd, input.form, signal)
  }
  const live = new LiveFile(input.fd, fileNameText(input.path), { mode, ...(signal && { signal }) })
  const bytes = await live.read((size) => slot.take(size))
  return rrdFromBytes(bytes, live.header)
}
