import { mkdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cliPath, Home, run } from '../support/home.ts'

/** Runs `$3...` where the folder `$1` is a file system of its own, with `$2` free pages of 4 KiB. */
const ON_FULL_DISK = `mount -t tmpfs -o size=16k,mode=700 none "$1" || exit 99
pages=$2 folder=$1
shift 2
dd if=/dev/zero of="$folder/filler" bs=4096 count=$((4 - pages)) 2>/dev/null
exec "$@"`

describe('a state folder without room', () => {
  // The first page is the start under way, the second the record.
  it.each([0, 1])('%i pages: 125, and nothing of the command runs', async (pages) => {
    await using home = new Home()
    mkdirSync(home.state, { mode: 0o700 })
    const seconds = `${80_000 + pages}.${process.pid}`
    const start = [
      process.execPath,
      cliPath(),
      'start',
      '--json',
      '--state-dir',
      home.state,
      '--',
      'sleep',
      seconds,
    ]
    const own = ['-rm', 'sh', '-c', ON_FULL_DISK, 'sh', home.state, String(pages), ...start]
    const { status, stdout, stderr } = await run('unshare', own)
    expect({ status, stderr }).toMatchObject({
      status: 125,
      stderr: expect.stringContaining('no space left'),
    })
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'HELPER' } })
    expect((await run('pgrep', ['-fx', `/usr/bin/sleep ${seconds}`])).stdout).toBe('')
  })

  it('two pages are enough', async () => {
    await using home = new Home()
    mkdirSync(home.state, { mode: 0o700 })
    const tool = [process.execPath, cliPath()]
    const script = `"$1" "$2" start -q --state-dir "$3" -- sleep 300 && "$1" "$2" stop -q --state-dir "$3" sleep`
    const own = [
      '-rm',
      'sh',
      '-c',
      ON_FULL_DISK,
      'sh',
      home.state,
      '2',
      'sh',
      '-c',
      script,
      'sh',
      ...tool,
      home.state,
    ]
    expect(await run('unshare', own)).toMatchObject({ status: 0, stderr: '' })
  })
})
