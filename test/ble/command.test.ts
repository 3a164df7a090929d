import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../../src/ble/command.ts';
import { frameOf } from '../../src/bms/jbd-frame.ts';
import { inNotifications, jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { fromHex } from '../../src/bytes/hex.ts';
import { type Answering, batteryRoom, healthy, pack } from './room.ts';

/** A JBD whose FETs can be switched with the older frames, with the newer ones, or not at all. */
function switchable(firmware: 'older' | 'newer' | 'neither') {
  const fets = { chargeFet: true, dischargeFet: true };
  const done = (register: number) => [frameOf(register, 0)];
  const unit: Answering = (request) => {
    const [, direction, register = 0, , first = 0, second = 0] = request;
    if (direction !== 0x5a)
      return inNotifications(jbdAnswer({ ...pack, currentA: 0, ...fets }, request) ?? new Uint8Array());
    if (register === 0x01) return done(register);
    if (register === 0xe1 && firmware === 'older') {
      Object.assign(fets, { chargeFet: (second & 1) === 0, dischargeFet: (second & 2) === 0 });
      return done(register);
    }
    if (register === 0xfb && firmware === 'newer') {
      Object.assign(fets, first === 1 ? { chargeFet: second === 0 } : { dischargeFet: second === 0 });
      return done(register);
    }
    return [frameOf(register, 0x80)];
  };
  return { unit, fets };
}

async function commanded(
  unit: Answering,
  command: Parameters<ReturnType<ReturnType<typeof batteryRoom>['listenTo']>['command']>[1],
) {
  const room = batteryRoom([unit]);
  const listening = room.listenTo(1);
  await room.clock.to(3000);
  let result: CommandResult | undefined;
  void listening.command('unit 1', command)?.then((r) => {
    result = r;
  });
  await room.clock.to(12_000);
  return { room, result };
}

const chargeOff = { kind: 'fet', direction: 'charge', on: false } as const;

describe('a person switches a FET', () => {
  test('with the frames of the maker’s app, and the other FET stays as it is', async () => {
    const { unit, fets } = switchable('older');
    const { room, result } = await commanded(unit, chargeOff);
    expect(result).toEqual({
      sent: ['dd 5a e1 02 00 01 ff 1c 77', 'dd 5a 01 02 00 00 ff fd 77'],
      heard: [],
    });
    expect(fets).toEqual({ chargeFet: false, dischargeFet: true });
    expect(room.samples().at(-1)?.reading).toMatchObject({ chargeFet: false, dischargeFet: true });
  });

  test('with the newer frame where the older one is refused', async () => {
    const { unit, fets } = switchable('newer');
    const { result } = await commanded(unit, chargeOff);
    expect(result?.sent).toEqual(['dd 5a e1 02 00 01 ff 1c 77', 'dd 5a fb 02 01 01 ff 01 77']);
    expect(result?.why).toBeUndefined();
    expect(fets).toEqual({ chargeFet: false, dischargeFet: true });
  });

  test('and hears why when the unit refuses both', async () => {
    const { unit, fets } = switchable('neither');
    expect((await commanded(unit, chargeOff)).result?.why).toBe('register 0xfb refused: unknown register');
    expect(fets).toEqual({ chargeFet: true, dischargeFet: true });
  });

  test('between two questions of a round: every round stays whole', async () => {
    const { unit } = switchable('older');
    const { room } = await commanded(unit, chargeOff);
    const stamps = room.samples().map(({ atMs }) => atMs);
    expect(stamps.slice(1).every((t, i) => t - (stamps[i] ?? 0) === 2000)).toBe(true);
  });

  test('but opens none when current flows again since the sample that called it calm', async () => {
    const { unit, fets } = switchable('older');
    const loaded: Answering = (request) =>
      request[1] === 0xa5
        ? inNotifications(jbdAnswer({ ...pack, ...fets, currentA: -40 }, request) ?? new Uint8Array())
        : unit(request);
    const { result } = await commanded(loaded, { kind: 'fet', direction: 'discharge', on: false });
    expect(result).toMatchObject({ sent: [], why: expect.stringMatching('2 A or more flow again') });
    expect(fets).toEqual({ chargeFet: true, dischargeFet: true });
    const closed = await commanded(loaded, { kind: 'fet', direction: 'discharge', on: true });
    expect(closed.result?.why).toBeUndefined();
  });

  test('of a battery that is not connected, which is told', async () => {
    const room = batteryRoom([healthy]);
    const listening = room.listenTo(1);
    expect(await listening.command('unit 1', chargeOff)).toMatchObject({
      why: 'the battery is not connected',
    });
    expect(listening.command('unit 2', chargeOff)).toBeUndefined();
  });
});

describe('a command that comes too late, as out of a process that stood still', () => {
  test.each([
    ['a FET', 2999, chargeOff],
    ['a FET of a unit that was still being asked how its FETs are', 3001, chargeOff],
    ['raw bytes', 2999, { kind: 'raw', bytes: fromHex('dd5ae1020001ff1c77') ?? new Uint8Array() }],
  ] as const)('writes nothing: %s', async (_, untilMs, command) => {
    const { unit, fets } = switchable('older');
    const { result } = await commanded(unit, { ...command, untilMs });
    expect(result).toEqual({ sent: [], heard: [], why: expect.stringMatching('came too late') });
    expect(fets).toEqual({ chargeFet: true, dischargeFet: true });
  });
});

test('raw bytes are written, and everything that comes back is told', async () => {
  const bytes = fromHex('dda50300fffd77') ?? new Uint8Array();
  const { result } = await commanded(healthy, { kind: 'raw', bytes });
  expect(result?.sent).toEqual(['dd a5 03 00 ff fd 77']);
  expect(result?.heard.join(' ')).toMatch(/^dd 03 00 .* 77/);
});

test('no round of a healthy battery ever writes', async () => {
  const room = batteryRoom([healthy]);
  room.listenTo(1);
  const written: number[] = [];
  room.let(1, (request) => {
    written.push(request[1] ?? 0);
    return healthy(request);
  });
  await room.clock.to(60_000);
  expect(new Set(written)).toEqual(new Set([0xa5]));
});
