// Each battery is read once, whatever its radio does; the clock is cranked by hand.
import { describe, expect, test } from 'vitest';
import type { EarReport, ListenOrder } from '../../src/ble/orders.ts';
import type { Message, Start } from '../../src/child.ts';
import { type AirGround, openAir } from '../../src/firststart/air.ts';
import { probeOrder, scanRadio } from '../../src/firststart/probe.ts';
import { readOnce } from '../../src/firststart/read-once.ts';
import type { After } from '../../src/model/timers.ts';
import type { ScoutReport } from '../../src/scout.ts';
import { eventually } from '../eventually.ts';

const order: ListenOrder = probeOrder([
  { bms: 'jbd', address: '02:00:00:00:00:01' },
  { bms: 'jk', serial: '/dev/ttyUSB0', unit: 1 },
]);

/** An ear that says what a test lets it say, and a clock that a test cranks. */
function bench() {
  const waiting: { atMs: number; act: () => void }[] = [];
  let nowMs = 0;
  let say = (_: EarReport) => {};
  const after: After = (ms, act) => {
    const one = { atMs: nowMs + ms, act };
    waiting.push(one);
    return () => void waiting.splice(0, waiting.length, ...waiting.filter((other) => other !== one));
  };
  const startEar: Start = (heard, ended) => {
    say = heard;
    return {
      send: (message) => {
        if (message.type === 'stop') queueMicrotask(() => ended('exit 0'));
        return true;
      },
      kill: () => {},
    };
  };
  const left = new AbortController();
  const units = readOnce(order, { startEar, after, limitMs: 60_000, left: left.signal }, () => {});
  return {
    units,
    left,
    say: (report: EarReport) => say(report),
    crank(ms: number) {
      nowMs += ms;
      for (const { atMs, act } of [...waiting]) if (atMs <= nowMs) act();
    },
  };
}

const sample = (battery: string): EarReport => ({
  type: 'sample',
  battery,
  atMs: 1,
  reading: { voltageV: 52 },
});

describe('two batteries are to be read once', () => {
  test('and the first sample of each is it', async () => {
    const { units, say } = bench();
    say({ type: 'link', battery: 'u0', state: 'connecting' });
    say(sample('u0'));
    say({ type: 'rejected', battery: 'u0', why: 'a later frame was damaged', count: 1 });
    say(sample('u1'));
    const states = [...(await units).values()].map(({ state }) => state);
    expect(states).toEqual(['read', 'read']);
  });

  test('and one that stays silent is told so after 20 s without news', async () => {
    const { units, say, crank } = bench();
    crank(15_000);
    say(sample('u0'));
    crank(19_000);
    crank(1_500);
    const read = await units;
    expect([read.get('u0')?.state, read.get('u1')]).toEqual([
      'read',
      { state: 'failed', why: expect.stringContaining('not heard') },
    ]);
  });

  test('and an adapter that comes back in time is no trouble', async () => {
    const { units, say, crank } = bench();
    say({ type: 'adapter', radio: 'hci0', state: 'missing', why: 'busy' });
    crank(5_000);
    say({ type: 'adapter', radio: 'hci0', state: 'ready' });
    crank(9_000);
    say(sample('u0'));
    say(sample('u1'));
    expect((await units).get('u0')?.state).toBe('read');
  });

  test('and a port that is not there fails its own battery alone', async () => {
    const { units, say, crank } = bench();
    say({ type: 'adapter', radio: '/dev/ttyUSB0', state: 'missing', why: 'no such port' });
    crank(12_500);
    say(sample('u0'));
    const read = await units;
    expect([read.get('u0')?.state, read.get('u1')]).toEqual([
      'read',
      { state: 'failed', why: 'no such port' },
    ]);
  });

  test('and one that would refuse again is not waited for', async () => {
    const { units, say } = bench();
    say(sample('u1'));
    say({ type: 'link', battery: 'u0', state: 'lost', why: 'the password is wrong', isFinal: true });
    expect((await units).get('u0')).toEqual({ state: 'failed', why: 'the password is wrong' });
  });

  test('and one that took a link and said nothing is told apart from one that was not heard', async () => {
    const { units, say, crank } = bench();
    say({ type: 'link', battery: 'u0', state: 'lost', why: 'no complete answer', wasOpen: true });
    say({ type: 'link', battery: 'u0', state: 'connecting' });
    crank(20_500);
    const read = await units;
    expect([read.get('u0'), read.get('u1')]).toMatchObject([{ isMute: true }, { state: 'failed' }]);
    expect(read.get('u1')).not.toHaveProperty('isMute');
  });

  test('and nobody waits any more when the setup ends', async () => {
    const { units, left } = bench();
    left.abort();
    expect((await units).get('u0')?.state).toBe('failed');
  });
});

