import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { casesOf, everyCaseOf, writeImage } from './cases.ts'
import { DAMAGES } from './damages/index.ts'
import { SHAPES } from './shape.ts'

const USAGE = `usage: tsx test/corpus/write.ts FOLDER [--shape TEXT] [--damage TEXT] [--every] [--list]
Writes healthy images, damaged ones and what is expected of them:
  FOLDER/SHAPE/healthy.qcow2            (with its data or backing file beside it)
  FOLDER/SHAPE/GROUP-VARIANT.qcow2      damaged
  FOLDER/SHAPE/GROUP-VARIANT.json       story, expected findings, verdict, state after repair
--shape, --damage  only those whose name contains TEXT
--every            each damage in each shape, not only in those that the tests use
--list             only names`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shape: { type: 'string', default: '' },
      damage: { type: 'string', default: '' },
      every: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  })
  const [folder] = positionals
  if (folder === undefined && !values.list) {
    console.error(USAGE)
    process.exitCode = 64
    return
  }
  const shapes = SHAPES.filter((shape) => shape.name.includes(values.shape))
  const damages = DAMAGES.filter((damage) => damage.name.includes(values.damage))
  if (values.list || folder === undefined) {
    for (const shape of shapes) console.log(`shape   ${shape.name}`)
    for (const { row, name, story } of damages)
      console.log(`damage  ${String(row).padStart(2)}  ${name}: ${story}`)
    return
  }
  let written = 0
  for (const damage of damages)
    for (const made of values.every ? await everyCaseOf(damage) : await casesOf(damage)) {
      const { shape, bytes, companions } = made.healthy
      if (!shapes.includes(shape)) continue
      const here = join(folder, shape.name)
      const name = damage.name.replace('/', '-')
      writeImage(here, bytes, companions, 'healthy.qcow2')
      writeImage(here, made.bytes, companions, `${name}.qcow2`)
      const { row, story } = damage
      writeFileSync(
        join(here, `${name}.json`),
        `${JSON.stringify({ row, story, expect: made.expect }, null, 2)}\n`,
      )
      written++
    }
  console.log(`${written} damaged images in ${folder}`)
}

await main()
