import fs from 'node:fs'
import { errnoOf } from './file-error.ts'

/** Could owner and group of the replaced file be kept? Without CAP_CHOWN an owner can't, a foreign group can't. */
export interface KeptOwnership {
  readonly owner: boolean
  readonly group: boolean
}

const SPECIAL = 0o6000
const GROUP = 0o070
const WORLD = 0o007

/**
 * Gives an open file the owner, group and mode of another. The owner comes first, because chown(2) takes the set-uid and
 * set-gid bits away. Where the owner or the group can't be kept, nothing is opened to anybody new: the set-id bits go,
 * and a strange group gets what the world had.
 *
 * @param now fstat of the file as it is
 */
export function keepOwnership(fd: number, now: fs.Stats, like: fs.Stats): KeptOwnership {
  // chown(2) also removes file capabilities, even if it changes nothing: only where it is needed.
  const same = now.uid === like.uid && now.gid === like.gid
  const kept = same ? { owner: true, group: true } : takeOwner(fd, like)
  let mode = like.mode & 0o7777
  if (!kept.owner || !kept.group) mode &= ~SPECIAL
  if (!kept.group) mode &= ~GROUP | ((mode & WORLD) << 3)
  // FAT gives every file the mode of the mount, and refuses to change it.
  if (!same || (now.mode & 0o7777) !== mode) fs.fchmodSync(fd, mode)
  return kept
}

function takeOwner(fd: number, like: fs.Stats): KeptOwnership {
  if (tryChown(fd, like.uid, like.gid)) return { owner: true, group: true }
  // Not ours to give away; a member of the group may still keep that.
  const group = tryChown(fd, -1, like.gid)
  const { uid, gid } = fs.fstatSync(fd)
  return { owner: uid === like.uid, group: group || gid === like.gid }
}

function tryChown(fd: number, uid: number, gid: number): boolean {
  try {
    fs.fchownSync(fd, uid, gid)
    return true
  } catch (error) {
    // EINVAL: an id that this user namespace doesn't map.
    if (errnoOf(error) === 'EPERM' || errnoOf(error) === 'EINVAL') return false
    throw error
  }
}
