import { closeSync, readSync } from 'node:fs'
import {
  type FileName,
  fileNameBytes,
  fileNameText,
  fnv1a,
  joinFileName,
  nameFilter,
  type OpenFile,
  resolveFolder,
  type WalkedFile,
  walk,
} from '@nightshift/tooling/files'
import { hasMagic } from '../format/index.ts'
import { failureOf } from './failure-of.ts'
import type { ScanOptions } from './types.ts'

/** A file that is taken for an image, open; or what could not be looked at, and why. */
export type ListedImage =
  | { readonly path: FileName; readonly file: OpenFile }
  | { readonly path: FileName; readonly failure: { readonly code: string; readonly message: string } }

type Listing = Pick<ScanOptions, 'include' | 'exclude' | 'shard'>

/**
 * The images below folders, in the order of their names' bytes. A file is one if it begins as QCOW2, whatever it is
 * called (volumes of many platforms are named by a UUID), or if it is called `*.qcow2` and has lost its beginning. Links
 * are not followed.
 */
export function* listImages(folders: readonly FileName[], options: Listing): Generator<ListedImage> {
  for (const path of folders) yield* listFolder(path, options)
}

function* listFolder(root: FileName, { include = [], exclude = [], shard }: Listing): Generator<ListedImage> {
  const folder = resolveFolder(root)
  try {
    for (const item of walk(folder, { tool: 'qcow2-check', filter: nameFilter({ include, exclude }) })) {
      const path = joinFileName(root, item.path)
      if (item.kind === 'skipped') {
        if (item.error) yield { path, failure: { code: item.error.code, message: item.error.message } }
        continue
      }
      if (shard && fnv1a(fileNameBytes(item.path)) % shard.count !== shard.index) continue
      const listed = opened(path, item, include.length > 0)
      if (listed) yield listed
    }
  } finally {
    folder.close()
  }
}

function opened(path: FileName, { folder, name }: WalkedFile, wanted: boolean): ListedImage | undefined {
  let file: OpenFile | undefined
  try {
    file = folder.openFile(name)
    if (wanted || isImage(file.fd, name)) return { path, file }
    closeSync(file.fd)
    return undefined
  } catch (error) {
    if (file) closeSync(file.fd)
    return { path, failure: failureOf(error) }
  }
}

function isImage(fd: number, name: FileName): boolean {
  const start = new Uint8Array(4)
  return (readSync(fd, start, 0, 4, 0) === 4 && hasMagic(start)) || /\.qcow2$/i.test(fileNameText(name))
}
