import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type AdviceCode, adviseRsyslog } from '../../src/advise/index.ts'
import { Scratch } from '../support/scratch.ts'

/** What rsyslogd says of these files, each included by one. */
function check(files: readonly string[]): string {
  using scratch = new Scratch('rsyslog')
  const includes = files.map((text, at) => {
    writeFileSync(scratch.file(`${at}.conf`), text)
    return `include(file="${scratch.file(`${at}.conf`)}")`
  })
  writeFileSync(scratch.file('rsyslog.conf'), `${includes.join('\n')}\n*.* /dev/null\n`)
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }
  const { status, stderr } = spawnSync('rsyslogd', ['-N1', '-f', scratch.file('rsyslog.conf')], {
    encoding: 'utf8',
    env,
  })
  return `${status}${stderr.replace(/^rsyslogd: (?:version|End of config).*\n/gm, '')}`
}

const LEGACY = `# /etc/rsyslog.conf
$ModLoad imuxsock # local messages
$SystemLogRateLimitInterval 2
$SystemLogRateLimitBurst 500
$ModLoad imudp
$UDPServerRun 31514
$MaxMessageSize 2k
$EscapeControlCharactersOnReceive off
local0.* -/mnt/log/haproxy.log
local0.* ~
*.* @@logs.example.com
`
const MODERN = `global(workDirectory="/tmp" processInternalMessages="off")
module(load="imuxsock" SysSock.RateLimit.Interval="5"
       SysSock.RateLimit.Burst="200")
module(load="imudp")
input(type="imudp" port="31514" address="127.0.0.1" RateLimit.Interval="2" RateLimit.Burst="30")
main_queue(queue.size="1000" queue.discardMark="900" queue.discardSeverity="4")
if $programname startswith "haproxy" then {
  action(type="omfile" file="/var/log/haproxy.log") # a # in a comment
  stop
}
action(type="omfwd" target="logs.example.com" protocol="tcp")
`
const DEBIAN = `module(load="imuxsock") # provides support for local system logging
$FileOwner root
$IncludeConfig /nonexistent/*.conf
*.*;auth,authpriv.none		-/var/log/syslog
cron.*				-/var/log/cron.log
*.emerg				:omusrmsg:*
`
const SNIPPET = `$AddUnixListenSocket /var/lib/haproxy/dev/log
:programname, startswith, "haproxy" {
  /var/log/haproxy.log
  stop
}
`
const RIGHT = `global(processInternalMessages="on" maxMessageSize="64k")
module(load="imuxsock" SysSock.RateLimit.Interval="0")
`

interface Case {
  readonly files: readonly string[]
  readonly codes: readonly AdviceCode[]
  readonly texts: readonly string[]
}

const CASES: Readonly<Record<string, Case>> = {
  legacy: {
    files: [LEGACY],
    codes: [
      'rate-limit',
      'own-messages-hidden',
      'message-size',
      'control-characters',
      'not-synced',
      'no-second-copy',
      'forward-blocks',
    ],
    texts: [
      '$SystemLogRateLimitInterval 0',
      '$MaxMessageSize 4k',
      '$EscapeControlCharactersOnReceive on',
      'processInternalMessages="on"',
    ],
  },
  RainerScript: {
    files: [MODERN],
    codes: ['rate-limit', 'own-messages-hidden', 'queue-discards', 'no-second-copy', 'forward-blocks'],
    texts: ['SysSock.RateLimit.Interval="0"', 'RateLimit.Interval="0"', 'processInternalMessages="on"'],
  },
  "Debian's": {
    files: [DEBIAN, SNIPPET],
    codes: ['rate-limit', 'own-messages-hidden', 'no-second-copy'],
    texts: ['module(load="imuxsock" SysSock.RateLimit.Interval="0")'],
  },
}

describe.each(Object.entries(CASES))('%s', (_, { files, codes, texts }) => {
  const named = files.map((text, at) => ({ path: `${at}.conf`, text }))
  const { sections, findings } = adviseRsyslog(named, { length: 4096 })

  test('what it loses or hides is named', () => {
    const always: AdviceCode[] = ['journald-limit', 'restart-needed']
    expect([...new Set(findings.map(({ code }) => code))].sort()).toEqual([...codes, ...always].sort())
  })

  test('rsyslogd takes what is advised, which has no limit', () => {
    const replaced = named.map(({ path, text }) => sections.find(({ name }) => name === path)?.text ?? text)
    const added = sections
      .filter(({ target, replaces }) => target === 'rsyslog' && !replaces)
      .map(({ text }) => text)
    expect(check(files)).toBe('0')
    expect(check([...added, ...replaced])).toBe('0')
    for (const text of texts) expect([...added, ...replaced].join('\n')).toContain(text)
    expect(
      adviseRsyslog(
        [...added.map((text) => ({ path: 'new', text })), ...replaced.map((text) => ({ path: 'x', text }))],
        { length: 4096 },
      ).sections.filter(({ target }) => target === 'rsyslog'),
    ).toEqual([])
  })
})

test('where all is well only journald is told of', () => {
  const { sections, findings } = adviseRsyslog([{ path: 'rsyslog.conf', text: RIGHT }], { length: 4096 })
  expect(findings.map(({ code }) => code)).toEqual(['journald-limit'])
  expect(sections.map(({ target }) => target)).toEqual(['journald'])
})

test('what is not understood is told with its line', () => {
  const { findings } = adviseRsyslog([{ path: 'x', text: `${RIGHT}\nthis is nothing of rsyslog's\n` }])
  expect(findings.find(({ code }) => code === 'not-understood')).toMatchObject({
    line: 4,
    fields: { text: "this is nothing of rsyslog's" },
  })
})

test.each(['', 'global(', 'module(load="imuxsock', '"', "if $msg contains ')' then stop", '{{{{', '$'])(
  '%j: no matter how it is written',
  (text) => {
    expect(() => adviseRsyslog([{ path: 'x', text }])).not.toThrow()
  },
)
