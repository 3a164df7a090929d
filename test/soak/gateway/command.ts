// `npm run soak -- gateway [--minutes 60] [--seed N] [--without KIND …] [--json FILE]` in real time, with `--accelerated [--hours 10]`
// on a hand-cranked clock. Exit 1 when anything was wrong.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { soakAccelerated } from './accelerated.ts';
import { linesOf } from './outcome.ts';
import { gatewayKinds } from './plan.ts';
import { soakGateway } from './soak.ts';

const USAGE =
  'npm run soak -- gateway [--minutes 60] [--seed N] [--without KIND …] [--json FILE], or gateway --accelerated [--hours 10] [--seed N] [--json FILE]';
const CAN_RUN = join(import.meta.dirname, '../../rig/can-run');

const options = {
  minutes: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  without: { type: 'string', multiple: true, default: [] as string[] },
  accelerated: { type: 'boolean', default: false },
  hours: { type: 'string', default: '10' },
  json: { type: 'string' },
} as const;

function usage(): never {
  console.error(USAGE);
  process.exit(2);
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch {
    return usage();
  }
}

/** In a machine of its own, whose only folder that stays is `$OUT`. */
function inItsOwnMachine(args: readonly string[], json: string | undefined): number {
  const out = mkdtempSync(join(tmpdir(), 'soak-out-'));
  const command = [process.execPath, join(import.meta.dirname, '../soak.ts'), 'gateway', ...args];
  const { status } = spawnSync(CAN_RUN, ['--mem', '1500M', '--out', out, '--', ...command], {
    stdio: 'inherit',
  });
  const outcome = join(out, 'outcome.json');
  if (json && existsSync(outcome)) copyFileSync(outcome, json);
  rmSync(out, { recursive: true });
  return status ?? 1;
}

function accelerated(seed: number, hours: number, json: string | undefined): number {
  const outcome = soakAccelerated(seed, hours);
  const { violations, ...summary } = outcome;
  for (const line of violations.slice(0, 100)) console.log(line);
  console.log(JSON.stringify(summary, null, 2));
  console.log(`${violations.length} violations`);
  if (json) writeFileSync(json, `${JSON.stringify(outcome, null, 2)}\n`);
  return violations.length > 0 ? 1 : 0;
}

export async function soakOfGateway(args: readonly string[]): Promise<number> {
  const values = read(args);
  const [minutes, hours, seed] = [values.minutes, values.hours, values.seed].map(Number);
  const without = gatewayKinds.filter((kind) => values.without.includes(kind));
  if (
    !minutes ||
    !hours ||
    seed === undefined ||
    !Number.isInteger(seed) ||
    without.length !== values.without.length
  )
    usage();
  if (values.accelerated) return accelerated(seed, hours, values.json);
  if (!process.env.CAN_RIG) return inItsOwnMachine(args, values.json);
  const outcome = await soakGateway({ seed, seconds: minutes * 60, without, say: console.log });
  for (const line of linesOf(outcome)) console.log(line);
  const { OUT } = process.env;
  if (OUT) writeFileSync(join(OUT, 'outcome.json'), `${JSON.stringify(outcome, null, 2)}\n`);
  return outcome.violations.length > 0 ? 1 : 0;
}
