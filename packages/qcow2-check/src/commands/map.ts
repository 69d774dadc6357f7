import { type CommandContext, checkOutputs, jsonPath, UsageError } from '@nightshift/tooling/command-line'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { displayPath } from '@nightshift/tooling/terminal'
import { type ClusterMap, clusterMap, renderMapPage, renderSvg } from '../picture/index.ts'
import { mapDocument, mapSummary } from '../report/map-document.ts'
import { imageOperand } from './image-operand.ts'
import type { MapOptions } from './look.options.ts'
import { look } from './look.ts'
import { withImage } from './opened.ts'
import { writeOutput } from './write-output.ts'

/** `qcow2-check map IMG -o FILE.svg|FILE.html|FILE.json`. */
export async function run(
  context: CommandContext,
  [operand = '']: readonly string[],
  options: MapOptions,
): Promise<number> {
  const path = imageOperand(operand)
  const { output } = options
  const render = rendererOf(output)
  checkOutputs([['-o', output]], [path])
  const map = await withImage(path, options, async (opened) => {
    const { survey, advisory } = await look(context, opened)
    if (advisory !== undefined)
      context.log.warn(`${fileNameText(path)}: in use, so the map is a hint: ${advisory}`, {
        code: 'image-in-use',
      })
    return clusterMap(survey, { signal: context.signal })
  })
  writeOutput(output, render(fileNameText(path), map, `${context.tool} ${context.version}`))
  if (context.flags.json) {
    const document = { filename: fileNameText(path), ...jsonPath(path), output: fileNameText(output) }
    await context.out.json({ ...document, ...mapSummary(map) })
  } else await context.out.line(`${displayPath(output)}: written`)
  return 0
}

type Renderer = (name: string, map: ClusterMap, generator: string) => string

const RENDERERS: Readonly<Record<string, Renderer>> = {
  svg: renderSvg,
  html: renderMapPage,
  json: (_name, map) => `${JSON.stringify(mapDocument(map))}\n`,
}

/** @throws UsageError */
function rendererOf(output: FileName): Renderer {
  const ending = /\.([a-z]+)$/i.exec(fileNameText(output))?.[1]?.toLowerCase() ?? ''
  const render = Object.hasOwn(RENDERERS, ending) ? RENDERERS[ending] : undefined
  if (render) return render
  throw new UsageError(`-o ${fileNameText(output)}: the name must end in .svg, .html or .json`, {
    remedy: 'it says what is written',
  })
}
