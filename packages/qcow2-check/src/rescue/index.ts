export type { LossRecord, LossStatus } from './lost-map.ts'
export type {
  RescuedDisk,
  RescueFormat,
  RescueOptions,
  RescueProgress,
  RescueResult,
} from './options.ts'
export { rescue } from './rescue.ts'
