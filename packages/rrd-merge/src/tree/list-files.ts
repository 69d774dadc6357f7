import { statSync } from 'node:fs'
import { type FileName, joinFileName, nameFilter, resolveFolder, walk } from '@nightshift/tooling/files'
import { asRrdError } from '../file/pair-report.ts'
import { TOOL } from '../file/stage.ts'
import type { RrdError } from '../format/index.ts'

/** A file to look at, or why something that was named can't be. */
export interface ListedFile {
  readonly path: FileName
  readonly error?: RrdError
}

/** The files that paths name: a file is itself, a folder all `*.rrd` below it, in the order of their names' bytes. */
export function* listFiles(paths: readonly FileName[]): Generator<ListedFile> {
  for (const path of paths) {
    if (statSync(path).isDirectory()) yield* listFolder(path)
    else yield { path }
  }
}

function* listFolder(path: FileName): Generator<ListedFile> {
  const folder = resolveFolder(path)
  try {
    for (const item of walk(folder, {
      tool: TOOL,
      filter: nameFilter({ include: ['*.rrd'], exclude: [] }),
    })) {
      const whole = joinFileName(path, item.path)
      if (item.kind === 'file') yield { path: whole }
      else if (item.error) yield { path: whole, error: asRrdError(item.error) }
    }
  } finally {
    folder.close()
  }
}
