import { type Config, NO_FACTS, type ProxyFacts, type ProxySection, wireFacts } from '../config/index.ts'

/** What a configuration says of a pair of proxies, looked up once each. */
export class FactsOf {
  readonly #proxies: ReadonlyMap<string, ProxySection>
  readonly #pairs = new Map<string, ProxyFacts>()

  constructor(config: Config | undefined) {
    const accepting = (config?.proxies ?? []).filter(({ kind }) => kind !== 'backend')
    const backends = (config?.proxies ?? []).filter(({ kind }) => kind !== 'frontend')
    this.#proxies = new Map([
      ...accepting.map((proxy) => [`frontend ${proxy.name}`, proxy] as const),
      ...backends.map((proxy) => [`backend ${proxy.name}`, proxy] as const),
    ])
  }

  /** Those that hold without a configuration where it doesn't have the frontend. */
  pair(frontend: string | undefined, backend: string | undefined): ProxyFacts {
    const key = `${frontend} ${backend}`
    let facts = this.#pairs.get(key)
    if (facts === undefined) {
      const front = this.#proxies.get(`frontend ${frontend}`)
      const back = this.#proxies.get(`backend ${backend}`)
      // Without a server the backend is that of the frontend's name.
      const isKnown = back !== undefined || backend === undefined || backend === frontend
      facts = front && isKnown ? wireFacts(front, back) : NO_FACTS
      this.#pairs.set(key, facts)
    }
    return facts
  }

  /** `no option http-use-htx` or the like anywhere: it holds for all of a process's lines alike, as a rule. */
  get htx(): boolean | undefined {
    for (const name of this.#proxies.keys()) {
      const [kind, proxy] = name.split(' ', 2)
      const htx = kind === 'frontend' ? this.pair(proxy, undefined).htx : undefined
      if (htx !== undefined) return htx
    }
    return undefined
  }
}
