import fs from 'node:fs'
import { decodeFileName, type FileName, fileNameBytes, joinFileName, splitFileName } from './file-name.ts'
import type { Folder } from './folder.ts'
import { FolderCache } from './folder-cache.ts'
import { unreadable, type WalkedFile, type WalkOptions, type WalkSkip, walkFolder } from './walk.ts'

/**
 * What the links of a tree lead to, if it lies under the root. Each file is given under the link's path, with
 * `realPath`; that it may also have been walked under its own path is for the caller to weigh (it pairs by path). A
 * folder is entered through links once at most, which ends loops and keeps a tree full of links from multiplying.
 */
export function* linkedFiles(
  root: Folder,
  links: readonly FileName[],
  options: WalkOptions,
): Generator<WalkedFile | WalkSkip> {
  const folders = new FolderCache(root)
  const rootPath = fs.realpathSync(root.base, { encoding: 'buffer' })
  const entered = new Set<string>()
  const todo = [...links]
  try {
    for (let link = todo.shift(); link !== undefined; link = todo.shift()) {
      const real = realPathBelow(rootPath, root, link)
      if (real === undefined) yield { kind: 'skipped', path: link, reason: 'symlink-outside' }
      else yield* linked(folders, link, real, options, entered, todo)
    }
  } finally {
    folders.close()
  }
}

function* linked(
  folders: FolderCache,
  link: FileName,
  real: FileName,
  options: WalkOptions,
  entered: Set<string>,
  todo: FileName[],
): Generator<WalkedFile | WalkSkip> {
  const { folder: parentPath, name } = splitFileName(real)
  const linkName = splitFileName(link).name
  try {
    const parent = folders.get(parentPath)
    const stats = real.length === 0 ? undefined : parent.statEntry(name)
    if (stats?.isFile()) {
      if (options.filter?.takesFile(link, linkName) ?? true) {
        yield { kind: 'file', path: link, folder: parent, name, realPath: real }
      }
    } else if (stats && !stats.isDirectory()) {
      yield { kind: 'skipped', path: link, reason: 'not-regular' }
    } else if (options.filter?.entersFolder(link, linkName) ?? true) {
      yield* linkedFolder(folders, link, real, options, entered, todo)
    }
  } catch (error) {
    yield unreadable(link, error)
  }
}

function* linkedFolder(
  folders: FolderCache,
  link: FileName,
  real: FileName,
  options: WalkOptions,
  entered: Set<string>,
  todo: FileName[],
): Generator<WalkedFile | WalkSkip> {
  const folder = folders.get(real)
  const { dev, ino } = fs.fstatSync(folder.fd, { bigint: true })
  const identity = `${dev}:${ino}`
  if (entered.has(identity) || isAbove(real, link)) {
    yield { kind: 'skipped', path: link, reason: 'symlink-loop' }
    return
  }
  entered.add(identity)
  folder.hold()
  try {
    const depth = fileNameBytes(link).filter((byte) => byte === 0x2f).length + 1
    for (const found of walkFolder(folder, link, depth, options, todo)) {
      if (found.kind === 'skipped') yield found
      else yield { ...found, realPath: joinFileName(real, below(found.path, link)) }
    }
  } finally {
    folder.release()
  }
}

/** Does the folder at `real` contain the link itself? */
function isAbove(real: FileName, link: FileName): boolean {
  const outer = fileNameBytes(real)
  const inner = fileNameBytes(link)
  if (outer.length === 0) return true
  return inner.subarray(0, outer.length).equals(outer) && inner[outer.length] === 0x2f
}

function below(path: FileName, folder: FileName): FileName {
  return decodeFileName(fileNameBytes(path).subarray(fileNameBytes(folder).length + 1))
}

/** Where a link leads, relative to the root; '' for the root itself, undefined for elsewhere or nowhere. */
function realPathBelow(rootPath: Buffer, root: Folder, link: FileName): FileName | undefined {
  let real: Buffer
  try {
    real = fs.realpathSync.native(joinFileName(root.base, link), { encoding: 'buffer' })
  } catch {
    return undefined
  }
  if (real.equals(rootPath)) return ''
  const prefix = rootPath.length === 1 ? rootPath : Buffer.concat([rootPath, Buffer.from('/')])
  return real.subarray(0, prefix.length).equals(prefix)
    ? decodeFileName(real.subarray(prefix.length))
    : undefined
}
