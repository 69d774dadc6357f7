export { type Stopped, stop } from './stop.ts'
