import { mapDdrescue } from './map-ddrescue.ts'
import { mapJson } from './map-json.ts'
import type { RescuedDisk, RescueResult } from './options.ts'
import { assertWritable, type OutputOptions, openOutput } from './output-file.ts'

/** The mapfile of a disk: a mapfile describes one, so that where there are several each has its own. */
function mapName(map: string, output: string, disk: RescuedDisk, index: number): string {
  if (index === 0) return map
  if (disk.output !== output) return `${map}${disk.output.slice(output.length)}`
  return disk.kind === 'orphan' ? `${map}.orphan-${disk.orphan}` : `${map}.snapshot-at-${index}`
}

const isJson = (map: string) => map.endsWith('.json')

/** A list is a report: one that is there is replaced. */
const asReport = (options: OutputOptions): OutputOptions => ({ ...options, force: true })

/** @throws Qcow2Error `refused`, `not-written` */
export function assertMapWritable(map: string, options: OutputOptions): void {
  assertWritable(map, asReport(options))
}

/** @throws Qcow2Error `refused`, `not-written` */
export async function writeMap(
  map: string,
  image: string,
  output: string,
  result: RescueResult,
  options: OutputOptions,
): Promise<void> {
  if (isJson(map)) await writeText(map, mapJson(image, result), options)
  else
    for (const [index, disk] of result.disks.entries())
      await writeText(mapName(map, output, disk, index), mapDdrescue(image, disk), options)
}

async function writeText(path: string, parts: Iterable<string>, options: OutputOptions): Promise<void> {
  const file = openOutput(path, asReport(options))
  try {
    let position = 0
    let held: string[] = []
    let characters = 0
    const flush = async () => {
      const bytes = Buffer.from(held.join(''))
      await file.write(bytes, position)
      position += bytes.length
      held = []
      characters = 0
    }
    for (const part of parts) {
      held.push(part)
      characters += part.length
      if (characters > 65536) await flush()
    }
    await flush()
    await file.finish(position)
  } catch (error) {
    file.discard()
    throw error
  }
}
