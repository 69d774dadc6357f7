import { execFileSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quoteCommand } from '../../src/rrdtool/quoting.ts'
import { client, FORMS, failure, folder, SMALL, START } from './support.ts'

/** Every printable character of ASCII but the slash, and some beyond it. */
const character = fc.oneof(
  fc.constantFrom(
    ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((c) => c !== '/'),
  ),
  fc.constantFrom('"', "'", ' ', '\\', 'ä', '漢', '🌒', '\u00a0', '\u2028'),
)
const name = fc
  .string({ unit: character, minLength: 1, maxLength: 40 })
  .filter((text) => text !== '.' && text !== '..')

describe('the splitter of rrdtool -', () => {
  test('reads back every argument, also empty ones', () => {
    // What rrdtool doesn't know it names in its error; a blank tells where the argument ends.
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: character, minLength: 1, maxLength: 30 }), {
          minLength: 1,
          maxLength: 20,
        }),
        (words) => {
          const commands = words.flatMap((word) => [
            quoteCommand([`<${word}>`, 'x']),
            quoteCommand([`<${word}>`, '']),
          ])
          const said = execFileSync('rrdtool', ['-'], { input: `${commands.join('\n')}\n`, encoding: 'utf8' })
          const expected = words.flatMap((word) => Array(2).fill(`ERROR: unknown function '<${word}>'`))
          expect(said.split('\n').slice(0, -1)).toEqual(expected)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('counts arguments as they are', () => {
    const said = execFileSync('rrdtool', ['-'], {
      input: `${quoteCommand(['last', ''])}\n${quoteCommand(['last', 'a b', ''])}\n`,
      encoding: 'utf8',
    })
    expect(said).toContain("ERROR: opening ''")
    expect(said).toContain('ERROR: Usage: rrdtool last')
  })
})

describe.each(FORMS)('$form', ({ persistent }) => {
  test('any printable file name', async () => {
    const rrd = client({ persistent })
    const base = folder()
    const plain = join(base, 'plain.rrd')
    await rrd.create(plain, SMALL)
    let current = plain
    let time = START
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const file = join(base, text)
        renameSync(current, file)
        current = file
        time += 1
        await rrd.update(file, [`${time}:1`])
        expect(await rrd.last(file)).toBe(time)
        expect((await rrd.info(file)).filename).toBe(file)
      }),
      { numRuns: 60 },
    )
  })

  test('names that begin with a dash, and relative ones', async () => {
    const base = folder()
    const cwd = process.cwd()
    process.chdir(base)
    try {
      const rrd = client({ persistent })
      for (const file of ['-a.rrd', '--help', '-', 'plain.rrd', './-b.rrd', 'cb//x'.replace('//', '__')]) {
        await rrd.create(file, SMALL)
        await rrd.update(file, [`${START + 60}:1`])
        expect(await rrd.last(join(base, file))).toBe(START + 60)
      }
      await rrd.dump('-a.rrd', { output: '-a.xml' })
      await rrd.restore('-a.xml', '-c.rrd')
      await rrd.resize('-a.rrd', { rra: 0, grow: 1, output: '-d.rrd' })
      expect((await rrd.info('-d.rrd'))['rra[0].rows']).toBe(11)
    } finally {
      process.chdir(cwd)
    }
  })

  test('a relative name is meant from where the process is at the call', async () => {
    const [one, two] = [folder(), folder()]
    const cwd = process.cwd()
    const rrd = client({ persistent })
    try {
      const calls = [one, two].map((base, i) => {
        process.chdir(base)
        return rrd.create('a.rrd', { ...SMALL, start: START + i })
      })
      process.chdir(cwd)
      await Promise.all(calls)
    } finally {
      process.chdir(cwd)
    }
    expect([await rrd.last(join(one, 'a.rrd')), await rrd.last(join(two, 'a.rrd'))]).toEqual([
      START,
      START + 1,
    ])
  })

  test('a newline in a name: whole in one-shot, refused where it would be a second command', async () => {
    const file = join(folder(), 'a\nlast "b".rrd')
    await client().create(file, SMALL)
    const call = client({ persistent }).last(file)
    if (persistent) expect(await failure(call)).toMatchObject({ code: 'BAD_ARGUMENT', file })
    else {
      expect(await call).toBe(START)
      expect((await client().info(file)).filename).toBe(file)
    }
  })
})
