import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeCase, writeImage } from '../corpus/cases.ts'
import { DAMAGES } from '../corpus/damages/index.ts'
import { makeHealthy } from '../corpus/healthy.ts'
import { shapeNamed } from '../corpus/shape.ts'

/** Writes a healthy image into a folder. */
export async function healthy(folder: string, name = 'healthy.qcow2', shape = 'v3-64k-two'): Promise<string> {
  const { bytes, companions } = await makeHealthy(shapeNamed(shape))
  return writeImage(folder, bytes, companions, name)
}

/** Writes an image with a damage of the corpus into a folder. */
export async function damaged(
  folder: string,
  damage: string,
  name = 'image.qcow2',
  shape = 'v3-64k-two',
): Promise<string> {
  const found = DAMAGES.find((one) => one.name === damage)
  const made = found && (await makeCase(shapeNamed(shape), found))
  if (!made) throw new Error(`no ${damage} of ${shape}`)
  const path = writeImage(folder, made.bytes, made.healthy.companions, name)
  chmodSync(path, 0o644)
  return path
}

/** Every file of a folder with its content, to see whether one changed. */
export function listing(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const path = join(folder, name)
        return [name, statSync(path).isFile() ? readFileSync(path).toString('base64') : '']
      }),
  )
}
