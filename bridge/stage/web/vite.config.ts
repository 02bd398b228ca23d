import { defineConfig } from "vitest/config";

// The built page is committed and ships inside the Python package: users need no Node.
export default defineConfig({
  base: "./",
  build: {
    outDir: "../page",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2000,
  },
  test: { include: ["tests/**/*.test.ts"] },
});
