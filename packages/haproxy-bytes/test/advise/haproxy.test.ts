import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type AdviceCode, adviseHaproxy, applyAdvice } from '../../src/advise/index.ts'
import { logFormats, parseConfig } from '../../src/config/index.ts'
import { fieldName, parseLogFormat } from '../../src/log-format/index.ts'
import { matcherOf } from '../../src/matcher/index.ts'
import { parseVersion, type Version } from '../../src/model/index.ts'
import { Scratch } from '../support/scratch.ts'
import { CONFIGS } from './configs.ts'

function check(config: string): { status: number | null; said: string } {
  using scratch = new Scratch('advise')
  writeFileSync(scratch.file('haproxy.cfg'), config, 'latin1')
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin`, EXTRA_FORMAT: '%sslv' }
  const { status, stderr } = spawnSync('haproxy', ['-c', '-f', scratch.file('haproxy.cfg')], {
    encoding: 'utf8',
    env,
  })
  return { status, said: stderr.replace(/\[NOTICE\].*\n/g, '') }
}

const codesOf = (text: string, version?: Version): AdviceCode[] => [
  ...new Set(adviseHaproxy(text, { version }).findings.map(({ code }) => code)),
]

const fieldsOf = (format: string): string[] =>
  parseLogFormat(format).items.flatMap((item) => (item.kind === 'field' ? [fieldName(item)] : []))

describe.each(Object.entries(CONFIGS))('%s', (name, text) => {
  const advised = applyAdvice(text, adviseHaproxy(text))

  test('HAProxy accepts it with the sections replaced', () => {
    expect(check(text).status).toBe(0)
    const { status, said } = check(advised)
    expect(said).not.toMatch(/ALERT|misplaced|will still be processed before/)
    expect(status).toBe(0)
  })

  test('once it is followed there is nothing to replace', () => {
    expect(adviseHaproxy(advised).sections).toEqual([])
  })

  test('each frontend that logs has the byte counts, %lc and the lengths, and the format is one that can be read', () => {
    const { proxies } = parseConfig(advised)
    for (const { proxy, format } of logFormats(parseConfig(advised))) {
      const { mode } = proxies.find((one) => one.name === proxy) as { mode: string }
      if (name === 'no log') continue
      const fields = fieldsOf(format ?? '')
      expect(fields).toEqual(expect.arrayContaining(['B', 'U', 'lc']))
      if (mode === 'http')
        expect(fields).toEqual(expect.arrayContaining(['var(txn.hb_nh0)', 'var(txn.hb_rh1)', 'HV', 'ST']))
      expect(() => matcherOf(parseLogFormat(format ?? ''))).not.toThrow()
    }
  })
})

test.each<[string, AdviceCode[]]>([
  ['plain', ['log-length']],
  ['log-format in defaults', ['log-length', 'bytes-after-text', 'bytes-last']],
  ['bytes at the end', ['log-length', 'bytes-last']],
  ['clf', ['log-length', 'bytes-after-text']],
  ['defaults by name, one of another', ['log-length', 'dontlognull']],
  ['defaults with rules', ['log-length', 'rules-in-defaults']],
  ['several targets', ['udp-target', 'log-length', 'ring-target', 'sampling']],
  ['logasap', ['log-length', 'logasap', 'dontlog-normal']],
  ['no log at all', ['no-log', 'no-format']],
  ['a target, but not for the frontend', ['no-log', 'no-format']],
  ['no log', ['log-disabled']],
  ['a variable of the service', ['log-length', 'unknown-variable']],
  ['compression', ['log-length', 'compression', 'silent']],
])('%s: each trap is named', (name, codes) => {
  expect(codesOf(CONFIGS[name] as string).sort()).toEqual([...codes].sort())
})

test.each<[string, AdviceCode[]]>([
  ['2.0.30', ['no-lengths']],
  ['2.6.12', []],
  ['3.0.0', ['zero-copy']],
  ['3.3.0', ['swapped-counts', 'zero-copy']],
  ['3.4.0', ['own-replies-zero', 'zero-copy']],
])('HAProxy %s', (version, codes) => {
  const found = codesOf(CONFIGS.plain as string, parseVersion(version))
  expect(found.filter((code) => code !== 'log-length').sort()).toEqual([...codes].sort())
})

test('3.x: formats in JSON get named items, and a log-profile is told of', () => {
  const text = `global
    log /dev/log profile short local0
log-profile short
    on any format "%ci"
defaults
    mode http
    log global
    log-format "%{+json}o %(client)ci %(bytes)B"
frontend web
    bind 127.0.0.1:1
`
  const version = parseVersion('3.2.0')
  const { sections, findings } = adviseHaproxy(text, { version })
  const frontend = sections.find(({ name }) => name === 'frontend web')
  expect(frontend?.text).toContain("log-format '%{+json}o %(client)ci %(bytes)B %(U)U ")
  expect(frontend?.text).toContain('%(nh0)[var(txn.hb_nh0)]')
  expect(findings.map(({ code }) => code)).toContain('log-profile')
})

test('before 2.2 there are no lengths: %lc and %U alone', () => {
  const { sections } = adviseHaproxy(CONFIGS.plain as string, { version: [2, 0, 0] })
  const text = sections.map((section) => section.text).join('\n')
  expect(text).toContain('lc=%lc')
  expect(text).not.toContain('txn.hb_')
})

test('what is captured is not cut', () => {
  const { sections } = adviseHaproxy(CONFIGS.captures as string)
  expect(sections.find(({ name }) => name === 'global')?.text).toContain('log /dev/log len 10240 local0')
})
