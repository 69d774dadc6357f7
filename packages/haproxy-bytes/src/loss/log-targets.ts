import { allOf, type Config, type Directive } from '../config/index.ts'

const targetsOf = (config: Config, directives: readonly Directive[]): readonly Directive[] => {
  const own = allOf(directives, 'log')
  return own.flatMap((directive) =>
    directive.words[1] === 'global' ? allOf(config.global, 'log') : [directive],
  )
}

/** Frontends that have no target which gets all of their lines (`log ... sample 1:10`). */
export function sampledFrontends(config: Config): ReadonlySet<string> {
  const sampled = config.proxies.filter(({ kind, directives }) => {
    const targets = targetsOf(config, directives)
    return kind !== 'backend' && targets.length > 0 && targets.every(({ words }) => words.includes('sample'))
  })
  return new Set(sampled.map(({ name }) => name))
}

/** To how many targets a line goes at most: HAProxy counts what it drops for each. */
export function logTargets(config: Config): number {
  const counts = config.proxies.map(({ directives }) => targetsOf(config, directives).length)
  return Math.max(1, ...counts)
}
