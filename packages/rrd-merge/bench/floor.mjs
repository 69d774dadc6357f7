// The least that a program on Node does who replaces each file of a tree by itself: `node floor.mjs OLD NEW none|each`,
// or writes each into a new tree: `node floor.mjs OLD NEW none|each OUT`.
// Reads both sides, writes NEW's bytes to a temporary file, syncs it with `each`, renames it over NEW, or to its name
// below OUT; two threads.
// No header is decoded, no cell compared, no update looked for. Not TypeScript: Node itself runs it, with no loader.
import fs from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

/** Files taken at a time, and files that wait for the device at once. */
const HANDFUL = 8

if (isMainThread) process.env.UV_THREADPOOL_SIZE = String(2 * HANDFUL)

const { old, newer, durability, out, shared } = isMainThread
  ? {
      old: process.argv[2],
      newer: process.argv[3],
      durability: process.argv[4],
      out: process.argv[5] ?? process.argv[3],
      shared: new SharedArrayBuffer(4),
    }
  : workerData
if (isMainThread)
  new Worker(new URL(import.meta.url), { workerData: { old, newer, durability, out, shared } })

const taken = new Int32Array(shared)
const fsync = promisify(fs.fsync)
const files = fs
  .readdirSync(newer)
  .sort()
  .flatMap((folder) =>
    fs
      .readdirSync(join(newer, folder))
      .filter((name) => name.endsWith('.rrd'))
      .sort()
      .map((name) => join(folder, name)),
  )
const bytes = Buffer.allocUnsafeSlow(4 * 2 ** 20)
const others = Buffer.allocUnsafeSlow(4 * 2 ** 20)
const waiting = new Set()
const folders = new Set()

async function replace(file) {
  const target = join(out, file)
  // Kept open over the rename: what frees the replaced file is its last close, and that waits on another thread.
  const replaced = fs.openSync(join(newer, file), 'r')
  const length = fs.readSync(replaced, bytes, 0, bytes.length, 0)
  read(join(old, file), others)
  if (!folders.has(dirname(target))) fs.mkdirSync(dirname(target), { recursive: true })
  folders.add(dirname(target))
  const fd = fs.openSync(`${target}.tmp`, 'wx')
  fs.writeSync(fd, bytes, 0, length, 0)
  if (durability === 'each') await fsync(fd)
  fs.closeSync(fd)
  fs.renameSync(`${target}.tmp`, target)
  fs.close(replaced, () => {})
}

function read(path, into) {
  const fd = fs.openSync(path, 'r')
  const length = fs.readSync(fd, into, 0, into.length, 0)
  fs.closeSync(fd)
  return length
}

for (let from = Atomics.add(taken, 0, HANDFUL); from < files.length; from = Atomics.add(taken, 0, HANDFUL)) {
  for (const file of files.slice(from, from + HANDFUL)) {
    if (waiting.size >= HANDFUL) await Promise.race(waiting)
    const work = replace(file).then(() => waiting.delete(work))
    waiting.add(work)
  }
}
await Promise.all(waiting)
if (durability === 'each') {
  for (const folder of folders) {
    const fd = fs.openSync(folder, 'r')
    await fsync(fd)
    fs.closeSync(fd)
  }
}
