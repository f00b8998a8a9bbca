import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two shared cores: more workers than that only make the slow tests slower.
    maxWorkers: 2,
  },
});
