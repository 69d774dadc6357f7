import type { ViteUserConfig } from 'vitest/config'

/**
 * The one vitest configuration. Real programs are slow to start, so a test has a minute. The report is an output
 * of the turbo task: a run that comes from the cache still brings its counts along.
 */
export const vitestPreset = {
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/vitest.json' },
  },
} satisfies ViteUserConfig
