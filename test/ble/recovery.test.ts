// What is tried when a unit is heard but cannot be read: the mildest first, and never at the others' cost again and again.
import { describe, expect, test } from 'vitest';
import type { EarReport, Rung } from '../../src/ble/orders.ts';
import { type RecoveryRadio, recoveryLadder } from '../../src/ble/recovery.ts';

/** A house with radios whose reports the test makes up; its clock turns by hand. */
function house(radios: readonly RecoveryRadio[]) {
  const ladder = recoveryLadder(radios);
  let nowMs = 0;
  const moves: string[] = [];
  const note = (list: ReturnType<typeof ladder.hear>) => {
    for (const { radio, battery, rung, outcome } of list)
      moves.push(`${nowMs / 1000} s: ${radio} ${battery} ${rung} ${outcome}`);
  };
  const hear = (report: EarReport) => note(ladder.hear(report, nowMs));
  const link = (
    battery: string,
    ...states: readonly ('found' | 'connecting' | 'connected' | 'lost' | 'resting' | 'let go')[]
  ) => {
    for (const state of states) hear({ type: 'link', battery, state });
  };
  return {
    moves,
    hear,
    link,
    read: (battery: string) => hear({ type: 'sample', battery, atMs: nowMs, reading: {} }),
    /** An attempt on a unit that is on the air. */
    fail: (battery: string) => link(battery, 'found', 'connecting', 'lost'),
    loseLink: (battery: string) => hear({ type: 'link', battery, state: 'lost', wasOpen: true }),
    unheard: (battery: string) => link(battery, 'lost'),
    cannot: (battery: string, radio: string, rung: Rung) =>
      hear({ type: 'recovery', radio, battery, rung, outcome: 'not possible', why: 'no' }),
    to: (seconds: number) => {
      while (nowMs < seconds * 1000) {
        nowMs += 1000;
        note(ladder.look(nowMs));
      }
    },
    take: () => moves.splice(0),
  };
}

const one = { name: 'hci0', hasStandIn: false, batteries: ['a'] };
const two = { ...one, batteries: ['a', 'b'] };

/** So many seconds of attempts on `a` that fail, one each ten, while the others are read. */
function struggle(
  h: ReturnType<typeof house>,
  fromS: number,
  toS: number,
  others: readonly string[] = [],
): void {
  for (let s = fromS; s <= toS; s++) {
    h.to(s);
    for (const other of others) h.read(other);
    if (s % 10 === 0) h.fail('a');
  }
}

describe('a unit that is heard but cannot be connected', () => {
  test('gets every rung in turn, each with time to show that it helped', () => {
    const h = house([{ ...one, hasStandIn: true }]);
    struggle(h, 1, 150);
    expect(h.moves).toEqual([
      '30 s: hci0 a disconnect tried',
      '40 s: hci0 a disconnect did not help',
      '40 s: hci0 a forget tried',
      '50 s: hci0 a forget did not help',
      '50 s: hci0 a power cycle tried',
      '70 s: hci0 a power cycle did not help',
      '70 s: hci0 a restart tried',
      '90 s: hci0 a restart did not help',
      '90 s: hci0 a stand-in tried',
      '120 s: hci0 a stand-in did not help',
    ]);
  });

  test('is left in peace as soon as it is read again, and begins anew at the mildest', () => {
    const h = house([one]);
    struggle(h, 1, 40);
    h.to(45);
    h.read('a');
    expect(h.take().at(-1)).toBe('45 s: hci0 a forget helped');
    struggle(h, 46, 80);
    expect(h.take()).toEqual([
      '70 s: hci0 a disconnect tried',
      '80 s: hci0 a disconnect did not help',
      '80 s: hci0 a forget tried',
    ]);
  });

  test('goes on with the next rung at once where one cannot be done, and that one is not tried again', () => {
    const h = house([one]);
    struggle(h, 1, 40);
    h.cannot('a', 'hci0', 'forget');
    h.cannot('a', 'hci0', 'power cycle');
    expect(h.take().slice(2)).toEqual([
      '40 s: hci0 a forget tried',
      '40 s: hci0 a power cycle tried',
      '40 s: hci0 a restart tried',
    ]);
    h.read('a');
    struggle(h, 41, 400);
    expect(h.take().filter((m) => /forget|power cycle/.test(m))).toEqual([]);
  });

  test('that is alone costs an adapter power cycle at most every 10 min and a restart every 5 min, later and later', () => {
    const h = house([one]);
    struggle(h, 1, 4 * 3600);
    const times = (rung: Rung) =>
      h.moves.filter((m) => m.endsWith(`${rung} tried`)).map((m) => Number.parseInt(m, 10));
    const gaps = (list: readonly number[]) => list.slice(1).map((t, i) => t - (list[i] ?? 0));
    expect(gaps(times('power cycle'))).toEqual(
      [600, 1200, 2400, 3600, 3600].map((s) => expect.closeTo(s, -2)),
    );
    expect(gaps(times('restart')).slice(0, 4)).toEqual(
      [300, 600, 1200, 2400].map((s) => expect.closeTo(s, -2)),
    );
  });
});

