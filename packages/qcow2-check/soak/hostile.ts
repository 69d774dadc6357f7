import { readdirSync, rmSync } from 'node:fs'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { HOSTILE_COMMANDS } from '../test/hostile/commands.ts'
import { HOSTILE_IMAGES } from '../test/hostile/images.ts'
import { MOST_BYTES, MOST_SECONDS, overruns } from '../test/hostile/limits.ts'
import { measured } from '../test/hostile/measured.ts'
import { shuffled } from '../test/support/noise.ts'
import { Scratch } from '../test/support/scratch.ts'

const { seed, goesOn } = beginPart()
const failures: string[] = []
let [images, runs] = [0, 0]
const worst = { seconds: 0, secondsOf: '', megabytes: 0, megabytesOf: '' }
for (const { name, make } of shuffled(HOSTILE_IMAGES, String(seed))) {
  if (!goesOn()) break
  images++
  using scratch = new Scratch('qcow2-soak-hostile')
  const image = make()
  for (const command of HOSTILE_COMMANDS) {
    // A repair changes it.
    image.writeTo(scratch.file('i.qcow2'))
    const cost = measured(command.args('i.qcow2'), scratch.path, MOST_SECONDS * 2)
    runs++
    const what = `${command.name}: ${name}`
    failures.push(...overruns(cost).map((over) => `${what}: ${over}`))
    if (cost.seconds > worst.seconds) Object.assign(worst, { seconds: cost.seconds, secondsOf: what })
    const megabytes = Math.round(cost.peak / 1e6)
    if (megabytes > worst.megabytes) Object.assign(worst, { megabytes, megabytesOf: what })
    for (const left of readdirSync(scratch.path)) rmSync(scratch.file(left))
  }
}
const limits = { seconds: MOST_SECONDS, megabytes: MOST_BYTES / 1e6 }
endPart({ images, of: HOSTILE_IMAGES.length, runs, limits, ...worst }, failures)
