import { describe, expect, test } from 'vitest';
import type { BleLink, BlePort } from '../../src/ble/port.ts';
import { type Turns, turns } from '../../src/ble/turns.ts';
import { crank } from './crank.ts';
import { batteryRoom, healthy } from './room.ts';

/** A radio that notes what it is told. Units answer a connect only when the test lets them. */
function radio() {
  const clock = crank();
  const said: string[] = [];
  let hear = (_address: string) => {};
  let isScanning = false;
  const answers = new Map<string, () => void>();
  const link = (address: string): BleLink => ({
    address,
    discover: async () => [],
    subscribe: async () => {},
    write: async () => {},
    onLost: () => {},
    disconnect: async () => {
      said.push(`${clock.now()} disconnect ${address}`);
    },
  });
  const port: BlePort = {
    open: async () => {},
    close: async () => {},
    onAdapter: () => {},
    scan: async (onAdvert) => {
      said.push(`${clock.now()} scan`);
      isScanning = true;
      hear = (address) => onAdvert({ address, services: [] });
    },
    stopScan: async () => {
      said.push(`${clock.now()} scan ends`);
      isScanning = false;
    },
    connect: (address, { signal, timeoutMs }) =>
      new Promise((resolve, reject) => {
        said.push(`${clock.now()} connect ${address}${isScanning ? ' WHILE SCANNING' : ''}`);
        const fail = (why: unknown) => {
          said.push(`${clock.now()} gives up ${address}`);
          reject(why);
        };
        clock.after(timeoutMs, () => fail(new Error('no link in time')));
        signal.addEventListener('abort', () => fail(signal.reason));
        answers.set(address, () => resolve(link(address)));
      }),
  };
  return {
    clock,
    port,
    said,
    heard: (address: string) => hear(address),
    answer: (address: string) => answers.get(address)?.(),
  };
}

const wait = (queue: Turns, address: string, knownAtMs = 0, signal = new AbortController().signal) => {
  const outcome: { link?: BleLink; error?: unknown } = {};
  queue.connect({ address, knownAtMs, signal }).then(
    (link) => {
      outcome.link = link;
    },
    (error) => {
      outcome.error = error;
    },
  );
  return outcome;
};

