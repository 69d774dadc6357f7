/** Something the operator should know that stopped nothing. Each code has a section in docs/. */
export interface Warning {
  readonly code: string
  readonly message: string
  readonly [field: string]: unknown
}
