export { type Envelope, envelopeBefore, readEnvelope, type StampKind } from './envelope.ts'
