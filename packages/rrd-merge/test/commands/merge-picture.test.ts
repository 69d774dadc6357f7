import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { rrdMerge } from '../support/cli.ts'
import { holed, wholeFile } from '../support/sample-pair.ts'
import { listing, putTree, scratch } from '../support/tree.ts'

const pair = () => putTree(scratch(), { 'old.rrd': wholeFile(), 'new.rrd': holed() })

/** The texts of an SVG, which must be well-formed. */
function textsOf(svg: string): string {
  let texts = ''
  const parser = new SaxesParser()
  parser.on('text', (text) => {
    texts += `${text} `
  })
  parser.write(svg).close()
  return texts
}

describe('the picture of one merge', () => {
  it('shows NEW, OLD and the result, as text, SVG and page', () => {
    const folder = pair()
    const ran = rrdMerge(['-v', '--svg', 'a.svg', '--html', 'a.html', 'old.rrd', 'new.rrd'], { cwd: folder })
    expect(ran.status).toBe(0)
    expect(ran.stdout).toMatch(/ new .*\n.* old .*\n.* after .*100/)
    const texts = textsOf(readFileSync(join(folder, 'a.svg'), 'utf8'))
    for (const word of ['new', 'old', 'after', 'AVERAGE', 'MAX']) expect(texts).toContain(word)
    const page = readFileSync(join(folder, 'a.html'), 'utf8')
    expect(page).toMatch(/^<!doctype html>/i)
    expect(page).toContain('after')
    expect(readFileSync(join(folder, 'new.rrd'))).toEqual(wholeFile())
  })

  it('shows what would be, and a dry run writes nothing else', () => {
    const folder = scratch()
    putTree(join(folder, 'rrd'), { 'old.rrd': wholeFile(), 'new.rrd': holed() })
    const before = listing(join(folder, 'rrd'))
    expect(rrdMerge(['-n', '--svg', 'a.svg', 'rrd/old.rrd', 'rrd/new.rrd'], { cwd: folder }).status).toBe(0)
    expect(textsOf(readFileSync(join(folder, 'a.svg'), 'utf8'))).toContain('after')
    expect(listing(join(folder, 'rrd'))).toEqual(before)
  })

  it('is not drawn where the merge is refused', () => {
    const folder = putTree(scratch(), { 'old.rrd': wholeFile().subarray(0, 3000), 'new.rrd': holed() })
    expect(rrdMerge(['--svg', 'a.svg', 'old.rrd', 'new.rrd'], { cwd: folder }).status).toBe(1)
    expect(existsSync(join(folder, 'a.svg'))).toBe(false)
  })

  it('is of one pair: folders are drawn by coverage', () => {
    const folder = putTree(scratch(), { 'old/a.rrd': wholeFile(), 'new/a.rrd': holed() })
    const ran = rrdMerge(['--html', 'a.html', 'old', 'new'], { cwd: folder })
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('rrd-merge coverage FOLDER --html FILE')
    expect(readFileSync(join(folder, 'new/a.rrd'))).toEqual(holed())
  })
})
