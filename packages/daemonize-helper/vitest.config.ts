import { vitestPreset } from '../../tooling/build/vitest.ts'

export default {
  ...vitestPreset,
  test: { ...vitestPreset.test, globalSetup: ['test/packed-cli.ts'] },
}
