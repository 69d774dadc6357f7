import { vitestPreset } from './build/vitest.ts'

export default vitestPreset
