import { hostArchitecture } from '../format/architecture.ts'
import type { RrdDescription } from '../format/description.ts'
import { RrdError } from '../format/error.ts'
import { encodeRpn, parseRpn } from '../format/rpn.ts'
import type { Architecture, Version } from '../format/types.ts'
import { Univals } from '../format/univals.ts'
import { archiveScope } from './archive-scope.ts'
import { type DataSourceDraft, dataSourceScope } from './data-source-scope.ts'
import { type Place, type Scope, type Values, xmlError } from './scope.ts'

/** Versions 1 and 2 come back as 3, as from `rrdtool restore`. */
const parseVersion = (text: string, values: Values): Version => {
  const version = /^0{0,3}[1-9]\d{0,3}$/.test(text) ? Number(text) : 0
  if (version === 0) values.fail(`${JSON.stringify(text)} is no RRD version`)
  if (version > 5) {
    throw new RrdError('EVERSION', `unsupported RRD version ${JSON.stringify(text)}: 0001 to 0005 are known`)
  }
  return Math.max(3, version) as Version
}

/** <rrd> and what it says, once it has ended. */
export class DocumentScope implements Scope {
  private readonly values: Values
  private readonly place: () => Place
  private readonly drafts: DataSourceDraft[] = []
  private readonly archives: RrdDescription['archives'] = []
  private version: Version | undefined
  private step: number | undefined
  private lastUpdate: number | undefined

  constructor(values: Values, place: () => Place) {
    this.values = values
    this.place = place
  }

  readonly child = (name: string): Scope | undefined => {
    switch (name) {
      case 'version':
        return {
          text: (text) => {
            this.version = parseVersion(text, this.values)
          },
        }
      case 'step':
        return this.values.whole(1, (step) => {
          this.step = step
        })
      case 'lastupdate':
        return this.values.whole(0, (time) => {
          this.lastUpdate = time
        })
      case 'ds':
        if (this.archives.length > 0) this.values.fail('<ds> after <rra>')
        return dataSourceScope(this.values, this.place, (draft) => this.drafts.push(draft))
      case 'rra':
        if (this.drafts.length === 0) this.values.fail('<rra> before any <ds>')
        return archiveScope(this.values, this.drafts.length, (archive) => this.archives.push(archive))
      default:
        return undefined
    }
  }

  readonly close = (): void => {
    if (this.version === undefined) this.values.fail('<rrd> without <version>')
    if (this.step === undefined) this.values.fail('<rrd> without <step>')
    if (this.lastUpdate === undefined) this.values.fail('<rrd> without <lastupdate>')
    if (this.archives.length === 0) this.values.fail('<rrd> without <rra>')
    const names = this.drafts.map((draft) => draft.description.name)
    for (const { description, expression } of this.drafts) {
      if (!expression || description.type !== 'COMPUTE') continue
      try {
        description.parameters = encodeRpn(parseRpn(expression.text, names))
      } catch (error) {
        if (!(error instanceof RrdError)) throw error
        throw xmlError(expression.place, error.message, error.remedy)
      }
    }
  }

  /** Only after `close`. */
  description(architecture: Architecture = hostArchitecture()): RrdDescription {
    return {
      architecture,
      version: this.version as Version,
      step: this.step as number,
      lastUpdate: this.lastUpdate as number,
      lastUpdateUsec: 0,
      parameters: new Univals(),
      dataSources: this.drafts.map((draft) => draft.description),
      archives: this.archives,
    }
  }
}
