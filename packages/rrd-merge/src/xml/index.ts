export { readXml, XmlReader } from './read.ts'
export { type WriteXmlOptions, writeXml } from './write.ts'
export type { Zone, ZonePeriod } from './zone/types.ts'
