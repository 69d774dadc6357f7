import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { qcow2Check } from '../support/cli.ts'
import { qemu } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'
import { damaged } from './images.ts'

let scratch: Scratch
beforeEach(() => {
  scratch = new Scratch('qcow2-header-lost')
})
afterEach(() => scratch[Symbol.dispose]())

const run = (line: string) => qcow2Check(line.split(' '), { cwd: scratch.path })

describe('an image whose header is gone', () => {
  it('is none to check, which says who searches; plan and repair find it, undo takes that back', async () => {
    const image = await damaged(scratch.path, 'header/sector-zeroed')
    const before = readFileSync(image)
    const refused = run('check image.qcow2')
    expect([refused.status, refused.stdout]).toEqual([63, ''])
    expect(refused.stderr).toContain('qcow2-check plan')
    expect(run('plan image.qcow2').status).toBe(2)
    // How long the disk was stands in a snapshot alone: the operator is asked.
    expect(JSON.parse(run('plan --json image.qcow2').stdout).wanted).toMatchObject([{ class: 'relink' }])
    const repaired = run('repair --json --allow relink image.qcow2')
    expect([repaired.status, JSON.parse(repaired.stdout).verdict]).toEqual([0, 'consistent'])
    expect(qemu('qemu-img', ['check', '-f', 'qcow2', image]).status).toBe(0)
    expect(run('undo image.qcow2 image.qcow2.undo-1').status).toBe(0)
    expect(readFileSync(image).equals(before)).toBe(true)
  })

  it('is shown by info with what the rest of the file tells of it, and with what to do', async () => {
    await damaged(scratch.path, 'header/sector-zeroed')
    const shown = run('info image.qcow2')
    expect([shown.status, shown.stderr]).toEqual([0, ''])
    expect(shown.stdout).toContain('the header is gone; one that was put together from the rest of the file')
    expect(shown.stdout).toContain('4 MiB (4194304) for the guest (as a snapshot has it')
    expect(shown.stdout).toContain('> qcow2-check repair --allow relink image.qcow2 ')
    expect(JSON.parse(run('info --json image.qcow2').stdout)).toMatchObject({
      virtualSize: 4 * 2 ** 20,
      qemu: { opens: false, blockedBy: [{ code: 'header-lost' }] },
    })
  })

  it('was never there in a raw disk, however long: 63', () => {
    const raw = scratch.file('raw')
    writeFileSync(raw, Buffer.alloc(65536, 'not an image'))
    truncateSync(raw, 2 ** 37)
    for (const command of ['info', 'plan', 'repair', 'repair -n'])
      expect([command, run(`${command} raw`).status]).toEqual([command, 63])
  })
})
