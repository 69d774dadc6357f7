import { type CommandContext, checkOutputs, jsonPath, UsageError } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import type { DiskSelector } from '../mapping/index.ts'
import { EXIT } from '../report/exit-code.ts'
import { rescueDocument } from '../report/rescue-document.ts'
import { rescueText } from '../report/rescue-text.ts'
import { type RescueResult, rescue } from '../rescue/index.ts'
import type { FileSource } from '../source/index.ts'
import { refuseIdleAllowPath } from './check-use.ts'
import { evidenceFor } from './evidence.ts'
import { imageOperand } from './image-operand.ts'
import { type Looked, look } from './look.ts'
import { type Opened, withImage } from './opened.ts'
import type { RescueOptions } from './rescue.options.ts'
import { rescueSource } from './rescue-source.ts'

/** `qcow2-check rescue IMG -o OUT -O raw|qcow2`: 0 where all is there, 2 where ranges are lost or were not read. */
export async function run(
  context: CommandContext,
  [operand]: readonly string[],
  options: RescueOptions,
): Promise<number> {
  const path = imageOperand(operand as string)
  refuseIdleAllowPath(options)
  const { clusterSize } = options
  if (clusterSize !== undefined && !Number.isInteger(Math.log2(clusterSize)))
    throw new UsageError(`--cluster-size ${clusterSize} is no power of two`, {
      remedy: 'most images have 64k',
    })
  checkOutputs(
    [
      ['-o', options.output],
      ['--map', options.map],
    ],
    [path],
  )
  const disk = diskOf(options.snapshot)
  const instead = (source: FileSource) => rescueSource(context, source, options)
  const use = async (opened: Opened): Promise<number> => {
    const looked = await look(context, opened)
    if (looked.advisory !== undefined)
      context.log.warn(
        `${fileNameText(path)}: is in use (${looked.advisory}): what is rescued may mix two states`,
        {
          code: 'image-in-use',
          remedy: 'rescue again once nothing writes to it',
        },
      )
    const result = await rescued(context, opened, looked, disk, options)
    const dryRun = options.dryRun === true
    if (context.flags.json) await context.out.json({ ...jsonPath(path), ...rescueDocument(result, dryRun) })
    else await context.out.write(rescueText(fileNameText(path), result, dryRun, context.stdout))
    return result.complete ? EXIT.consistent : EXIT.corrupt
  }
  return withImage(path, options, use, instead)
}

async function rescued(
  context: CommandContext,
  { image }: Opened,
  { survey }: Looked,
  disk: DiskSelector | 'all',
  { output, outputFormat, map, force, dryRun }: RescueOptions,
): Promise<RescueResult> {
  const evidence = disk !== 'all' && disk.kind === 'active' ? undefined : await evidenceFor(context, survey)
  const progress = context.progress({ what: 'rescuing', unit: 'bytes' })
  try {
    return await rescue(image, {
      output: fileNameText(output),
      format: outputFormat,
      disk,
      findings: survey.findings,
      ...(image.backing && { backing: image.backing }),
      members: image.members,
      ...(evidence && { snapshots: evidence.snapshots }),
      ...(map !== undefined && { map: fileNameText(map) }),
      force: force === true,
      dryRun: dryRun === true,
      signal: context.signal,
      onProgress: ({ done, total }) => {
        progress.setTotal(total)
        progress.update(done)
      },
    })
  } finally {
    progress.stop()
  }
}

/** `--snapshot`: an id, a name, `orphan:N` or `all`. @throws UsageError */
function diskOf(which: string | undefined): DiskSelector | 'all' {
  if (which === undefined) return { kind: 'active' }
  if (which === 'all') return 'all'
  if (!which.startsWith('orphan:')) return { kind: 'snapshot', idOrName: which }
  const number = Number(which.slice('orphan:'.length))
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`--snapshot ${which}: orphans have numbers from 1`, {
      remedy: 'qcow2-check info lists them',
    })
  return { kind: 'orphan', number }
}
