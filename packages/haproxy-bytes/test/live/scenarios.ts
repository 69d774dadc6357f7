import type { Scenario } from './scenario.ts'
import { BROKEN } from './scenarios/broken.ts'
import { COMPRESSION } from './scenarios/compression.ts'
import { ENCRYPTED } from './scenarios/encrypted.ts'
import { H2 } from './scenarios/h2.ts'
import { OWN_REPLIES } from './scenarios/own-replies.ts'
import { PLAIN } from './scenarios/plain.ts'
import { REWRITING } from './scenarios/rewriting.ts'
import { TCP } from './scenarios/tcp.ts'
import { TUNNEL } from './scenarios/tunnel.ts'

/** The rows of the measured table that Debian's HAProxy 2.6.12 can run, and some more. */
export const SCENARIOS: readonly Scenario[] = [
  ...PLAIN,
  ...REWRITING,
  ...COMPRESSION,
  ...OWN_REPLIES,
  ...BROKEN,
  ...TCP,
  ...ENCRYPTED,
  ...H2,
  ...TUNNEL,
]

export function scenario(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}
