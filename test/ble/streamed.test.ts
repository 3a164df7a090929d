import { describe, expect, test } from 'vitest';
import type { EarReport } from '../../src/ble/orders.ts';
import { session } from '../../src/ble/session.ts';
import { type Turns, turns } from '../../src/ble/turns.ts';
import { type RadioUnit, unitPort } from '../../src/ble/unit-port.ts';
import type { BmsDriver, Dialect } from '../../src/bms/driver.ts';
import { crank } from './crank.ts';

// Frames of three bytes: a letter, a number, the sum. `V` is the voltage, `C` a cell, `I` is asked for once.
const sum = (a: number, b: number) => (a + b) & 0xff;
const frame = (letter: string, n: number) => {
  const head = letter.charCodeAt(0);
  return Uint8Array.of(head, n, sum(head, n));
};
const talker: Dialect = {
  id: 'talker',
  requests: () => [{ name: 'info', bytes: frame('I', 0), required: true, once: true }],
  stream: { parts: ['pack', 'cells'], rouse: [frame('R', 0)] },
  framing: {
    measure: ([head = 0]) => ('VCI'.includes(String.fromCharCode(head)) ? 3 : 'not-a-frame'),
    intact: ([head = 0, n = 0, check]) => check === sum(head, n),
  },
  answer: ([head = 0, n = 0]) => {
    const letter = String.fromCharCode(head);
    if (letter === 'I') return { kind: 'part', part: 'info', reading: { name: 'talker' }, learned: { n } };
    if (letter === 'V') return { kind: 'part', part: 'pack', reading: { voltageV: n / 10 } };
    return { kind: 'part', part: 'cells', reading: { cellVoltagesV: [n / 100] } };
  },
};
const driver: BmsDriver = {
  id: 'talker',
  title: 'a battery that talks by itself',
  gatt: [{ service: 'ff00', notify: 'ff01', write: 'ff02' }],
  matches: () => true,
  dialects: [talker],
};
const address = '02:00:00:00:00:01';

function room(dialects: BmsDriver['dialects'] = [talker]) {
  const clock = crank();
  const said: EarReport[] = [];
  const written: string[] = [];
  let say = (_bytes: Uint8Array) => {};
  let answers = true;
  const unit: RadioUnit = {
    advert: { address, services: ['ff00'] },
    gatt: { service: 'ff00', notify: 'ff01', write: 'ff02' },
    asked: (request, tell) => {
      say = tell;
      written.push(`${clock.now()} ${String.fromCharCode(request[0] ?? 0)}`);
      if (answers && request[0] === 0x49) clock.after(50, () => tell(frame('I', 1)));
    },
  };
  const port = unitPort([unit], clock);
  const queue = turns(port, clock);
  let want = () => {};
  const noted: Turns = {
    ...queue,
    connect: (request) => {
      want = request.onWanted ?? want;
      return queue.connect(request);
    },
  };
  const listening = session({
    address,
    driver: { ...driver, dialects },
    batteries: [{ id: 'a' }],
    pollMs: 2000,
    turns: noted,
    timers: clock,
    report: (r) => said.push(r),
  });
  return {
    clock,
    written,
    listening,
    /** Another unit waits for a link. */
    want: () => want(),
    say: (...bytes: number[]) => say(Uint8Array.from(bytes)),
    mute: () => {
      answers = false;
    },
    samples: () => said.flatMap((r) => (r.type === 'sample' ? [r] : [])),
    states: () => said.flatMap((r) => (r.type === 'link' ? [r.state] : [])),
  };
}

