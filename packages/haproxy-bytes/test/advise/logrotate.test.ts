import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type AdviceCode, adviseLogrotate } from '../../src/advise/index.ts'
import { Scratch } from '../support/scratch.ts'

/** What logrotate says of a file; it needs the logs and their owners to exist. */
function check(text: string): string {
  using scratch = new Scratch('logrotate')
  writeFileSync(scratch.file('haproxy.log'), 'x\n')
  writeFileSync(
    scratch.file('rotate.conf'),
    text
      .replace(/\/[\w/*]+haproxy\S*\.log/g, scratch.file('haproxy.log'))
      .replace(/create (\S+) \S+ adm/, 'create $1 root adm'),
    { mode: 0o600 },
  )
  const args = ['-d', '-s', scratch.file('state'), scratch.file('rotate.conf')]
  const { status, stderr } = spawnSync('/usr/sbin/logrotate', args, { encoding: 'utf8' })
  return `${status} ${stderr.match(/^error:.*$/gm)?.join('\n') ?? ''}`
}

const ORIGIN = `/mnt/log/haproxy.log {
    rotate 7
    create 640 syslog adm
    /etc/init.d/haproxy reload > /dev/null
`
const GOOD = `/var/log/haproxy.log {
    daily
    rotate 7
    missingok
    notifempty
    compress
    delaycompress
    dateext
    sharedscripts
    postrotate
        [ ! -x /usr/lib/rsyslog/rsyslog-rotate ] || /usr/lib/rsyslog/rsyslog-rotate
    endscript
}
`

const CASES: Readonly<Record<string, readonly [text: string, codes: readonly AdviceCode[]]>> = {
  "the origin post's": [
    ORIGIN,
    [
      'open-stanza',
      'outside-script',
      'reloads-haproxy',
      'writer-not-signalled',
      'no-schedule',
      'not-compressed',
      'no-dateext',
      'group-only',
    ],
  ],
  "Debian's": [GOOD.replace('    dateext\n', ''), ['no-dateext']],
  'haproxy reloaded in its script': [
    GOOD.replace(/\[ !.*/, 'systemctl reload haproxy'),
    ['reloads-haproxy', 'writer-not-signalled'],
  ],
  copytruncate: [
    '"/var/log/haproxy.log" {\n  copytruncate\n  weekly\n  compress\n}\n',
    ['copytruncate', 'no-delaycompress', 'no-dateext'],
  ],
  'several logs': [
    GOOD.replace('/var/log/haproxy.log {', '/var/log/haproxy/*haproxy.log\n{').replace(
      '    sharedscripts\n',
      '',
    ),
    ['no-sharedscripts'],
  ],
  'rotated by size': [GOOD.replace('daily', 'size 100M').replace('    dateext\n', ''), ['no-dateext']],
  'common settings': [
    `weekly\ncompress\ndelaycompress\ndateext\n${GOOD.replace(/ {4}(?:daily|compress|delaycompress|dateext)\n/g, '')}`,
    [],
  ],
}

describe.each(Object.entries(CASES))('%s', (_, [text, codes]) => {
  const { sections, findings } = adviseLogrotate([{ path: 'haproxy', text }])

  test('each fault is named', () => {
    expect(findings.map(({ code }) => code).sort()).toEqual([...codes].sort())
  })

  test('logrotate takes the stanza that is advised, in which nothing is wrong', () => {
    if (codes.length === 0) {
      expect(sections).toEqual([])
      return
    }
    const [section] = sections
    const lines = text.split('\n')
    const { first = 0, last = 0 } = section?.replaces ?? {}
    lines.splice(first - 1, last - first + 1, ...(section?.text ?? '').split('\n'))
    const replaced = lines.join('\n')
    expect(check(replaced)).toBe('0 ')
    const left = adviseLogrotate([{ path: 'haproxy', text: replaced }]).findings.map(({ code }) => code)
    expect(left.filter((code) => code !== 'group-only')).toEqual([])
  })
})

test('the post is wrong by logrotate itself too', () => {
  expect(check(ORIGIN)).not.toBe('0 ')
})

test('a folder without a stanza for the log', () => {
  const other = GOOD.replace('haproxy.log', 'syslog').replaceAll('haproxy', 'x')
  expect(adviseLogrotate([{ path: 'rsyslog', text: other }])).toEqual({
    sections: [],
    findings: [expect.objectContaining({ code: 'not-rotated' })],
  })
})

test.each(['', '{', '}', '/a {', '/haproxy {\npostrotate\n', '"/haproxy'])(
  '%j: no matter how it is written',
  (text) => {
    expect(() => adviseLogrotate([{ path: 'x', text }])).not.toThrow()
  },
)
