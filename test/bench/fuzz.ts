// Ten million bytes of noise for each way of talking: `npm run fuzz [-- BYTES [SEED]]` prints one line each, exit 1 when a decoder
// throws, keeps too much or gives a number that is none.
import { readdirSync } from 'node:fs';
import { drivers } from '../../src/bms/drivers.ts';
import { captured } from '../bms/captures.ts';
import { dialectsOf, tellNoise } from '../bms/noise.ts';

const [bytes = 10_000_000, seed = 1] = process.argv.slice(2).map(Number);
const folder = new URL('../captures/', import.meta.url);
const MOST_REST = 512;

for (const [name, driver, dialect] of dialectsOf(drivers)) {
  const files = readdirSync(new URL(`${driver.id}/`, folder));
  const pieces = files.flatMap((file) =>
    captured(`${driver.id}/${file.replace(/\.txt$/, '')}`).entries.flatMap((entry) =>
      entry.from === 'battery' ? [entry.bytes] : [],
    ),
  );
  const startedMs = performance.now();
  const survived = tellNoise(dialect, pieces, bytes, seed);
  const seconds = (performance.now() - startedMs) / 1000;
  const isWell = survived.unreal === 0 && survived.longestRest <= MOST_REST;
  if (!isWell) process.exitCode = 1;
  console.log(
    `${name.padEnd(20)} ${survived.bytes} bytes, seed ${seed}: ${isWell ? 'no exception' : 'FAILED'}, ${survived.parts} whole answers, ` +
      `longest rest ${survived.longestRest}, ${survived.unreal} unreal numbers, ${seconds.toFixed(1)} s`,
  );
}
