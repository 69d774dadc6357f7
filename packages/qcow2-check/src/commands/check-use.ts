import { UsageError } from '@nightshift/tooling/command-line'
import type { ChainOptions } from './chain.options.ts'
import type { CheckOptions } from './check.options.ts'

/** Refuses options that can't be meant: nothing is silently ignored. @throws UsageError */
export function refuseCheckUse(options: CheckOptions, images: number): void {
  const { repair, undoFile, assumeOffline, dataFile } = options
  refuseIdleAllowPath(options)
  if (dataFile !== undefined && images > 1)
    throw new UsageError('one --data-file for several images', { remedy: 'check them one by one' })
  if (repair === undefined) {
    if (undoFile === undefined && !assumeOffline) return
    const stray = undoFile === undefined ? '--assume-offline' : '--undo-file'
    throw new UsageError(`${stray} is for -r`, { remedy: 'add -r leaks or -r all, or leave it out' })
  }
  if (undoFile !== undefined && images > 1)
    throw new UsageError('one --undo-file for several images', { remedy: 'repair them one by one' })
  const stray = options.chain ? '--chain' : dataFile === undefined ? undefined : '--data-file'
  if (stray !== undefined)
    throw new UsageError(`${stray} and -r contradict each other`, {
      remedy: 'a repair changes the image itself only: check the other files without -r',
    })
}

/** @throws UsageError */
export function refuseIdleAllowPath({ allowPath, chain }: Partial<ChainOptions>): void {
  if (allowPath !== undefined && !chain)
    throw new UsageError('--allow-path is for --chain', {
      remedy: 'add --chain, or leave it out: without it no backing file is opened',
    })
}