describe('a weak unit among healthy ones', () => {
  test('that was never read costs them nothing', () => {
    const h = house([two]);
    struggle(h, 1, 7200, ['b']);
    expect(h.moves.filter((m) => m.endsWith('tried'))).toEqual([
      '30 s: hci0 a disconnect tried',
      '40 s: hci0 a forget tried',
    ]);
  });

  test('that was read before costs them one power cycle and one restart', () => {
    const h = house([two]);
    h.read('a');
    struggle(h, 1, 7200, ['b']);
    expect(h.moves.filter((m) => /(power cycle|restart|stand-in) tried/.test(m))).toEqual([
      '50 s: hci0 a power cycle tried',
      '70 s: hci0 a restart tried',
    ]);
  });

  test('that comes and goes costs them a power cycle at most every 10 min', () => {
    const h = house([two]);
    for (let s = 0; s < 7200; s += 120) {
      h.to(s);
      h.read('a');
      struggle(h, s + 1, s + 119, ['b']);
    }
    const cycles = h.moves.filter((m) => m.endsWith('power cycle tried')).length;
    expect(cycles).toBeGreaterThan(1);
    expect(cycles).toBeLessThanOrEqual(12);
  });

  test('does not move the batteries of an adapter that works', () => {
    const h = house([{ ...two, hasStandIn: true }]);
    h.read('a');
    struggle(h, 1, 3600, ['b']);
    expect(h.moves.filter((m) => m.includes('stand-in'))).toEqual([]);
  });

  test('on another adapter holds nobody back there, but a restart would cost them', () => {
    const h = house([one, { name: 'hci1', hasStandIn: false, batteries: ['b'] }]);
    struggle(h, 1, 600, ['b']);
    expect(h.moves.filter((m) => m.endsWith('tried')).map((m) => m.split(' a ')[1])).toEqual([
      'disconnect tried',
      'forget tried',
      'power cycle tried',
    ]);
  });
});

describe('what is no failure of the radio', () => {
  test('a unit that is never heard', () => {
    const h = house([one]);
    for (let s = 10; s < 3600; s += 10) {
      h.to(s);
      h.unheard('a');
    }
    expect(h.moves).toEqual([]);
  });

  test('a device that takes a link and never answers: it may be no BMS', () => {
    const h = house([one]);
    for (let s = 10; s < 3600; s += 10) {
      h.to(s);
      h.link('a', 'found', 'connecting', 'connected');
      h.loseLink('a');
    }
    expect(h.moves).toEqual([]);
  });

  test('a link that is given back', () => {
    const h = house([one]);
    for (let s = 10; s < 3600; s += 10) {
      h.to(s);
      h.link('a', 'found', 'connecting', 'connected');
      h.read('a');
      h.link('a', 'resting');
    }
    expect(h.moves).toEqual([]);
  });
});

test('links of a known unit that give no sample are evidence', () => {
  const h = house([one]);
  h.read('a');
  for (let s = 10; s <= 40; s += 10) {
    h.to(s);
    h.link('a', 'found', 'connecting');
    h.loseLink('a');
  }
  expect(h.moves[0]).toBe('30 s: hci0 a disconnect tried');
});

describe('an adapter that is away', () => {
  const adapter = (state: 'ready' | 'missing' | 'off'): EarReport => ({
    type: 'adapter',
    radio: 'hci0',
    state,
  });

  test('for a minute gives its batteries to its stand-in, once', () => {
    const h = house([{ ...two, hasStandIn: true }]);
    h.to(5);
    h.hear(adapter('missing'));
    h.to(30);
    h.hear(adapter('missing')); // a new ear
    h.to(600);
    expect(h.moves).toEqual(['65 s: hci0 a stand-in tried']);
  });

  test('finds its stand-in taken by another', () => {
    const h = house([
      { ...one, hasStandIn: true },
      { name: 'hci1', hasStandIn: true, batteries: ['b'] },
    ]);
    for (const radio of ['hci0', 'hci1']) h.hear({ type: 'adapter', radio, state: 'missing' });
    h.to(600);
    expect(h.moves).toEqual(['60 s: hci0 a stand-in tried']);
  });

  test('and comes back keeps them', () => {
    const h = house([{ ...two, hasStandIn: true }]);
    h.hear(adapter('off'));
    h.to(50);
    h.hear(adapter('ready'));
    h.to(600);
    expect(h.moves).toEqual([]);
  });
});

describe('a battery that a person lets rest', () => {
  test('is not healed: nothing is tried, and nothing is judged that was tried before', () => {
    const h = house([one]);
    h.read('a');
    for (let i = 0; i < 3; i++) {
      h.to((i + 1) * 10);
      h.fail('a');
    }
    expect(h.take()).toEqual(['30 s: hci0 a disconnect tried']);
    h.link('a', 'let go');
    h.to(700);
    expect(h.take()).toEqual([]);
  });

  test('begins anew when it is read again: its old failures count no more', () => {
    const h = house([one]);
    h.read('a');
    h.fail('a');
    h.fail('a');
    h.link('a', 'let go');
    h.to(600);
    h.fail('a');
    h.fail('a');
    expect(h.take()).toEqual([]);
    h.fail('a');
    expect(h.take()).toEqual(['600 s: hci0 a disconnect tried']);
  });
});
