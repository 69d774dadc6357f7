import { chmod, chown, mkdtemp, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** The file that a name means: a link's target, so that the link stays. */
export async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path))
}

/**
 * A folder of our own (0700) beside the target, gone after the work: what is made in it is moved by one rename, and
 * nobody else can put anything there.
 */
export async function inPrivateFolder<T>(target: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(dirname(target), '.rrdtool-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Puts a finished file in the place of another, whole or not at all. A target that was there gives its mode and owner. */
export async function replaceFile(made: string, target: string): Promise<void> {
  const old = await stat(target).catch(() => undefined)
  if (old) {
    // Only root can give a file away; anyone else keeps what he made.
    await chown(made, old.uid, old.gid).catch(() => {})
    await chmod(made, old.mode & 0o7777)
  }
  const file = await open(made, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(made, target)
}
