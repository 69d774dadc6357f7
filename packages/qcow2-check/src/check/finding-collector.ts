import { FINDINGS, type Finding, type FindingCode, type GuestRange, type Remedy } from '../findings/index.ts'

export interface FindingMore {
  readonly guest?: GuestRange
  readonly snapshot?: string | undefined
  readonly repair?: Remedy
}

const NO_REMEDY: Remedy = { class: 'none', safe: false, lossy: false }

/** Keeps the first findings and counts the rest. */
export class FindingCollector {
  readonly #most: number
  readonly #onFinding: ((finding: Finding) => void) | undefined
  readonly #list: Finding[] = []
  /** At least so many more there are. */
  omitted = 0

  constructor(most: number, onFinding?: (finding: Finding) => void) {
    this.#most = most
    this.#onFinding = onFinding
  }

  get full(): boolean {
    return this.#list.length >= this.#most
  }

  /** @param offset and length: bytes of the file */
  add(
    code: FindingCode,
    offset: number,
    length: number,
    fields: Finding['fields'],
    more: FindingMore = {},
  ): void {
    if (this.full) {
      this.omitted++
      return
    }
    this.take({
      code,
      severity: FINDINGS[code],
      offset,
      length,
      ...(more.guest !== undefined && { guest: more.guest }),
      ...(more.snapshot !== undefined && { snapshot: more.snapshot }),
      repair: more.repair ?? NO_REMEDY,
      fields,
    })
  }

  take(finding: Finding): void {
    this.#list.push(finding)
    this.#onFinding?.(finding)
  }

  has(code: FindingCode): boolean {
    return this.#list.some((finding) => finding.code === code)
  }

  /** In the order of the file. */
  sorted(): Finding[] {
    return [...this.#list].sort((a, b) => a.offset - b.offset)
  }
}
