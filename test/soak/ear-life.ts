// What an ear holds while it lives: open files and memory, and whether they grow.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { medianOf } from './spread.ts';

/** Younger ears are still loading and connecting. */
const SETTLED_MS = 30_000;
/** Fewer readings in a third say nothing of a trend. */
const LEAST_READINGS = 9;

export interface Reading {
  readonly ageMs: number;
  /** Number and what is open there, but for the sockets of links. */
  readonly files: readonly string[];
  /** On the kernel's own adapters @stoprocent opens a socket for each link, as the kernel wants it, and closes it with the link. */
  readonly linkSockets: number;
  readonly rssMb: number;
}

/** One ear from its start to its end: medians of the first and the last third of its settled life. */
export interface Life {
  readonly livedS: number;
  readonly handles?: readonly [first: number, last: number];
  readonly rssMb?: readonly [first: number, last: number];
}

/** What is closed while we look is not there. */
function perhaps<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** As /proc/PID/fd calls the L2CAP sockets of this machine (the sixth column of the kernel's list is their inode). */
function l2capSockets(): ReadonlySet<string> {
  const list = '/proc/net/l2cap';
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n').slice(1) : [];
  return new Set(lines.map((line) => `socket:[${line.trim().split(/\s+/)[5]}]`));
}

const openOf = (process: number | 'self') => {
  const folder = `/proc/${process}/fd`;
  return readdirSync(folder).map((fd) => [fd, perhaps(() => readlinkSync(`${folder}/${fd}`)) ?? ''] as const);
};

/** Sockets of the native parts of this process, which a child that is forked now inherits: they are none of its own. */
export const inheritable = (): ReadonlySet<string> =>
  new Set(openOf('self').flatMap(([, target]) => (target.startsWith('socket:') ? target : [])));

export function readingOf(pid: number, ageMs: number, inherited: ReadonlySet<string>): Reading | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const open = openOf(pid).filter(([, target]) => !inherited.has(target));
    const ofLinks = l2capSockets();
    const files = open.flatMap(([fd, target]) => (ofLinks.has(target) ? [] : `${fd} ${target}`));
    const rssMb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
    return { ageMs, files, linkSockets: open.length - files.length, rssMb };
  } catch {
    return undefined; // it has just ended
  }
}

const settledOf = (readings: readonly Reading[]) => readings.filter(({ ageMs }) => ageMs >= SETTLED_MS);

export function lifeOf(livedMs: number, readings: readonly Reading[]): Life {
  const settled = settledOf(readings);
  const third = Math.floor(settled.length / 3);
  const livedS = livedMs / 1000;
  if (third < LEAST_READINGS) return { livedS };
  const pair = (value: (reading: Reading) => number) =>
    [settled.slice(0, third), settled.slice(-third)].map((part) => medianOf(part.map(value)));
  const [[h0 = 0, h1 = 0], [m0 = 0, m1 = 0]] = [pair(({ files }) => files.length), pair((r) => r.rssMb)];
  return { livedS, handles: [h0, h1], rssMb: [m0, m1] };
}

/** What is open at the end and was not when the ear had settled. */
export function newFiles(readings: readonly Reading[]): string[] {
  const settled = settledOf(readings);
  const before = new Set(settled[0]?.files);
  return (settled.at(-1)?.files ?? []).filter((file) => !before.has(file));
}

/** What each thread of a process that is stuck does, and where in the kernel (root alone sees that). */
export function whereItIs(pid: number | undefined): string {
  const threads = perhaps(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  const told = threads.map((thread) => {
    const file = (name: string) =>
      perhaps(() => readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'utf8')) ?? '';
    const frames = [...file('stack').matchAll(/\] (\w+)/g)].map(([, name]) => name);
    return `${file('comm').trim()} ${/^State:\s+(\w)/m.exec(file('status'))?.[1]} (${frames.slice(0, 12).join(' < ')})`;
  });
  return told.join('; ') || 'it is gone';
}
