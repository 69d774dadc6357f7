import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseLogFormat } from '../../src/log-format/index.ts'
import { advisedFields, serverLegRules, type Version, WIRE_FIELD_NAMES } from '../../src/model/index.ts'

const configOf = (version: Version): string => {
  const { frontendFirst, frontendLast, backendFirst, items } = advisedFields(version, { server: true })
  const lines = (list: readonly string[]): string => list.map((line) => `  ${line}\n`).join('')
  return [
    'defaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\n',
    `frontend fe\n  bind 127.0.0.1:1\n${lines([...frontendFirst, ...frontendLast])}`,
    `  log 127.0.0.1:514 local0\n  log-format '%B %U ${items.join(' ')}'\n  default_backend be\n`,
    `backend be\n${lines([...backendFirst, ...serverLegRules()])}  server s1 127.0.0.1:2\n`,
  ].join('')
}

test.each<[Version]>([[[2, 2, 0]], [[2, 6, 12]], [[3, 0, 0]], [[3, 3, 0]]])(
  '%j: HAProxy accepts it',
  (version) => {
    const folder = mkdtempSync(join(tmpdir(), 'advised-'))
    try {
      const file = join(folder, 'haproxy.cfg')
      writeFileSync(file, configOf(version))
      const { status, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' })
      expect(stderr).not.toMatch(/WARNING|ALERT/)
      expect(status).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)

test('1.8 to 2.1 have no lengths of responses', () => {
  for (const version of [
    [1, 8, 0],
    [2, 0, 0],
    [2, 1, 0],
  ] as const) {
    const { frontendFirst, frontendLast, backendFirst, lacks } = advisedFields(version)
    expect([...frontendFirst, ...frontendLast, ...backendFirst]).toEqual([])
    expect(lacks).toBe('response-lengths')
  }
})

test('from 3.3.1 on what left HAProxy is logged too', () => {
  expect(advisedFields([3, 3, 0]).items.join(' ')).not.toContain('res.bytes_out')
  for (const version of [[3, 3, 1] as const, [3, 4, 0] as const])
    expect(advisedFields(version).items).toContain('ro=%[res.bytes_out]')
})

test('each item is one that the model reads', () => {
  for (const item of advisedFields([3, 4, 0], { server: true }).items) {
    const field = parseLogFormat(item).items.find(({ kind }) => kind === 'field')
    const name = field?.kind === 'field' ? (field.alias ?? field.fetch) : undefined
    expect(WIRE_FIELD_NAMES).toContain(name)
  }
})