/** The air of a room where children say what a test lets them say. */
function room(more: Partial<AirGround> = {}) {
  const ears: { readonly order: Message; readonly say: (report: EarReport) => void }[] = [];
  const scouts: { readonly order: Message; readonly say: (report: ScoutReport) => void }[] = [];
  const start =
    (into: { order: Message; say: (report: EarReport & ScoutReport) => void }[]): Start =>
    (heard, ended) => ({
      send(message) {
        if (message.type === 'stop') queueMicrotask(() => ended('exit 0'));
        else into.push({ order: message, say: heard });
        return true;
      },
      kill() {},
    });
  const air = openAir({
    startScout: start(scouts),
    startEar: start(ears),
    after: () => () => {},
    proxies: () => [],
    radio: () => scanRadio(),
    probe: (wishes) => probeOrder(wishes),
    passwordAfter: () => undefined,
    ...more,
  });
  return { air, ears, scouts };
}

test('who asks again is read at once, and waits for no unit that was asked for before', async () => {
  const { air, ears } = room();
  for (const last of [1, 2, 3, 4]) air.read([{ bms: 'jbd', address: `02:00:00:00:00:0${last}` }]);
  await eventually(() =>
    expect(ears.at(-1)?.order).toMatchObject({ batteries: [{ address: expect.stringMatching(/04$/) }] }),
  );
  expect(ears.length).toBeLessThan(3);
  ears.at(-1)?.say(sample('u0'));
  await eventually(() => expect(air.look()).toMatchObject({ state: 'idle', readings: [{ state: 'read' }] }));
});

test('an older reading does not prove what was typed after it, also where the new wish was refused', async () => {
  const learnt: unknown[] = [];
  const { air, ears } = room({
    passwordAfter: (_, heard) => {
      learnt.push(heard?.state);
      return undefined;
    },
  });
  const wish = { bms: 'jbd', address: '02:00:00:00:00:01' };
  air.read([wish]);
  await eventually(() => expect(ears.length).toBe(1));
  expect(() => air.read([wish, { bms: 'jbd', address: '02:00:00:00:00:02', proxy: 'gone' }])).toThrow();
  ears[0]?.say(sample('u0'));
  await eventually(() => expect(air.look().state).toBe('idle'));
  expect(learnt).not.toContain('read');
  expect(air.look().readings).toMatchObject([{ state: 'failed' }]);
});

test('of an adapter and a proxy that both hear nothing each is told', () => {
  const { air, scouts } = room({ proxies: () => ['shed'] });
  air.scan();
  scouts[0]?.say({ type: 'failed', why: 'there is no adapter hci0' });
  scouts[1]?.say({ type: 'failed', why: 'no machine is called shed' });
  expect(air.look().trouble).toBe('there is no adapter hci0\nno machine is called shed');
});

test('an adapter that is missing is no trouble to who hears batteries by a proxy', () => {
  const { air, scouts } = room({ proxies: () => ['shed'] });
  air.scan();
  const [adapter, shed] = scouts;
  adapter?.say({ type: 'failed', why: 'there is no adapter hci0' });
  expect(air.look().trouble).toBe('there is no adapter hci0');
  shed?.say({ type: 'scanning' });
  shed?.say({ type: 'advert', advert: { address: '02:00:00:00:00:01', services: [], rssiDbm: -60 } });
  expect(air.look()).toMatchObject({ state: 'scanning', units: [{ proxy: 'shed' }] });
  expect(air.look()).not.toHaveProperty('trouble');
  shed?.say({ type: 'failed', why: 'the proxy is gone' });
  expect(air.look().trouble).toBe('the proxy is gone');
});
