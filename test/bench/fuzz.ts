// Ten million bytes of noise for each way of talking: `npm run fuzz [-- BYTES [SEED]]` prints one line each, exit 1 when a decoder
// throws, keeps too much or gives a number that is none.
import { drivers } from '../../src/bms/drivers.ts';
import { dialectsOf, tellNoise, truePieces } from '../bms/noise.ts';

const [bytes = 10_000_000, seed = 1] = process.argv.slice(2).map(Number);
const MOST_REST = 512;

for (const [name, driver, dialect] of dialectsOf(drivers)) {
  const pieces = truePieces(driver);
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
