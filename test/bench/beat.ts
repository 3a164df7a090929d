// How punctual the beat is, alone and beside a busy process, next to a plain `setInterval` and the periodic sender of
// python3-can. Where there is no vcan0 the rig's user-mode Linux has one; where that is missing, the bus is in memory, which
// measures our timing alone.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUSY, whileBusy } from './load.ts';
import { type Part, type Row, spreadOf } from './row.ts';
import { EVERY_MS, isOnWire, type Sender, senders, turn } from './senders.ts';

const PART = 'CAN beat';
/** The senders take turns, so that a noisy neighbour of this machine troubles them alike. */
const TURNS = 5;
const BEATS = 60;

const lengthOf = (atMs: readonly number[]): number => (atMs.at(-1) ?? 0) - (atMs[0] ?? 0);

/** How far each period was off, and what the rhythm lost or gained in a turn at worst. */
function rowOf(
  what: string,
  load: string | undefined,
  turns: readonly (readonly number[])[],
  mostMs: number,
): Row {
  const off = turns.flatMap((atMs) => atMs.slice(1).map((at, i) => Math.abs(at - (atMs[i] ?? 0) - EVERY_MS)));
  const drift = Math.max(...turns.map((atMs) => Math.abs(lengthOf(atMs) - (atMs.length - 1) * EVERY_MS)));
  const spread = spreadOf(off);
  return {
    part: PART,
    what: `${what}, ${isOnWire ? 'SocketCAN' : 'bus in memory'}, off by`,
    ...(load !== undefined && { load }),
    unit: 'ms',
    ...spread,
    ...(what === 'bmsgate' && { budget: `p99 ≤ ${mostMs}`, isMet: spread.p99 <= mostMs }),
    note: `drift ${drift.toFixed(2)} ms in ${((EVERY_MS * (turns[0]?.length ?? 0)) / 1000).toFixed(1)} s at worst`,
  };
}

async function measure(isQuick: boolean, load: string | undefined, mostMs: number): Promise<Row[]> {
  const turns = new Map<string, number[][]>(senders.map(([who]) => [who, []]));
  const one = async ([who, sender]: readonly [string, Sender]) =>
    turns.get(who)?.push(await turn(sender, isQuick ? BEATS / 3 : BEATS));
  for (let i = 0; i < (isQuick ? 1 : TURNS); i++) for (const sender of senders) await one(sender);
  return [...turns].map(([who, taken]) => rowOf(who, load, taken, mostMs));
}

const RIG = join(import.meta.dirname, '..', 'rig', 'can-run');

/** This very part inside user-mode Linux; undefined when it does not come back with figures. */
function inRig(isQuick: boolean): Row[] | undefined {
  const out = mkdtempSync(join(tmpdir(), 'bmsgate-beat-'));
  const bench = [process.execPath, join(import.meta.dirname, 'bench.ts'), '--only', 'can'];
  const command = [...bench, ...(isQuick ? ['--quick'] : []), '--json'];
  try {
    const inside = `exec ${command.map((word) => `'${word}'`).join(' ')} "$OUT/run.json"`;
    execFileSync(RIG, ['--out', out, '--', 'bash', '-c', inside], { stdio: ['ignore', 'ignore', 'inherit'] });
    const { rows } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    return rows;
  } catch {
    return undefined;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const noRig = (): string | undefined =>
  ['/usr/bin/linux.uml', '/usr/bin/candump', '/usr/sbin/ip'].every(existsSync)
    ? undefined
    : 'apt-get install user-mode-linux iproute2 kmod can-utils python3-can';

export const can: Part = async function* ({ isQuick, say }) {
  say('CAN beat');
  const why = isOnWire ? undefined : noRig();
  const rows = isOnWire || why ? undefined : inRig(isQuick);
  if (rows) return yield* rows;
  if (!isOnWire)
    yield { part: PART, what: 'on SocketCAN', missing: why ?? 'user-mode Linux did not run here' };
  yield* await measure(isQuick, undefined, 2);
  yield* await whileBusy(() => measure(isQuick, BUSY, 5));
};
