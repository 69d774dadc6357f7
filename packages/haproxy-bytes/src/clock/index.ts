export { LogClock } from './log-clock.ts'
export { readBsdStamp, readHaproxyDate, readIsoStamp, type WrittenTime } from './written-time.ts'
export { Zone } from './zone.ts'
