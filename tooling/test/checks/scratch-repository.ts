import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runOrThrow } from '../../checks/run.ts'
import { withScratch } from '../../checks/scratch.ts'

export type Files = Readonly<Record<string, string>>

/** A git repository in a folder of its own, that commits as nobody in particular. */
export interface ScratchRepository {
  readonly top: string
  readonly write: (files: Files) => void
  readonly commit: (files: Files) => Promise<void>
  readonly git: (...args: string[]) => Promise<string>
}

/** Makes `top`, which is empty, a repository on branch main; nothing of this machine's git configuration counts in it. */
export async function initRepository(top: string): Promise<ScratchRepository> {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false']
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
  const git = (...args: string[]) => runOrThrow('git', [...identity, ...args], { cwd: top, env })
  const write = (files: Files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(top, path)), { recursive: true })
      writeFileSync(join(top, path), text)
    }
  }
  const commit = async (files: Files) => {
    write(files)
    await git('add', '-A')
    await git('commit', '-q', '-m', 'change')
  }
  await git('init', '-q', '-b', 'main')
  return { top, write, commit, git }
}

/** Hands a new repository to `use`. */
export function withRepository<T>(use: (repository: ScratchRepository) => Promise<T>): Promise<T> {
  return withScratch('repository', async (top) => use(await initRepository(top)))
}
