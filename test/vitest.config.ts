// How `npm test` runs everything at once. One file alone needs nothing of this: `npx vitest run test/bank/edges.test.ts`.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { APART, LongestFirst, TOGETHER } from './longest-first.ts';

const inRooms = (...rooms: readonly string[]): string[] => rooms.map((room) => `test/${room}.test.ts`);

const page = inRooms('page/**/*');

/** Rooms whose tests start nothing and leave nothing behind, so that many of them may share a process. */
const together = inRooms(
  ...[
    'bank',
    'blackbox',
    'bms',
    'bytes',
    'can',
    'config',
    'events',
    'history',
    'inverters',
    'model',
    'office',
  ]
    .concat('profile', 'wires')
    .map((room) => `${room}/**/*`),
  'ble/{command,forms,login,recover,recovery,replayed-stream,rest,rounds,session,slots,stall,streamed,turns,watch}',
  'modbus/{ascii,asked,conformance,conformance-stream,kostal,pdu,rtu,rtu-framing}',
);

/** Loaded by Node itself: what Vite makes of an import costs a call at each use of it. */
const asOnTheGateway = { experimental: { viteModuleRunner: false, nodeLoader: false } };

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
      {
        extends: true,
        test: {
          name: APART,
          include: ['test/**/*.test.ts'],
          exclude: [...together, ...page],
          ...asOnTheGateway,
        },
      },
      { extends: true, test: { name: TOGETHER, include: together, isolate: false, ...asOnTheGateway } },
      // Of JSX Node knows nothing.
      { extends: true, test: { name: 'page', include: page } },
    ],
  },
});
