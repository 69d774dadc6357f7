/** One line of a configuration that isn't empty. */
export interface Directive {
  /** From 1. */
  readonly line: number
  readonly words: readonly string[]
}

/** `frontend NAME`, and what is below it. */
export interface Section {
  /** `global`, `defaults`, `frontend`, `backend`, `listen`, `cache`, `peers`... */
  readonly kind: string
  readonly name?: string
  /** `from NAME`: which defaults it takes (2.4 and later). */
  readonly from?: string
  readonly line: number
  readonly directives: readonly Directive[]
}

export type ConfigProblemCode = 'tokens' | 'before-section' | 'unknown-defaults' | 'condition'

/** A line of a configuration that could not be read. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode
  readonly line: number
  readonly text: string
}

/** A frontend, backend or listen section with all that it inherits. */
export interface ProxySection {
  readonly kind: 'frontend' | 'backend' | 'listen'
  readonly name: string
  readonly line: number
  readonly mode: 'http' | 'tcp' | string
  /** Those of its defaults first, then its own: for most keywords the last word counts. */
  readonly directives: readonly Directive[]
  /** Its own alone. */
  readonly own: readonly Directive[]
}

/** A haproxy.cfg, read. */
export interface Config {
  readonly sections: readonly Section[]
  readonly proxies: readonly ProxySection[]
  readonly global: readonly Directive[]
  /** What could not be read; HAProxy itself may refuse it. */
  readonly problems: readonly ConfigProblem[]
}
