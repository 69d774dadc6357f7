import type { ViteUserConfig } from 'vitest/config'

/** The one vitest configuration: real programs are slow to start, so a test has a minute. */
export const vitestPreset = {
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
} satisfies ViteUserConfig