describe('whose turn it is on one adapter', () => {
  test('a unit is connected when it is heard, and not while scanning', async () => {
    const r = radio();
    const a = wait(turns(r.port, r.clock), 'a1');
    await r.clock.to(100);
    r.heard('a1');
    await r.clock.to(200);
    r.answer('a1');
    await r.clock.to(300);
    expect(r.said).toEqual(['0 scan', '100 scan ends', '100 connect a1']);
    expect(a.link?.address).toBe('a1');
  });

  test('one connect at a time', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    const [a, b] = [wait(queue, 'a1'), wait(queue, 'b2', 1)];
    await r.clock.to(100);
    r.heard('a1');
    r.heard('b2');
    await r.clock.to(1000);
    expect(r.said.at(-1)).toBe('100 connect a1');
    r.answer('a1');
    await r.clock.to(2000);
    expect(r.said.at(-1)).toBe('1000 connect b2');
    r.answer('b2');
    await r.clock.to(2100);
    expect([a.link?.address, b.link?.address]).toEqual(['a1', 'b2']);
  });

  test('the unit of which the oldest is known goes first', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    wait(queue, 'a1', 900);
    wait(queue, 'b2', 500);
    await r.clock.to(1000);
    r.heard('a1');
    r.heard('b2');
    await r.clock.to(1100);
    expect(r.said.at(-1)).toBe('1000 connect b2');
  });

  test('an attempt ends after 20 s', async () => {
    const r = radio();
    const a = wait(turns(r.port, r.clock), 'a1');
    await r.clock.to(0);
    r.heard('a1');
    await r.clock.to(19_999);
    expect(a.error).toBeUndefined();
    await r.clock.to(20_001);
    expect(a.error).toBeDefined();
  });

  test('an attempt ends after 5 s while another unit waits', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    const a = wait(queue, 'a1');
    wait(queue, 'b2', 1);
    await r.clock.to(0);
    r.heard('a1');
    await r.clock.to(5001);
    expect(r.said).toContain('5000 gives up a1');
    expect(a.error).toMatchObject({ code: 'BLE_FAILED' });
  });

  test('an attempt that already took 5 s ends when another unit begins to wait', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    wait(queue, 'a1');
    await r.clock.to(0);
    r.heard('a1');
    await r.clock.to(12_000);
    wait(queue, 'b2');
    await r.clock.to(12_001);
    expect(r.said).toContain('12000 gives up a1');
  });

  test('a unit that could not be connected must be heard again, so that it blocks nobody twice', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    wait(queue, 'a1');
    await r.clock.to(0);
    r.heard('a1');
    await r.clock.to(20_001);
    wait(queue, 'a1');
    await r.clock.to(25_000);
    expect(r.said.filter((s) => s.endsWith('connect a1'))).toHaveLength(1);
    r.heard('a1');
    await r.clock.to(25_001);
    expect(r.said.filter((s) => s.endsWith('connect a1'))).toHaveLength(2);
  });

  test('a unit whose link was lost must be heard again: it may be out of reach, and an attempt on it holds the radio', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    wait(queue, 'a1');
    await r.clock.to(0);
    r.heard('a1');
    await r.clock.to(50);
    r.answer('a1');
    await r.clock.to(1000);
    wait(queue, 'a1');
    await r.clock.to(5000);
    expect(r.said.filter((s) => s.endsWith('connect a1'))).toHaveLength(1);
    r.heard('a1');
    await r.clock.to(5001);
    expect(r.said.filter((s) => s.endsWith('connect a1'))).toHaveLength(2);
  });

  test('a unit that is not heard in 20 s has had its turn; nobody scans for nothing', async () => {
    const r = radio();
    const a = wait(turns(r.port, r.clock), 'a1');
    await r.clock.to(30_000);
    expect(String(a.error)).toMatch('not heard for 20 s');
    expect(r.said).toEqual(['0 scan', '20000 scan ends']);
  });

  test('one that stops waiting is served no more', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    const stopping = new AbortController();
    const a = wait(queue, 'a1', 0, stopping.signal);
    await r.clock.to(10);
    stopping.abort(new Error('stopped'));
    await r.clock.to(20);
    expect(String(a.error)).toMatch('stopped');
    expect(r.said.at(-1)).toBe('10 scan ends');
  });

  test('while the adapter is away turns wait instead of failing', async () => {
    const r = radio();
    const queue = turns(r.port, r.clock);
    queue.adapterReady(false);
    const a = wait(queue, 'a1');
    await r.clock.to(100_000);
    expect(r.said).toEqual([]);
    expect(a.error).toBeUndefined();
    queue.adapterReady(true);
    await r.clock.to(100_001);
    expect(r.said).toEqual(['100000 scan']);
  });

  test('a scan that cannot start fails the turn, and the next turn tries again', async () => {
    const r = radio();
    let isBroken = true;
    const port: BlePort = {
      ...r.port,
      scan: async (hear) => {
        if (isBroken) throw new Error('Command Disallowed');
        await r.port.scan(hear);
      },
    };
    const queue = turns(port, r.clock);
    const a = wait(queue, 'a1');
    await r.clock.to(1);
    expect(String(a.error)).toMatch('Command Disallowed');
    isBroken = false;
    wait(queue, 'a1');
    await r.clock.to(2);
    expect(r.said).toEqual(['1 scan']);
  });
});

describe('four batteries on one adapter', () => {
  test('one goes out of reach: the others keep their beat, and it is back soon after it returns', async () => {
    const room = batteryRoom([healthy, healthy, healthy, healthy]);
    for (const n of [1, 2, 3, 4]) room.listenTo(n);
    await room.clock.to(10_000);
    room.hide(2);
    await room.clock.to(60_000);
    for (const n of [1, 3, 4]) {
      const stamps = room.samples(n).map((s) => s.atMs);
      expect(new Set(stamps.slice(1).map((t, i) => t - (stamps[i] ?? 0)))).toEqual(new Set([2000]));
    }
    room.show(2);
    await room.clock.to(125_000);
    expect(room.samples(2).at(-1)?.atMs).toBeGreaterThan(60_000);
  });

  test('one is lost while another is absent: it is back before 15 s', async () => {
    const room = batteryRoom([healthy, healthy, healthy, healthy]);
    for (const n of [1, 2, 3, 4]) room.listenTo(n);
    await room.clock.to(10_000);
    room.hide(2);
    for (let at = 11_000; at < 40_000; at += 1700) {
      await room.clock.to(at);
      room.drop(3);
    }
    const stamps = room.samples(3).map((s) => s.atMs);
    expect(Math.max(...stamps.slice(1).map((t, i) => t - (stamps[i] ?? 0)))).toBeLessThan(15_000);
  });
});
