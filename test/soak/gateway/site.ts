// A site of its own for a soak: packs on the virtual air, a PTY, a CAN interface of the kernel, a small disk, and the gateway between.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { randomFrom } from '../../bms/noise.ts';
import { type Broker, noMosquitto, startBroker } from '../../mqtt/mosquitto.ts';
import { virtualAir } from '../airs.ts';
import { LOOK_MS, type Stillness, stillness } from '../stillness.ts';
import { type SoakUnit, soakUnit } from '../unit.ts';
import { listenOn } from './bus.ts';
import type { Site } from './hands.ts';
import { type KeptGateway, keptGateway } from './kept.ts';
import { type Master, master } from './master.ts';
import { openPty } from './pty.ts';
import { configOf, MOST } from './site-file.ts';
import { tells } from './told.ts';
import { type Watch, watch } from './watch.ts';

/** systemd's second, and what a start may take on a slow board. */
const RESTART_MS = 12_000;
/** Answers are due within 100 ms, and a shorter stall than this is not seen. */
const CLOCK_MS = 20;
const CAN = 'vcan0';

/** A small disk of its own for state and logs, to be filled and to be made read-only. */
function smallDisk(folder: string): string {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'soak', disk]);
  for (const name of ['state', 'log']) mkdirSync(join(disk, name));
  return disk;
}

export interface SiteOptions {
  readonly seed: number;
  readonly units: number;
  readonly startMs: number;
  readonly fail: (sentence: string) => void;
}

export interface BuiltSite {
  readonly site: Site;
  readonly seen: Watch;
  readonly still: Stillness;
  /** Before anything is taken apart: what it then does is no fault. */
  readonly stopLooking: () => void;
  readonly close: () => Promise<void>;
}

interface Place {
  readonly folder: string;
  readonly disk: string;
  readonly airDir: string;
  readonly broker: Broker | undefined;
}

function started({ folder, disk, airDir, broker }: Place, o: SiteOptions, ended: () => void): KeptGateway {
  const config = join(folder, 'gateway.yaml');
  const [log, history] = [join(disk, 'log'), join(disk, 'state', 'history.db')];
  writeFileSync(
    config,
    configOf({ units: o.units, line: join(folder, 'line'), can: CAN, log, history, broker: broker?.port }),
  );
  return keptGateway({
    config,
    folder,
    env: {
      NODE_OPTIONS: `--require ${join(import.meta.dirname, '../../rig/hci-unix.js')}`,
      HCI_UNIX_DIR: airDir,
      RUNTIME_DIRECTORY: join(folder, 'run'),
      STATE_DIRECTORY: join(disk, 'state'),
    },
    fail: o.fail,
    ended,
  });
}

/** Looks at the clock, and less often at what came. */
function looking(still: Stillness, seen: Watch, pids: () => readonly (number | undefined)[]): () => void {
  const timers = [
    setInterval(() => still.look(monotonicMs(), ...pids()), CLOCK_MS),
    setInterval(seen.look, LOOK_MS),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

export async function buildSite(o: SiteOptions): Promise<BuiltSite> {
  const { fail } = o;
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const disk = smallDisk(folder);
  const units: SoakUnit[] = Array.from({ length: o.units }, (_, i) => soakUnit(i + 1, tells));
  const air = await virtualAir(units);
  const pty = await openPty(join(folder, 'line'), (bytes) => asking.hear(bytes));
  const still = stillness(o.startMs, CLOCK_MS);
  const seen = watch({
    units,
    most: MOST,
    clock: monotonicMs,
    restartMs: RESTART_MS,
    stillness: still,
    fail,
  });
  const { lineExcuses, canExcuses } = seen;
  const canEar = listenOn(CAN, seen.frame);
  const endBroker: (() => Promise<void>)[] = [];
  const broker = noMosquitto
    ? undefined
    : await startBroker({ onTestFinished: (end) => void endBroker.push(end) });
  const gateway = started({ folder, disk, airDir: air.dir ?? '', broker }, o, () => {
    seen.restarted();
    asking.restarted();
  });
  const asking: Master = master({
    ...{ say: pty.say, random: randomFrom(o.seed), stillness: still, excuses: lineExcuses, fail },
    onRegisters: seen.registers,
  });
  const close = async () => {
    canEar.close();
    await gateway.stop();
    for (const end of endBroker) await end();
    pty.close();
    air.close();
  };
  const site: Site = {
    ...{
      air: air.hand,
      units,
      gateway,
      master: asking,
      pty,
      can: CAN,
      canEar,
      disk,
      broker,
      lineExcuses,
      canExcuses,
    },
  };
  return { site, seen, still, stopLooking: looking(still, seen, () => [gateway.pid(), pty.pid()]), close };
}
