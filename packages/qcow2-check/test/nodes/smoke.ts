import { strict as assert } from 'node:assert'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Smoke } from '../../../../tooling/checks/nodes/smoke.ts'

const SNAPSHOT_POINTER = 60

/** Loses the snapshot table of an image, gets it back, and undoes that; qemu-img says each time what it sees. */
export const smoke: Smoke = async (tool, folder) => {
  const image = join(folder, 'image.qcow2')
  qemu('qemu-img', 'create', '-q', '-f', 'qcow2', image, '64M')
  qemu('qemu-io', '-c', 'write -q -P 1 0 1M', image)
  qemu('qemu-img', 'snapshot', '-c', 'kept', image)
  qemu('qemu-io', '-c', 'write -q -P 2 0 1M', image)
  const sound = await tool(['--json', image])
  assert.equal(sound.status, 0, sound.stderr)

  overwrite(image, SNAPSHOT_POINTER, Buffer.alloc(12))
  const before = readFileSync(image)
  const checked = await tool(['--json', 'check', image])
  assert.notEqual(checked.status, 0)
  assert.equal(JSON.parse(checked.stdout).schema, 'qcow2-check/check@1')

  const repaired = await tool(['--json', 'repair', '--assume-offline', '--allow', 'adopt-snapshot', image])
  assert.equal(repaired.status, 0, repaired.stdout + repaired.stderr)
  assert.match(qemu('qemu-img', 'snapshot', '-l', image), /kept/)
  qemu('qemu-img', 'check', image)

  const { undoFile } = JSON.parse(repaired.stdout)
  const undone = await tool(['undo', '--assume-offline', image, undoFile])
  assert.equal(undone.status, 0, undone.stderr)
  assert.ok(readFileSync(image).equals(before))
}

function overwrite(file: string, offset: number, bytes: Buffer): void {
  const fd = openSync(file, 'r+')
  try {
    const there = Buffer.alloc(bytes.length)
    readSync(fd, there, 0, there.length, offset)
    assert.ok(!there.equals(bytes))
    writeSync(fd, bytes, 0, bytes.length, offset)
  } finally {
    closeSync(fd)
  }
}

function qemu(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${stderr}`)
  return stdout
}
