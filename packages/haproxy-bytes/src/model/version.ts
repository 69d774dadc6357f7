/** Major, minor, patch; a missing patch is 0 (`3.4` is 3.4.0). */
export type Version = readonly [number, number, number]

/** Of `2.6.12-1+deb12u4`, `HAProxy version 3.0.0-abc, ...`, `3.5-dev5`. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /(?:^|[^\d.])(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch ?? 0)]
}

export function isAtLeast(version: Version, major: number, minor: number, patch = 0): boolean {
  const [a, b, c] = version
  if (a !== major) return a > major
  return b === minor ? c >= patch : b > minor
}

/**
 * What %B and %U count (measured on 1.8.0, 2.6.12, 3.0.0, 3.3.0, 3.4.0; the versions between by source).
 * `wire`: bytes read from the sockets; `htx`: the inner form of messages; `htx-own-zero`: the same, and nothing for
 * replies of HAProxy's own; `swapped`: 3.3.0, whose %B is the request and whose %U is the response.
 */
export type Accounting = 'wire' | 'htx' | 'htx-own-zero' | 'swapped'

/** @param legacy `no option http-use-htx` (2.0), or without `option http-use-htx` (1.9) */
export function accountingOf(version: Version, legacy = !isAtLeast(version, 2, 0)): Accounting {
  if (!isAtLeast(version, 1, 9)) return 'wire'
  if (!isAtLeast(version, 2, 1)) return legacy ? 'wire' : 'htx'
  if (version[0] === 3 && version[1] === 3 && version[2] === 0) return 'swapped'
  return isAtLeast(version, 3, 4) ? 'htx-own-zero' : 'htx'
}

/**
 * Whether `h1_bytes_in` and `h1_bytes_out` are the wire: not there before 2.6; from 2.9 on whatever is forwarded
 * without a copy is counted twice, unless `tune.disable-zero-copy-forwarding` is set (measured on 3.0.0 and 3.4.0).
 */
export function wireCounters(version: Version, zeroCopyDisabled = false): 'absent' | 'wire' | 'doubled' {
  if (!isAtLeast(version, 2, 6)) return 'absent'
  return isAtLeast(version, 2, 9) && !zeroCopyDisabled ? 'doubled' : 'wire'
}
