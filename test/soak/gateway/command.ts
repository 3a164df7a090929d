// `npm run soak -- gateway [--minutes 60] [--seed N] [--without KIND …] [--json FILE]`. Exit 1 when anything was wrong.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { linesOf } from './outcome.ts';
import { gatewayKinds } from './plan.ts';
import { soakGateway } from './soak.ts';

const USAGE = 'npm run soak -- gateway [--minutes 60] [--seed N] [--without KIND …] [--json FILE]';
const CAN_RUN = join(import.meta.dirname, '../../rig/can-run');

const options = {
  minutes: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  without: { type: 'string', multiple: true, default: [] as string[] },
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
  if (json) copyFileSync(join(out, 'outcome.json'), json);
  rmSync(out, { recursive: true });
  return status ?? 1;
}

export async function soakOfGateway(args: readonly string[]): Promise<number> {
  const values = read(args);
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  const without = gatewayKinds.filter((kind) => values.without.includes(kind));
  if (!(minutes > 0) || !Number.isInteger(seed) || without.length !== values.without.length) usage();
  if (!process.env.CAN_RIG) return inItsOwnMachine(args, values.json);
  const outcome = await soakGateway({ seed, seconds: minutes * 60, without, say: console.log });
  for (const line of linesOf(outcome)) console.log(line);
  const { OUT } = process.env;
  if (OUT) writeFileSync(join(OUT, 'outcome.json'), `${JSON.stringify(outcome, null, 2)}\n`);
  return outcome.violations.length > 0 ? 1 : 0;
}
