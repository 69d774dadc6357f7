import { execFile } from 'node:child_process'
import { beginPart, endPart } from '../../../tooling/checks/soak/part.ts'
import { Writer } from '../test/corpus/races.ts'
import { cliPath, qcow2Check } from '../test/support/cli.ts'
import { dice } from '../test/support/noise.ts'
import { qemuImg } from '../test/support/qemu.ts'
import { Scratch } from '../test/support/scratch.ts'

/*
 * A qemu-io that writes and flushes without end, and checks meanwhile. What QEMU holds back in its caches is really not
 * on the disk, so leaks may be there for longer than two looks; corruption may not.
 */
const K = 1024

const { seed, goesOn } = beginPart()
const rolls = dice(`live ${seed}`)
const roll = (below: number) => Math.floor(rolls.next().value * below)
const failures: string[] = []
const figures = { rounds: 0, checks: 0, advisory: 0, consistent: 0, leaks: 0, writes: 0 }

/** Beside the writer, which goes on meanwhile. */
function checked(image: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const args = [cliPath(), 'check', '--json', image]
  return new Promise((resolve) =>
    execFile(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

async function round(clusterSize: number, folder: Scratch): Promise<void> {
  const image = folder.file('live.qcow2')
  qemuImg(['create', '-q', '-f', 'qcow2', '-o', `cluster_size=${clusterSize}`, image, '256M'])
  qemuImg(['snapshot', '-q', '-c', 's1', image])
  const writer = new Writer(['-f', 'qcow2', image])
  let writing = true
  const written = (async () => {
    while (writing) {
      const place = `${roll(4096) * 64 * K} ${(1 + roll(16)) * 4 * K}`
      await writer.say([roll(8) === 0 ? `discard ${place}` : `write -q -P 90 ${place}`])
      if (figures.writes++ % 50 === 0) await writer.say(['flush'])
    }
  })()
  for (let checks = 0; checks < 10; checks++) {
    const { status, stdout, stderr } = await checked(image)
    figures.checks++
    const told = JSON.parse(stdout) as {
      verdict: string
      advisory?: boolean
      findings: { code: string; severity: string }[]
    }
    if (told.findings.some(({ code }) => code === 'in-use')) figures.advisory++
    if (told.verdict === 'consistent') figures.consistent++
    else if (told.verdict === 'leaks') figures.leaks++
    else
      failures.push(
        `${clusterSize}: ${status} ${stderr} ${JSON.stringify(told.findings.filter(({ severity }) => severity === 'corruption')).slice(0, 500)}`,
      )
  }
  writing = false
  await written
  await writer.end()
  const { status, stdout } = qcow2Check(['check', image])
  if (status !== 0) failures.push(`once it was closed: ${status} ${stdout.slice(0, 500)}`)
}

while (goesOn()) {
  using folder = new Scratch('qcow2-soak-live')
  await round([512, 4 * K, 64 * K, 2048 * K][figures.rounds % 4] as number, folder)
  figures.rounds++
}
endPart(figures, failures)
