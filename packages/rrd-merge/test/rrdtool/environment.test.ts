import { expect, test } from 'vitest'
import { childEnvironment } from '../../src/rrdtool/environment.ts'

test('the child speaks C, keeps the rest, and knows only the daemon that was named', () => {
  const own = {
    PATH: '/bin',
    LANG: 'de_DE.UTF-8',
    LANGUAGE: 'de',
    LC_NUMERIC: 'de_DE',
    RRDCACHED_ADDRESS: 'a',
    TZ: 'UTC',
  }
  const rest = { PATH: '/bin', LANG: 'de_DE.UTF-8', LC_NUMERIC: 'de_DE', LC_ALL: 'C', TZ: 'UTC' }
  expect(childEnvironment(undefined, own)).toEqual(rest)
  expect(childEnvironment('unix:/s', own)).toEqual({ ...rest, RRDCACHED_ADDRESS: 'unix:/s' })
})
