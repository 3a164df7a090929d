import { describe, expect, test } from 'vitest';
import { DEAD_AFTER_MS } from '../../src/ble/linked.ts';
import { nextDueMs } from '../../src/ble/polled.ts';
import { retryMs } from '../../src/ble/session.ts';
import { ANSWER_MS, batteryRoom, healthy, pack } from './room.ts';

const register = (request: Uint8Array) => request[2] ?? 0;

describe('a healthy battery', () => {
  test('gives one complete sample every poll, stamped when its first request was written', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(7000);
    const firsts = room.asked.filter((a) => a.register === 3).map((a) => a.nowMs);
    expect(firsts).toHaveLength(4);
    expect(firsts.map((at) => at - (firsts[0] ?? 0))).toEqual([0, 2000, 4000, 6000]);
    expect(room.samples().map((s) => s.atMs)).toEqual(firsts);
    expect(room.samples().map((s) => s.nowMs - s.atMs)).toEqual([5, 2, 2, 2].map((n) => n * ANSWER_MS));
  });

  test('reads as its own BMS sees it', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(2000);
    expect(room.samples()[0]?.reading).toMatchObject(pack);
  });

  test('is found, connected, and then only gives samples', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(10_000);
    expect(room.links().map((l) => l.split(' ')[1])).toEqual(['found', 'connecting', 'connected']);
  });

  test('is asked its name once per link, and keeps it', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(5000);
    room.drop(1);
    await room.clock.to(9000);
    expect(room.asked.filter((a) => a.register === 5)).toHaveLength(2);
    expect(room.samples().every((s) => s.reading.name === 'garage')).toBe(true);
  });

  test('is let go when the session stops', async () => {
    const room = batteryRoom([healthy]);
    const listening = room.listenTo(1);
    await room.clock.to(3000);
    const before = room.asked.length;
    listening.stop();
    await listening.ended;
    await room.clock.to(20_000);
    expect(room.asked).toHaveLength(before);
    expect(room.links().at(-1)).toMatch('connected');
  });
});

describe('a battery that is hard to hear', () => {
  test('sleeps through its first request and is asked again after 0.7 s', async () => {
    let packets = 0;
    const room = batteryRoom([(request) => (packets++ === 0 ? [] : healthy(request))]);
    room.listenTo(1);
    await room.clock.to(2000);
    const [sleeping, awake] = room.asked;
    expect((awake?.nowMs ?? 0) - (sleeping?.nowMs ?? 0)).toBe(700);
    expect(room.samples()).toHaveLength(1);
    expect(room.samples()[0]?.atMs).toBe(sleeping?.nowMs);
  });

  test('is asked after 0.7, 1.4 and 2.9 s of silence, then the round has failed and says so once', async () => {
    const room = batteryRoom([() => []]);
    room.listenTo(1);
    await room.clock.to(7000);
    const times = room.asked.map((a) => a.nowMs);
    expect(times.slice(0, 3).map((t) => t - (times[0] ?? 0))).toEqual([0, 700, 2100]);
    expect(room.samples()).toEqual([]);
    expect(room.ofType('notice').map((n) => n.text)).toEqual(['basic was not answered']);
  });

  test('loses the end of an answer: the half frame does not haunt the next one', async () => {
    let isHalf = true;
    const room = batteryRoom([
      (request) => {
        const whole = healthy(request);
        const answer = isHalf && register(request) === 4 ? whole.slice(0, -1) : whole;
        isHalf = isHalf && register(request) !== 4;
        return answer;
      },
    ]);
    room.listenTo(1);
    await room.clock.to(3000);
    expect(room.samples()[0]?.reading.cellVoltagesV).toEqual(pack.cellVoltagesV);
  });

  test('is not believed when a bit is wrong, and believed again when it is right', async () => {
    let isBent = true;
    const bend = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
    const room = batteryRoom([(request) => (isBent ? healthy(request).map(bend) : healthy(request))]);
    room.listenTo(1);
    await room.clock.to(5000);
    expect(room.samples()).toEqual([]);
    expect(room.ofType('rejected').length).toBeGreaterThan(0);
    isBent = false;
    await room.clock.to(7500);
    expect(room.samples().length).toBeGreaterThan(0);
  });

  test('that chatters nonsense is reported at most once a second, with the count', async () => {
    const room = batteryRoom([() => Array.from({ length: 50 }, () => Uint8Array.of(1, 2, 3))]);
    room.listenTo(1);
    await room.clock.to(6000);
    const times = room.ofType('rejected').map((r) => r.nowMs);
    expect(times.slice(1).every((t, i) => t - (times[i] ?? 0) >= 1000)).toBe(true);
    expect(room.ofType('rejected').reduce((sum, r) => sum + r.count, 0)).toBeGreaterThan(100);
  });

  test('that refuses its name gives samples without one, and is not asked again', async () => {
    const refusal = Uint8Array.of(0xdd, 0x05, 0x80, 0x00, 0xff, 0x80, 0x77);
    const room = batteryRoom([(request) => (register(request) === 5 ? [refusal] : healthy(request))]);
    room.listenTo(1);
    await room.clock.to(6000);
    expect(room.samples()).toHaveLength(3);
    expect(room.samples()[0]?.reading.name).toBeUndefined();
    expect(room.asked.filter((a) => a.register === 5)).toHaveLength(1);
  });

  test('that ignores the question for its name is asked three times for it, and keeps its beat', async () => {
    const room = batteryRoom([(request) => (register(request) === 5 ? [] : healthy(request))]);
    room.listenTo(1);
    await room.clock.to(11_000);
    expect(room.asked.filter((a) => a.register === 5)).toHaveLength(3);
    const stamps = room.samples().map((s) => s.atMs);
    expect(stamps.slice(1).map((t, i) => t - (stamps[i] ?? 0))).toEqual([2000, 2000, 2000, 2000, 2000]);
  });

  test('with a half round gives no sample', async () => {
    const room = batteryRoom([(request) => (register(request) === 4 ? [] : healthy(request))]);
    room.listenTo(1);
    await room.clock.to(8000);
    expect(room.samples()).toEqual([]);
  });
});

