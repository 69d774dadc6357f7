import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { rrdFromBytes, writeXml } from '../../src/index.ts'
import { rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { putTree, scratch } from '../support/tree.ts'

const dumpOf = (bytes: Uint8Array) => [...writeXml(rrdFromBytes(bytes), { precision: 'exact' })].join('')

describe('a file that is not lying there in binary', () => {
  const xml = dumpOf(wholeFile())
  const FORMS = { XML: xml, 'gzipped XML': gzipSync(xml), 'a gzipped RRD': gzipSync(wholeFile()) }

  // Its descriptor was once closed twice: whatever was opened in between lost its own.
  it.each(Object.entries(FORMS))('%s is read again and again by each command', (_, bytes) => {
    const folder = putTree(scratch(), { in: bytes, 'new.rrd': holed() })
    const COMMANDS = [
      ['restore', 'in', '-o', 'restored.rrd'],
      ['convert', 'in', '-o', 'converted.rrd'],
      ['convert', 'in', '-o', 'converted.xml', '--format', 'xml'],
      ['info', 'in', 'in', 'in'],
      ['coverage', 'in', 'in', '--html', 'page.html'],
      ['check', 'in', 'in', 'in'],
      ['diff', 'in', 'restored.rrd'],
      ['merge', 'in', 'in', 'new.rrd', '-o', 'out.rrd'],
      ['merge', 'in', 'new.rrd'],
    ]
    for (const command of COMMANDS) {
      const { status, stderr } = rrdMerge(command, { cwd: folder })
      expect([command, status, stderr]).toEqual([command, 0, ''])
    }
    const read = (name: string) => readFileSync(join(folder, name))
    expect(dumpOf(read('restored.rrd'))).toBe(dumpOf(wholeFile()))
    expect(read('out.rrd')).toEqual(wholeFile())
    expect(read('new.rrd')).toEqual(wholeFile())
  })
})
