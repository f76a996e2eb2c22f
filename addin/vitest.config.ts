import { defineConfig } from "vitest/config";

// Apart from vite.config.ts, whose root is src/.
export default defineConfig({
  test: { include: ["tests/**/*.test.ts"], setupFiles: ["tests/setup.ts"], testTimeout: 30_000 },
});
