// What each fault does to the site, and what it takes back at its end. Root of a machine of its own: the clock, the interface and
// the disk are real.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs } from '../../../src/model/freshness.ts';
import type { Broker } from '../../mqtt/mosquitto.ts';
import type { AirHand } from '../airs.ts';
import type { SoakUnit } from '../unit.ts';
import { type CanEar, flood, sayOn } from './bus.ts';
import type { Excuses } from './excuses.ts';
import type { KeptGateway } from './kept.ts';
import type { Master } from './master.ts';
import type { GatewayFault, GatewayKind } from './plan.ts';
import type { Pty } from './pty.ts';

export interface Site {
  readonly air: AirHand;
  readonly units: readonly SoakUnit[];
  readonly gateway: KeptGateway;
  readonly master: Master;
  readonly pty: Pty;
  readonly can: string;
  readonly canEar: CanEar;
  readonly disk: string;
  /** Absent where mosquitto is not installed. */
  readonly broker: Broker | undefined;
  readonly lineExcuses: Excuses;
  readonly canExcuses: Excuses;
}

/** After these a unit must be found or asked again. */
export const hindering: readonly GatewayKind[] = [
  'drop',
  'hide',
  'silent',
  'dark',
  'earWedge',
  'earKill',
  'wiresKill',
];

type End = () => void;
const nothing: End = () => {};

/** After the loss of its port it tries so much later to open it again (1, 2, 5 and 10 s apart), which may itself take a while. */
const ATTEMPTS_MS: readonly number[] = [1000, 3000, 8000, 18_000];
const OPENED_MS = 1500;
/** A beat after it is up again, and one for the look that tells that it is. */
const CAN_UP_MS = 2500;

const aheadMs = Date.now() - monotonicMs();
/** An hour on, an hour back, as a board without a battery starts, and right again. */
const WALL_CLOCK: readonly (() => string)[] = [
  () => `@${Math.round(Date.now() / 1000) + 3600}`,
  () => `@${Math.round(Date.now() / 1000) - 3600}`,
  () => '1975-01-01 00:00:00',
  () => `@${Math.round((monotonicMs() + aheadMs) / 1000)}`,
];

const ip = (...args: readonly string[]) => execFileSync('ip', ['link', 'set', ...args]);
const remount = ({ disk }: Site, how: 'ro' | 'rw') => {
  for (let tries = 0; tries < 20; tries++)
    try {
      return void execFileSync('mount', ['-o', `remount,${how}`, disk], { stdio: 'ignore' });
    } catch {} // a file is just being written
};

/** As much as goes in; ENOSPC is what is wanted. */
function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(64 << 20));
  } catch {}
}

/** The disk may be read-only at this moment. */
function removed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    setTimeout(removed, 200, path);
  }
}

function signalled(pid: number | undefined): End {
  if (pid === undefined) return nothing; // it is being replaced at this moment
  process.kill(pid, 'SIGSTOP');
  return () => {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {} // it was killed for its silence
  };
}

const killed = (pid: number | undefined): End => {
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  return nothing;
};

const onLine =
  (kind: 'noise' | 'half' | 'chunks' | 'foreign' | 'damage') =>
  ({ master }: Site): End =>
    master.begin(kind);

const acts: Readonly<Record<GatewayKind, (site: Site, fault: GatewayFault) => End>> = {
  drop: ({ air }, { unit }) => {
    air.drop(unit);
    return nothing;
  },
  hide: ({ air }, { unit }) => {
    air.hide(unit);
    return () => air.show(unit);
  },
  silent: ({ units }, { unit }) => {
    units[unit - 1]?.silence(true);
    return () => units[unit - 1]?.silence(false);
  },
  bend: ({ units }, { unit, value }) => {
    units[unit - 1]?.bendNext(1 + (value % 5), value);
    return nothing;
  },
  delay: ({ air }, { value }) => {
    air.delay = value;
    return () => {
      air.delay = 0;
    };
  },
  dark: ({ air, units }) => {
    for (const { n } of units) air.hide(n);
    return () => {
      for (const { n } of units) air.show(n);
    };
  },
  earStop: ({ gateway }) => signalled(gateway.child('ear')),
  earWedge: ({ gateway }) => signalled(gateway.child('ear')),
  earKill: ({ gateway }) => killed(gateway.child('ear')),
  officeKill: ({ gateway }) => killed(gateway.child('office')),
  wiresKill: ({ gateway }) => {
    gateway.kill();
    return nothing;
  },
  noise: onLine('noise'),
  half: onLine('half'),
  chunks: onLine('chunks'),
  foreign: onLine('foreign'),
  damage: onLine('damage'),
  unplug: ({ pty, lineExcuses }) => {
    const lostMs = monotonicMs();
    const end = lineExcuses.begin(lostMs, OPENED_MS);
    pty.pullOut();
    return () =>
      void pty.plugIn().then(() => {
        const next = ATTEMPTS_MS.find((ms) => lostMs + ms > monotonicMs()) ?? 0;
        end(Math.max(monotonicMs(), lostMs + next));
      });
  },
  canDown: ({ can, canExcuses }) => {
    const end = canExcuses.begin(monotonicMs(), CAN_UP_MS);
    ip(can, 'down');
    return () => {
      ip(can, 'up');
      end(monotonicMs());
    };
  },
  canFlood: ({ can }) => flood(can),
  canErrors: ({ can }) => {
    sayOn(can, '20000004#0020000000008000', '20000040#0000000000000000', '20000100#0000000000000000');
    return nothing;
  },
  clock: ({ canEar }, { value }) => {
    const to = WALL_CLOCK[value % WALL_CLOCK.length]?.() ?? '@0';
    canEar.step(() => execFileSync('date', ['-s', to], { stdio: 'ignore' }));
    return nothing;
  },
  diskFull: ({ disk }) => {
    const path = join(disk, 'full');
    fill(path);
    return () => removed(path);
  },
  diskReadOnly: (site) => {
    remount(site, 'ro');
    return () => remount(site, 'rw');
  },
  logBlocked: ({ gateway }) => gateway.blockLog(),
  brokerStop: ({ broker }) => {
    broker?.signal('SIGSTOP');
    return () => broker?.signal('SIGCONT');
  },
  brokerKill: ({ broker }) => {
    // One that stands still is ended only when it goes on.
    broker?.signal('SIGCONT');
    const ended = broker?.stop();
    return () => void ended?.then(broker?.start);
  },
};

/** Lets a fault happen; the result ends it. */
export const commit = (site: Site, fault: GatewayFault): End => acts[fault.kind](site, fault);
