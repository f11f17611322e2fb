import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'server/**/*.test.ts',
      'test/**/*.test.ts',
      'scenarios/**/*.test.ts',
      'demo/**/*.test.ts',
      'playbooks/**/*.test.ts',
      'console/**/*.test.ts',
    ],
    globalSetup: ['test/setup.ts'],
    // Two cores and real databases: more workers only wait for each other.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
