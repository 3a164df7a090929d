import { describe, expect, test } from 'vitest';
import { session } from '../../src/ble/session.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { loginFrame } from '../../src/bms/jbd-login.ts';
import { type Answering, batteryRoom, healthy } from './room.ts';

/** A JBD that is silent until it was told its password, in the handshake of its radio module. */
function locked({ isRight = true } = {}): { readonly unit: Answering; readonly heard: number[] } {
  let isOpen = false;
  const heard: number[] = [];
  const verdict = isRight ? 0 : 1;
  const unit: Answering = (request) => {
    const [start, , command = 0] = request;
    if (start !== 0xff) return isOpen ? healthy(request) : [];
    heard.push(command);
    if (command === 0x17) return [loginFrame(command, [0x37])];
    isOpen ||= command === 0x1d;
    return [loginFrame(command, [command === 0x18 ? verdict : 0])];
  };
  return { unit, heard };
}

function roomOf({ unit, password }: { unit: Answering; password?: string }) {
  const room = batteryRoom([unit]);
  const listening = session({
    address: '02:00:00:00:00:01',
    driver: jbd,
    batteries: [{ id: 'unit 1', options: { password } }],
    pollMs: 2000,
    turns: room.queue,
    timers: room.clock,
    report: (r) => room.heard(r),
  });
  return { room, listening };
}

describe('a battery with a password', () => {
  test('is asked in plain words twice, then told its password, and then read', async () => {
    const { unit, heard } = locked();
    const { room } = roomOf({ unit, password: '123123' });
    await room.clock.to(6000);
    expect(heard).toEqual([0x15, 0x17, 0x18, 0x17, 0x1d]);
    expect(room.asked.slice(0, 2).map(({ register }) => register)).toEqual([3, 3]);
    expect(room.samples().length).toBeGreaterThan(0);
  });

  test('that needs none is never told it', async () => {
    const { room } = roomOf({ unit: healthy, password: '123123' });
    await room.clock.to(4000);
    expect(room.samples().length).toBeGreaterThan(0);
    expect(room.asked.every(({ register }) => register !== 0x15)).toBe(true);
  });

  test('that is wrong is said once and not tried again', async () => {
    const { unit, heard } = locked({ isRight: false });
    const { room, listening } = roomOf({ unit, password: '000000' });
    await room.clock.to(120_000);
    await listening.ended;
    expect(heard).toEqual([0x15, 0x17, 0x18]);
    expect(room.ofType('link').flatMap(({ why }) => why ?? [])).toEqual([
      expect.stringMatching(/^the password is wrong/),
    ]);
  });

  test('that was read before is tried again though its module once refused what it never needed', async () => {
    let [isAsleep, refused] = [false, 0];
    const unit: Answering = (request) => {
      if (!isAsleep) return healthy(request);
      if (request[0] !== 0xff) return [];
      refused++;
      return [loginFrame(request[2] ?? 0, [1])];
    };
    const { room } = roomOf({ unit, password: '123123' });
    await room.clock.to(4000);
    isAsleep = true;
    await room.clock.to(30_000);
    isAsleep = false;
    const before = room.samples().length;
    await room.clock.to(120_000);
    expect(refused).toBeGreaterThan(0);
    expect(room.samples().length).toBeGreaterThan(before);
  });

  test('whose handshake stays silent is tried again, later and later', async () => {
    const { room } = roomOf({ unit: () => [], password: '123123' });
    await room.clock.to(60_000);
    const lost = room.ofType('link').flatMap(({ why }) => why ?? []);
    expect(lost.length).toBeGreaterThan(1);
    expect(lost[0]).toMatch('login failed: it did not end within 10 s');
  });
});
