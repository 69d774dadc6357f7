import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { type ScanOptions, type ScanResult, scan } from '../../src/scan/index.ts'
import { qemuImg, qemuIo } from '../support/qemu.ts'
import type { Scratch } from '../support/scratch.ts'

/** `sound/0.qcow2` ... and, named by a UUID as CloudStack does, an image whose refcounts are too low. */
export function makeFleet(scratch: Scratch, sound: number): string {
  const root = scratch.file('images')
  mkdirSync(`${root}/sound`, { recursive: true })
  mkdirSync(`${root}/others`)
  for (let number = 0; number < sound; number++) makeImage(`${root}/sound/${number}.qcow2`)
  const broken = `${root}/others/6f2c1d7e-broken`
  makeImage(broken)
  forgetData(broken)
  writeFileSync(`${root}/others/disk.raw`, Buffer.alloc(4096, 0x5a))
  writeFileSync(`${root}/others/wiped.qcow2`, Buffer.alloc(4096))
  symlinkSync('../sound/0.qcow2', `${root}/others/link.qcow2`)
  return root
}

export function makeImage(path: string): void {
  qemuImg(['create', '-q', '-f', 'qcow2', path, '8M'])
  qemuIo(['-c', 'write -P 7 0 128k', path])
}

/** Zeroes the refcount of the first data cluster: its L1 table is the fourth, an L2 table the fifth of the clusters. */
export function forgetData(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    writeSync(fd, new Uint8Array(2), 0, 2, 2 * 65_536 + 5 * 2)
  } finally {
    closeSync(fd)
  }
}

export async function scanned(root: string, options: ScanOptions = {}): Promise<Map<string, ScanResult>> {
  const results = new Map<string, ScanResult>()
  for await (const result of scan([root], options)) {
    const path = result.path.toString()
    results.set(path.slice(root.length + 1), result)
  }
  return results
}
