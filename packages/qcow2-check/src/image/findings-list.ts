import { FINDINGS, type Finding, type FindingCode, type Remedy } from '../findings/index.ts'

export const FIX_HEADER: Remedy = { class: 'fix-header', safe: true, lossy: false }
export const FIX_FLAGS: Remedy = { class: 'fix-flags', safe: true, lossy: false }
export const RESTORE_SNAPSHOTS: Remedy = { class: 'restore-snapshots', safe: true, lossy: false }
export const DROP_SNAPSHOT: Remedy = { class: 'drop-snapshot', safe: false, lossy: true }
export const IGNORE_BITMAPS: Remedy = { class: 'ignore-bitmaps', safe: true, lossy: true }
export const CLEAR_RESERVED: Remedy = { class: 'clear-reserved', safe: false, lossy: false }
export const NO_REMEDY: Remedy = { class: 'none', safe: false, lossy: false }

/** What was found while an image was opened. */
export class FindingsList {
  readonly #list: Finding[] = []

  get all(): readonly Finding[] {
    return this.#list
  }

  /** @param range bytes of the file */
  add(
    code: FindingCode,
    range: { readonly offset: number; readonly length: number },
    fields: Finding['fields'] = {},
    more: { readonly repair?: Remedy; readonly snapshot?: string } = {},
  ): void {
    this.#list.push({
      code,
      severity: FINDINGS[code],
      offset: range.offset,
      length: range.length,
      ...(more.snapshot !== undefined && { snapshot: more.snapshot }),
      repair: more.repair ?? NO_REMEDY,
      fields,
    })
  }
}