describe('a battery that talks by itself', () => {
  test('gives a sample when every part has come, as old as the first byte of the oldest', async () => {
    const { clock, say, samples } = room();
    await clock.to(1000);
    say(...frame('V', 132).slice(0, 1));
    await clock.to(1200);
    say(...frame('V', 132).slice(1));
    await clock.to(1500);
    expect(samples()).toEqual([]);
    say(...frame('C', 33));
    await clock.by(0);
    expect(samples()).toMatchObject([
      { atMs: 1000, reading: { voltageV: 13.2, cellVoltagesV: [0.33], name: 'talker' } },
    ]);
  });

  test('gives its link back after the sample that is on its way', async () => {
    const { clock, say, samples, states, want } = room();
    await clock.to(1000);
    say(...frame('V', 132));
    want();
    await clock.to(1400);
    expect(states()).not.toContain('resting');
    say(...frame('C', 33));
    await clock.by(0);
    expect([samples().length, states().slice(0, 4)]).toEqual([
      1,
      ['found', 'connecting', 'connected', 'resting'],
    ]);
  });

  test('each part is used once: an old one makes no new sample', async () => {
    const { clock, say, samples } = room();
    await clock.to(1000);
    say(...frame('V', 132), ...frame('C', 33), ...frame('C', 34));
    await clock.to(2000);
    expect(samples()).toHaveLength(1);
    say(...frame('V', 133));
    await clock.by(0);
    expect(samples().map(({ atMs }) => atMs)).toEqual([1000, 1000]);
  });

  test('is roused once it has told what is asked once, and again after 5 s of silence', async () => {
    const { clock, written } = room();
    await clock.to(7000);
    expect(written).toEqual(['350 I', '400 R', '5400 R']);
  });

  test('that is silent for 8 s has a dead link', async () => {
    const { clock, say, states } = room();
    await clock.to(1000);
    say(...frame('V', 132), ...frame('C', 33));
    await clock.to(8999);
    expect(states()).not.toContain('lost');
    await clock.to(9000);
    expect(states()).toContain('lost');
  });

  test('that answers late, when nobody waits for it any more, is heard all the same', async () => {
    const optional = { name: 'info', bytes: frame('I', 0), required: false, once: true };
    const { clock, mute, say, samples } = room([{ ...talker, requests: () => [optional] }]);
    mute();
    await clock.to(3000);
    say(...frame('I', 1), ...frame('V', 132), ...frame('C', 33));
    await clock.by(0);
    expect(samples()).toMatchObject([{ reading: { voltageV: 13.2, name: 'talker' } }]);
  });

  test('what queued up while the process stood still is not heard', async () => {
    const { clock, listening, say, samples } = room();
    await clock.to(1000);
    say(...frame('V', 132).slice(0, 2));
    await clock.to(3000);
    listening.stalled();
    say(...frame('V', 132).slice(2), ...frame('V', 131), ...frame('C', 33));
    await clock.to(3400);
    expect(samples()).toEqual([]);
    say(...frame('V', 132), ...frame('C', 33));
    await clock.by(0);
    expect(samples().map(({ atMs }) => atMs)).toEqual([3400]);
  });
});

describe('a family that talks in two ways', () => {
  const other: Dialect = {
    ...talker,
    id: 'other',
    requests: () => [{ name: 'info', bytes: frame('O', 0), required: true, once: true }],
  };

  test('is asked in one after the other until it answers', async () => {
    const { clock, written, say, samples } = room([other, talker]);
    await clock.to(2500);
    expect(written).toEqual(['350 O', '1050 O', '1750 I', '1800 I', '1850 R']);
    say(...frame('V', 132), ...frame('C', 33));
    await clock.by(0);
    expect(samples()).toHaveLength(1);
  });

  test('is asked in its own way at once when it comes back', async () => {
    const { clock, written, say } = room([other, talker]);
    await clock.to(2500);
    say(...frame('V', 132), ...frame('C', 33));
    await clock.to(12_000);
    expect(written.findLast((w) => w.endsWith('I') && Number.parseInt(w, 10) > 10_000)).toBeDefined();
    expect(written.filter((w) => w.endsWith('O'))).toHaveLength(2);
  });

  test('that answers in none is no such unit, and is tried again later', async () => {
    const { clock, mute, states } = room([other, talker]);
    mute();
    await clock.to(4000);
    expect(states()).toContain('lost');
  });
});
