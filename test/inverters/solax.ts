import type { CanFrame } from '../../src/model/can-frame.ts';
import { NOTHING, type Say, type SimulatedInverter, type Trip } from './room.ts';

const POLL = 0x1871;
const EVERY_MS = 1000;
const LOST_AFTER_MS = 3500;
const DATA = [0x187e, 0x187a, 0x1872, 0x1873, 0x1874, 0x1875, 0x1876, 0x1877, 0x1878];
const ANNOUNCE = 0x100a001;
const ABOUT_TO_CONNECT = 0x1801;
const lengths = new Map([
  ...[...DATA, ABOUT_TO_CONNECT, 0x1881, 0x1882].map((id) => [id, 8] as const),
  [ANNOUNCE, 0],
]);

/** `searching` polls for anyone, `closing` has asked to connect, `connected` has seen the contactor close, `opening` wants it open. */
type Stage = 'searching' | 'closing' | 'connected' | 'opening';

/**
 * A SolaX hybrid with a Triple Power battery (CAN reference, section 9): polls once a second, asks a battery that announces
 * itself to connect, uses it only while its contactor is closed, and starts over when it does not answer.
 */
export function solaxInverter(say: Say) {
  const trips: Trip[] = [];
  const newest = new Map<number, Uint8Array>();
  const stages: Stage[] = ['searching'];
  let answer: number[] = [];
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let polledAtMs = Number.NEGATIVE_INFINITY;
  let silentUntilMs = Number.NEGATIVE_INFINITY;

  const trip = (atMs: number, why: string) => void trips.push({ atMs, why });
  const stage = () => stages.at(-1) ?? 'searching';
  const become = (next: Stage) => void (next !== stage() && stages.push(next));
  const byte = (id: number, at: number) => newest.get(id)?.[at] ?? 0;
  const unsigned = (id: number, at: number) => byte(id, at) + 256 * byte(id, at + 1);
  const signed = (id: number, at: number) => ((unsigned(id, at) + 0x8000) % 0x10000) - 0x8000;
  const long = (id: number, at: number) => unsigned(id, at) + 65_536 * unsigned(id, at + 2);
  const isClosed = () => byte(0x1875, 4) === 1;
  const volts = () => unsigned(0x1873, 0) / 10;
  const [highestV, lowestV] = [() => unsigned(0x1872, 0) / 10, () => unsigned(0x1872, 2) / 10];

  const absurd: readonly (readonly [string, () => boolean])[] = [
    ['limits of voltage that cannot be', () => highestV() <= lowestV() || lowestV() === 0],
    [
      'BattVoltFault',
      () =>
        volts() > highestV() + 5 || volts() < lowestV() - 5 || unsigned(0x1878, 0) !== unsigned(0x1873, 0),
    ],
    ['a state of charge above 100 %', () => byte(0x1873, 4) > 100 || byte(0x187e, 5) !== byte(0x1873, 4)],
    [
      'more energy left than there is',
      () => unsigned(0x1873, 6) * 10 > long(0x1878, 4) + 10 || long(0x187e, 0) !== long(0x1878, 4),
    ],
    [
      'cells that cannot be',
      () =>
        unsigned(0x1876, 2) > 3800 ||
        unsigned(0x1876, 6) < 2000 ||
        Math.abs(unsigned(0x1874, 4) * 100 - unsigned(0x1876, 2)) > 50,
    ],
    [
      'temperatures that cannot be',
      () => signed(0x1874, 0) < signed(0x1874, 2) || signed(0x1876, 0) !== signed(0x1874, 0),
    ],
    ['a battery of another type', () => byte(0x1877, 4) !== 0x51 || byte(0x187a, 1) !== 0x51],
    ['a contactor that is closed unasked', () => isClosed() && stage() === 'searching'],
  ];

  /** One poll's answer has come to its end, with the last frame of the data or what follows it in its phase. */
  function judge(atMs: number): void {
    for (const [why, isSo] of absurd) if (isSo()) trip(atMs, why);
    if (isClosed() && stage() === 'closing') become('connected');
    if (!isClosed() && stage() === 'connected') trip(atMs, 'the contactor opened by itself');
  }

  function poll(nowMs: number): void {
    polledAtMs = nowMs;
    const missing = DATA.filter((id) => !answer.includes(id));
    if (answer.length > 0 && missing.length > 0) trip(nowMs, 'half an answer');
    if (new Set(answer).size < answer.length) trip(nowMs, 'an answer given twice');
    answer = [];
    const wish = {
      searching: [1, 0, 1, 0, 0],
      closing: [2, 0, 1, 0, 1],
      connected: [1, 0, 1, 0, 0],
      opening: [2, 0, 1, 0, 0],
    };
    say(POLL, [...wish[stage()], 0, 0, 0], true);
    say(POLL, [3, 6, 0x26, 11, 21, 14, 0, 0], true);
  }

  return {
    trips,
    hear({ id, extended, data }: CanFrame, atMs: number) {
      const length = lengths.get(id);
      if (!extended || length === undefined) return;
      if (data.length !== length) return trip(atMs, `0x${id.toString(16)} has ${data.length} bytes`);
      newest.set(id, data);
      if (DATA.includes(id)) answer.push(id);
      if (DATA.every((one) => answer.includes(one))) answeredAtMs = atMs;
      if (id === 0x1878) judge(atMs);
      if (id !== ANNOUNCE) return;
      if (stage() === 'searching') become('closing');
      if (stage() === 'opening') become('searching');
    },
    tick(nowMs: number) {
      if (nowMs - answeredAtMs > LOST_AFTER_MS && stage() !== 'searching') {
        trip(nowMs, 'BMS lost');
        become('searching');
      }
      if (nowMs - polledAtMs >= EVERY_MS && nowMs >= silentUntilMs) poll(nowMs);
    },
    allows() {
      if (stage() !== 'connected') return NOTHING;
      return { chargeA: unsigned(0x1872, 4) / 10, dischargeA: unsigned(0x1872, 6) / 10 };
    },
    /** It wants the battery to disconnect. */
    open: () => become('opening'),
    /** So long after its last poll comes the next. */
    pause: (ms: number) => {
      silentUntilMs = polledAtMs + ms;
    },
    askForSerial: () => say(POLL, [5, 0, 1, 0, 0, 0, 0, 0], true),
    stages: () => [...stages],
    isClosed,
    volts,
    amps: () => signed(0x1873, 2) / 10,
    socPct: () => byte(0x1873, 4),
    totalWh: () => long(0x1878, 4),
    announced: () => newest.has(ANNOUNCE),
    serial: () =>
      String.fromCharCode(...(newest.get(0x1881)?.slice(1) ?? []), ...(newest.get(0x1882)?.slice(1) ?? [])),
  } satisfies SimulatedInverter & Record<string, unknown>;
}
