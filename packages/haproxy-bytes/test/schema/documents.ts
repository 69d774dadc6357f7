import { documentsBy } from '../../../../tooling/checks/documents/documents.ts'

export type { Document } from '../../../../tooling/checks/documents/documents.ts'

export const { SCHEMAS, faultsOf, documentsOf } = documentsBy(new URL('../../schema/', import.meta.url))