describe('a link that is lost', () => {
  test('is built again at once, and the battery is back within a second', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(5000);
    room.drop(1);
    await room.clock.to(6000);
    expect(room.samples().at(-1)?.atMs).toBeGreaterThan(5000);
    expect(room.links().slice(-4)).toEqual(['5000 lost', '5000 found', '5000 connecting', '5050 connected']);
  });

  test('is dead 8 s after the last true sample, whatever the radio says', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(5000);
    room.let(1, () => []);
    await room.clock.to(20_000);
    const last = room.samples().at(-1)?.atMs ?? 0;
    const lost = room.ofType('link').find((l) => l.state === 'lost');
    expect(lost?.nowMs).toBe(last + DEAD_AFTER_MS);
    expect(lost?.why).toMatch('no complete answer for 8 s');
  });

  test('is not written to after its end', async () => {
    const room = batteryRoom([() => []]);
    room.listenTo(1);
    await room.clock.to(1000);
    room.hide(1);
    const before = room.asked.length;
    await room.clock.to(15_000);
    expect(room.asked).toHaveLength(before);
  });

  test('that never gives a sample is built again later and later: no storm of connects', async () => {
    const room = batteryRoom([() => []]);
    room.listenTo(1);
    await room.clock.to(120_000);
    const connects = room.links().filter((l) => l.endsWith('connecting'));
    expect(connects.length).toBeLessThan(9);
  });

  test('comes back when the battery is in reach again', async () => {
    const room = batteryRoom([healthy]);
    room.listenTo(1);
    await room.clock.to(5000);
    room.hide(1);
    await room.clock.to(30_000);
    room.show(1);
    await room.clock.to(40_000);
    expect(room.samples().at(-1)?.atMs).toBeGreaterThan(30_000);
  });
});

describe('after the process stood still', () => {
  test('what was queued is not heard, and the next round is new', async () => {
    const room = batteryRoom([healthy]);
    const listening = room.listenTo(1);
    await room.clock.to(4380); // a request is on its way
    const before = room.samples().length;
    expect(room.asked.at(-1)?.nowMs).toBeGreaterThan(4340);
    listening.stalled();
    await room.clock.to(4600);
    expect(room.samples()).toHaveLength(before);
    await room.clock.to(7000);
    expect(room.samples().at(before)?.atMs).toBeGreaterThan(4680);
  });
});

describe('the arithmetic of waiting', () => {
  test('a failed try is repeated at once, then after 1, 2, 4 … 60 s', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 100].map(retryMs)).toEqual(
      [0, 1, 2, 4, 8, 16, 32, 60, 60, 60].map((s) => s * 1000),
    );
  });

  test('rounds keep to their beat and leave out what is over', () => {
    expect(nextDueMs(1000, 2000, 1200)).toBe(3000);
    expect(nextDueMs(1000, 2000, 3000)).toBe(3000);
    expect(nextDueMs(1000, 2000, 3001)).toBe(5000);
  });
});
