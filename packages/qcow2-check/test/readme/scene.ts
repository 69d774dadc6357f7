import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import { Writer } from './writer.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30
const L1_OFFSET = 40
const REFCOUNT_TABLE = 48

/** The images of the page: each broken in the way that its recipe is about. */
export async function makeScene(folder: string): Promise<void> {
  await makeRaced(folder, 'volume.qcow2')
  makeDisk(folder, 'sound.qcow2')
  makeDisk(folder, 'mail.qcow2', '2G', GIB / 2)
  loseTable(join(folder, 'mail.qcow2'))
  copyFileSync(join(folder, 'sound.qcow2'), join(folder, 'web.qcow2'))
  leakZeros(join(folder, 'web.qcow2'))
  mkdirSync(join(folder, 'images'))
  for (const name of ['sound', 'mail', 'web'])
    copyFileSync(join(folder, `${name}.qcow2`), join(folder, 'images', `${name}.qcow2`))
  qemuImg(['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', 'sound.qcow2', 'overlay.qcow2'], folder)
  qemuIo(['-c', `write -q -P 9 ${5 * MIB} 1M`, 'overlay.qcow2'], folder)
}

/** @param apart bytes between what is written; an L2 table maps half a GiB */
function makeDisk(folder: string, name: string, size = '20G', apart = GIB): void {
  qemuImg(['create', '-q', '-f', 'qcow2', name, size], folder)
  const writes = [0, 1, 2, 3].map((place) => `write -q -P ${0x21 + place} ${place * apart} 2M`)
  qemuIo([...writes.flatMap((write) => ['-c', write]), name], folder)
}

/** A snapshot is taken by a second process while the machine writes: what broke volumes in the field. */
async function makeRaced(folder: string, name: string): Promise<void> {
  makeDisk(folder, name)
  qemuImg(['snapshot', '-q', '-c', 'before-upgrade', name], folder)
  qemuIo(['-c', 'write -q -P 0x31 0 1M', name], folder)
  qemuImg(['snapshot', '-q', '-c', 'nightly', name], folder)
  const machine = new Writer(name, folder)
  await machine.say(`write -q -P 0x41 ${8 * MIB} 192k`, 'flush')
  const beside = `driver=qcow2,file.driver=file,file.filename=${name},file.locking=off`
  qemuImg(['snapshot', '-q', '-c', 'manual', '--image-opts', beside], folder)
  await machine.say(`write -q -P 0xc3 ${16 * MIB} 512k`, 'flush')
  await machine.end()
}

/** One L1 entry reads as zeros: a lost write. The L2 table and its data are still there. */
function loseTable(path: string): void {
  const bytes = readFileSync(path)
  const l1 = Number(bytes.readBigUInt64BE(L1_OFFSET))
  bytes.fill(0, l1 + 2 * 8, l1 + 3 * 8)
  writeFileSync(path, bytes)
}

/** Three clusters of zeros at the end that are counted and belong to nobody: a crash between two writes. */
function leakZeros(path: string): void {
  const bytes = Buffer.concat([readFileSync(path), Buffer.alloc(3 * 65536)])
  const block = Number(bytes.readBigUInt64BE(Number(bytes.readBigUInt64BE(REFCOUNT_TABLE))))
  for (let cluster = bytes.length / 65536 - 3; cluster < bytes.length / 65536; cluster++)
    bytes.writeUInt16BE(1, block + 2 * cluster)
  writeFileSync(path, bytes)
}
