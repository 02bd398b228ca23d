import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** The licences of what is bundled, as these ask: a file beside the page. */
function licences() {
  return Object.entries(JSON.parse(read("package.json")).dependencies)
    .map(([name, version]) => `${name} ${version}\n\n${read(`node_modules/${name}/LICENSE`).trim()}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

// The built page is committed and ships inside the Python package: users need no Node.
export default defineConfig({
  base: "./",
  plugins: [
    {
      name: "licences",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: "licences.txt", source: licences() });
      },
    },
  ],
  build: {
    outDir: "../page",
    // Libraries are a file of their own, which changes with their versions alone: a change of ours writes a small file anew.
    rollupOptions: {
      output: { manualChunks: (id) => (id.includes("node_modules") ? "libraries" : undefined) },
    },
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2000,
  },
  assetsInclude: ["**/*.vrm"], // tests read the default avatar
  // Nothing here is judged by the time that it takes on a busy machine.
  test: { include: ["tests/**/*.test.ts"], testTimeout: 60_000 },
});
