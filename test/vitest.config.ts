// How `npm test` runs everything at once. One file alone needs nothing of this: `npx vitest run test/bank/edges.test.ts`.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

const page = 'test/page/**/*.test.ts';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    // Twice the two cores of a small machine: most files wait most of their time.
    maxWorkers: 4,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { sequencer: LongestFirst },
    // A failure says what differed in its first line too, which is all that a summary repeats.
    chaiConfig: { truncateThreshold: 400 },
    // The same programs are started many hundred times.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'bmsgate-tests-compiled') },
    projects: [
      // Loaded by Node itself, as on the gateway: what Vite makes of an import costs a call at each use of it.
      {
        extends: true,
        test: {
          name: 'gateway',
          include: ['test/**/*.test.ts'],
          exclude: [page],
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      // Of JSX Node knows nothing.
      { extends: true, test: { name: 'page', include: [page] } },
    ],
  },
});
