import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['__tests__/**/*.test.ts'],
    globalSetup: ['__tests__/temp.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    // It imports JSON in a way that Node.js refuses.
    server: { deps: { inline: ['@actions/workflow-parser'] } },
  },
})
