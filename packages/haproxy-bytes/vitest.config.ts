import { vitestPreset } from '../../tooling/build/vitest.ts'

export default vitestPreset
