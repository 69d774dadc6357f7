import type { Config, ProxyFacts } from '../config/index.ts'
import {
  type Accounting,
  type Model,
  modelFor,
  Signatures,
  WIRE_FIELD_NAMES,
  type WireFields,
  wireFields,
} from '../model/index.ts'
import type { FieldTexts, Transfer } from '../transfer/index.ts'
import { FactsOf } from './facts-of.ts'
import { WireGroup } from './wire-group.ts'

export interface WireSettings {
  /** What is known of the version; without one the lines tell, where they do. */
  readonly version?: string | undefined
  readonly snapshotVersion?: string | undefined
  /** What %B counts, whatever the version. */
  readonly accounting?: Accounting | undefined
  readonly config?: Config | undefined
  /** False: what TLS costs is not asked for, and no client's port is remembered. */
  readonly tls?: boolean
}

/** Fields that a client can't put in another's place unnoticed; of a request's own words a wrong one does no harm. */
export const ASKED_FIELDS: readonly string[] = WIRE_FIELD_NAMES.filter(
  (name) => !['r', 'HM', 'HV'].includes(name),
)

/** Bytes on the wire by group, from lines. Until the lines tell which accounting they have, two are kept. */
export class WireTotals {
  readonly signatures = new Signatures()
  readonly #groups = new Map<string, WireGroup>()
  readonly #facts: FactsOf
  readonly #settings: WireSettings
  #models: readonly Model[]

  constructor(settings: WireSettings = {}) {
    this.#settings = settings
    this.#facts = new FactsOf(settings.config)
    const known = this.#model(settings.accounting)
    const isKnown =
      known.source === 'version' || known.source === 'snapshot' || settings.accounting !== undefined
    this.#models = isKnown ? [known] : [this.#model('htx'), this.#model('wire')]
  }

  /** @param fields of the line that was read last */
  add(group: string, transfer: Transfer, line: Uint8Array, fields: FieldTexts): void {
    const read = wireFields((name) => fields.fieldText(line, name))
    this.addFields(group, transfer, read)
  }

  addFields(name: string, transfer: Transfer, fields: WireFields): void {
    this.signatures.observe(transfer, fields)
    if (this.#models.length > 1 && this.#showsHtx(fields)) this.#decide('htx')
    const facts = this.facts(transfer)
    const group = this.#group(name)
    group.observe(transfer, this.#settings.tls !== false && (transfer.tls ?? facts.tls === 'all'))
    for (const model of this.#models) group.add(model.accounting, model.wire(transfer, fields, facts))
  }

  facts({ frontend, backend }: Pick<Transfer, 'frontend' | 'backend'>): ProxyFacts {
    return this.#facts.pair(frontend, backend)
  }

  /** Puts groups together that get the same name: where names are of time, their number can be kept down. */
  regroup(rename: (name: string) => string): void {
    const groups = [...this.#groups]
    this.#groups.clear()
    for (const [name, group] of groups) this.#group(rename(name)).merge(group)
  }

  names(): string[] {
    return [...this.#groups.keys()]
  }

  /** All groups with these names together; all there are, without any. */
  group(names: readonly string[] = this.names()): WireGroup {
    const sum = new WireGroup()
    for (const name of names) {
      const group = this.#groups.get(name)
      if (group) sum.merge(group)
    }
    return sum
  }

  /** By which all figures are to be read. */
  get model(): Model {
    const [only, ...others] = this.#models
    if (only && others.length === 0) return only
    return this.#model(this.signatures.accounting === 'wire' ? 'wire' : undefined)
  }

  /** `res.hdrs` is there since 2.2. */
  #showsHtx({ rh0, rh1 }: WireFields): boolean {
    return (
      typeof rh0 === 'number' || typeof rh1 === 'number' || (this.signatures.accounting ?? 'wire') !== 'wire'
    )
  }

  #decide(accounting: Accounting): void {
    this.#models = this.#models.filter((model) => model.accounting === accounting)
  }

  #model(accounting: Accounting | undefined): Model {
    const { version, snapshotVersion } = this.#settings
    const { htx } = this.#facts
    return modelFor(version, {
      ...(snapshotVersion !== undefined && { snapshotVersion }),
      ...(accounting !== undefined && { accounting }),
      ...(htx !== undefined && { htx }),
    })
  }

  #group(name: string): WireGroup {
    let group = this.#groups.get(name)
    if (group === undefined) {
      group = new WireGroup()
      this.#groups.set(name, group)
    }
    return group
  }
}
