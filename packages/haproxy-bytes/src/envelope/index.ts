export { type Envelope, readEnvelope, type StampKind } from './envelope.ts'
