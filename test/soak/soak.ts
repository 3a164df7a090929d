// `npm run soak -- ble [--minutes 10] [--seed 1] [--stack stoprocent] [--units 8] [--without KIND] [--json FILE]`: hours of bad luck
// in minutes, on the virtual air or (--kernel, within `vm-run --ble N`) on the kernel's controllers. Exit 1 when anything was wrong.
// `npm run soak -- gateway …`: the whole gateway (gateway/command.ts).
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bleStacks } from '../../src/ble/orders.ts';
import { BROKEN_PROCESSOR } from '../rig/vm/emulation.mts';
import { soakBle } from './ble.ts';
import { linesOf } from './outcome.ts';
import { faultKinds } from './plan.ts';

const USAGE =
  'npm run soak -- ble [--minutes 10] [--seed N] [--stack stoprocent|abandonware] [--units 8] [--without KIND …] [--kernel] [--json FILE]';

const [what, ...rest] = process.argv.slice(2);
if (what === 'gateway') process.exit(await (await import('./gateway/command.ts')).soakOfGateway(rest));

function usage(): never {
  console.error(USAGE);
  process.exit(2);
}

const options = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  stack: { type: 'string', default: 'stoprocent' },
  units: { type: 'string', default: '8' },
  without: { type: 'string', multiple: true, default: [] as string[] },
  kernel: { type: 'boolean', default: false },
  json: { type: 'string' },
} as const;

function read() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch {
    return usage();
  }
}

const { values, positionals } = read();
const stack = bleStacks.find((name) => name === values.stack);
const [minutes, seed, units] = [values.minutes, values.seed, values.units].map(Number);
const without = faultKinds.filter((kind) => values.without.includes(kind));
const isSaidWell = positionals.join() === 'ble' && without.length === values.without.length;
if (!isSaidWell || !stack || !minutes || !units || seed === undefined || !Number.isInteger(seed)) usage();

const outcome = await soakBle({
  stack,
  seed,
  seconds: minutes * 60,
  units,
  without,
  isOnKernel: values.kernel,
  say: console.log,
});
for (const line of linesOf(outcome)) console.log(line);
if (values.json) writeFileSync(values.json, `${JSON.stringify(outcome, null, 2)}\n`);
// The sockets of the kernel's controllers would keep us.
if (outcome.isBroken) process.exit(BROKEN_PROCESSOR);
process.exit(outcome.violations.length > 0 ? 1 : 0);
