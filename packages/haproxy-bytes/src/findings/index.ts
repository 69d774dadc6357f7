export { warningText } from './text.ts'
export { type FieldValue, WARNING_CODES, type Warning, type WarningCode } from './warning.ts'
