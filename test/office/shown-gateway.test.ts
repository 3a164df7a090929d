// The gateway as the page sees it, fed by hand.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../src/log.ts';
import { patchBetween, patched } from '../../src/model/api/patch.ts';
import type { LogMessage, TalkMessage } from '../../src/model/api/wire-talk.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { BankEvent, EventKind } from '../../src/model/events.ts';
import { heardEvents } from '../../src/office/heard-events.ts';
import { shownGateway } from '../../src/office/shown-gateway.ts';
import type { OfficeAsk } from '../../src/wires/office-asks.ts';
import { bankThatIs, health } from '../web/snapshots.ts';

type Orders = Parameters<typeof shownGateway>[0];

const site: Orders['site'] = {
  batteries: [{ id: 'a', bms: 'jbd', cells: 16, has_fets: true }],
  strings: [['a']],
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.6, cell_min_V: 2.8 },
  chemistry: 'lfp',
  cell_range_V: [2.5, 3.65],
  temperature_range_C: [-15, 60],
  ages: { fresh_ms: 6000, late_ms: 15_000, lost_ms: 60_000, ramp_ms: 10_000 },
  on_partial_loss: 'reduce',
  inverters: [],
  has_history: false,
  control: 'none',
  is_demo: false,
};

function shown() {
  let nowMs = 100_000;
  let bank: BankState | undefined;
  const asks: OfficeAsk[] = [];
  const { gateway, hear, tell } = shownGateway(
    { site, links: [['a']], profiles: [], buses: [], hasGoodCopies: false, name: 'Cellar' },
    '1.2.3',
    { clock: () => nowMs, ask: (ask) => asks.push(ask), bank: () => bank },
  );
  return {
    gateway,
    hear,
    asks,
    bankIs(state: BankState) {
      bank = state;
    },
    /** A second goes by. */
    second() {
      nowMs += 1000;
      tell();
    },
    event: (id: string, kind: EventKind, more: Partial<BankEvent> = {}): BankEvent => ({
      id,
      kind,
      text: kind,
      beganAtMs: nowMs,
      ...more,
    }),
    nowMs: () => nowMs,
  };
}

describe('the live document', () => {
  test('has no member that is null, for a patch would take it away', () => {
    const { gateway, hear, bankIs } = shown();
    bankIs({
      ...bankThatIs('fresh'),
      packs: [{ id: 'a', freshness: 'fresh', reading: { temperaturesC: [20, undefined], voltageV: 52 } }],
    });
    hear.health({
      ...health,
      batteries: [
        {
          id: 'a',
          link: { state: 'connected', rssiDbm: -60 },
          rest: { what: 'reading', untilMs: 1, by: 'anna' },
        },
      ],
    });
    const members = (value: unknown): unknown[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.values(value).flatMap((inner) => [inner, ...members(inner)])
        : [];
    const live = gateway.live();
    expect(members(JSON.parse(JSON.stringify(live)))).not.toContain(null);
    expect(live.packs.a).toMatchObject({
      link: { state: 'connected', rssi_dBm: -60 },
      rest: { what: 'reading', until_ms: 1, by: 'anna' },
    });
  });

  test('changes by nothing when nothing changed: events keep their dates', () => {
    const { gateway, hear, event } = shown();
    hear.open([event('1', 'bank_stale')]);
    const before = gateway.live();
    expect(patchBetween({ ...before }, { ...gateway.live() })).toBeUndefined();
  });

  test('holds what lasts and the newest fifty that are over', () => {
    const { gateway, hear, event } = shown();
    hear.event(event('lasts', 'wire_down', { subject: 'can0' }));
    for (let i = 0; i < 300; i++) hear.event(event(`moment ${i}`, 'remark', { endedAtMs: 100_000 }));
    const { events } = gateway.live();
    expect(Object.keys(events)).toHaveLength(51);
    expect(events.lasts).toMatchObject({ kind: 'wire_down', severity: 'alarm', subject: 'can0' });
    expect(events['moment 299']).toBeDefined();
    expect(events['moment 249']).toBeUndefined();
  });

  test('shows the last ten times that the bank was late, stale or lost, newest first, with their ends', () => {
    const { gateway, hear, event, second } = shown();
    for (let i = 0; i < 12; i++) {
      hear.event(event(`${i}`, i % 2 ? 'bank_stale' : 'bank_late'));
      second();
      hear.event(
        event(`${i}`, i % 2 ? 'bank_stale' : 'bank_late', {
          endedAtMs: 101_000 + 1000 * i,
          beganAtMs: 100_000 + 1000 * i,
        }),
      );
    }
    const { trips } = gateway.live();
    expect(trips).toHaveLength(10);
    expect(trips.map(({ kind }) => kind).slice(0, 2)).toEqual(['bank_stale', 'bank_late']);
    expect(trips.every(({ began_ms, ended_ms = 0 }) => ended_ms - began_ms === 1000)).toBe(true);
  });

  test('remembers what was over before this office began, and does not put it before what came since', () => {
    const heard = heardEvents(
      (atMs) => atMs + 5000,
      () => undefined,
    );
    heard.take({ id: 'new', kind: 'bank_late', text: 'late', beganAtMs: 9000, endedAtMs: 9500 });
    const old = { severity: 'info', text: 'late', ended_ms: 8000 } as const;
    heard.remember([
      { ...old, id: 'old', kind: 'bank_late', began_ms: 7000 },
      { ...old, id: 'new', kind: 'bank_late', began_ms: 7500 },
      { ...old, id: 'of another version', kind: 'bank_asleep', began_ms: 7600 },
      { id: 'lasts', kind: 'bank_stale', severity: 'info', text: 'stale', began_ms: 7700 },
    ]);
    expect(heard.trips().map(({ began_ms }) => began_ms)).toEqual([14_000, 7000]);
    expect(Object.keys(heard.shown())).toEqual(['old', 'new']);
  });

  test('setting the clock dates anew what this office heard, and leaves what was written before it came', () => {
    let apartMs = 5000;
    const heard = heardEvents(
      (atMs) => atMs + apartMs,
      () => undefined,
    );
    heard.remember([
      { id: 'old', kind: 'bank_late', severity: 'info', text: 'late', began_ms: 7000, ended_ms: 8000 },
      { id: 'later', kind: 'bank_late', severity: 'info', text: 'late', began_ms: 9000, ended_ms: 9500 },
    ]);
    heard.take({ id: 'new', kind: 'bank_late', text: 'late', beganAtMs: 1000, endedAtMs: 3000 });
    apartMs += 864_000_000;
    const dates = [
      [864_006_000, 864_008_000],
      [9000, 9500],
      [7000, 8000],
    ];
    expect(heard.trips().map(({ began_ms, ended_ms }) => [began_ms, ended_ms])).toEqual(dates);
    expect(heard.past().map(({ began_ms, ended_ms }) => [began_ms, ended_ms])).toEqual(dates);
  });

  test('an event that ends is patched to its end', () => {
    const { gateway, hear, event } = shown();
    hear.event(event('1', 'bank_stale'));
    const before = gateway.live();
    hear.event(event('1', 'bank_stale', { endedAtMs: 104_000 }));
    const after = gateway.live();
    expect(patched({ ...before }, patchBetween({ ...before }, { ...after }))).toEqual(after);
  });
});

describe('who looks', () => {
  test('is told to the wires when the first page asks, and when no page has asked for three seconds', () => {
    const { gateway, asks, second } = shown();
    gateway.live();
    gateway.live();
    expect(asks).toEqual([{ type: 'watch', talk: false, page: true }]);
    second();
    gateway.live();
    for (let s = 0; s < 3; s++) second();
    expect(asks.at(-1)).toEqual({ type: 'watch', talk: false, page: false });
    expect(asks).toHaveLength(2);
  });

  test('at the wires is told with the first and the last of them', () => {
    const { gateway, asks } = shown();
    const ends = [gateway.watchTalk(() => {}), gateway.watchTalk(() => {})];
    for (const end of ends) end();
    expect(asks).toEqual([
      { type: 'watch', talk: true, page: false },
      { type: 'watch', talk: false, page: false },
    ]);
  });
});

describe('what goes over the wires', () => {
  const frame = ['frame', 5, 'can0', '>', 0x351, false, Uint8Array.of(1, 2)] as const;

  test('is told once a second in hex', () => {
    const { gateway, hear, second } = shown();
    const told: TalkMessage[] = [];
    gateway.watchTalk((message) => told.push(message));
    hear.tape({
      type: 'tape',
      from: 'wires',
      number: 0,
      entries: [
        frame,
        ['modbus', 6, 'ems', 1, Uint8Array.of(3, 0), null],
        ['telegram', 7, 'rs', 2, Uint8Array.of(0x7e), Uint8Array.of(9)],
        ['codec', 7, 'rs', 0x61, 2, Uint8Array.of(9)],
      ],
    });
    second();
    expect(told).toEqual([
      expect.objectContaining({
        skipped: 0,
        items: [
          { kind: 'frame', at_ms: 5, wire: 'can0', way: '>', id: 0x351, hex: '0102' },
          { kind: 'modbus', at_ms: 6, inverter: 'ems', unit: 1, request: '0300', reply: null },
          { kind: 'telegram', at_ms: 7, inverter: 'rs', address: 2, request: '7e', reply: '09' },
        ],
      }),
    ]);
  });

  test('is never more than 200 a second; the others, and those that were lost on the way, are counted', () => {
    const { gateway, hear, second } = shown();
    const told: TalkMessage[] = [];
    gateway.watchTalk((message) => told.push(message));
    const entries = Array.from({ length: 150 }, () => frame);
    for (const number of [0, 150, 310]) hear.tape({ type: 'tape', from: 'wires', number, entries });
    hear.tape({ type: 'tape', from: 'wires', number: 460, entries: [['skipped', 1, 7]] });
    second();
    second();
    expect(told.map(({ items, skipped }) => [items.length, skipped])).toEqual([
      [200, 250 + 10 + 7],
      [0, 0],
    ]);
  });

  test('of batteries, and what is for the black box alone, is not shown', () => {
    const { gateway, hear, second } = shown();
    const told: TalkMessage[] = [];
    gateway.watchTalk((message) => told.push(message));
    hear.tape({ type: 'tape', from: 'ear', number: 0, entries: [['raw', 1, 'a', '>', Uint8Array.of(1)]] });
    hear.tape({ type: 'tape', from: 'wires', number: 0, entries: [['say', 1, 'house', 'beat', []]] });
    second();
    expect(told[0]).toMatchObject({ items: [], skipped: 0 });
  });
});

describe('the log', () => {
  const line = (said: string): LogLine => ({
    level: 'notice',
    room: 'ble',
    battery: 'a',
    wallMs: 5,
    said,
    text: '',
  });

  test('is told from its last 300 lines on, until the reader leaves', () => {
    const { gateway, hear } = shown();
    for (let i = 0; i < 400; i++) hear.line(line(`${i}`));
    const heard: LogMessage[] = [];
    const end = gateway.watchLog((message) => heard.push(message));
    hear.ownLine(line('mine'));
    end();
    hear.line(line('unheard'));
    expect(heard).toHaveLength(301);
    expect(heard[0]?.text).toBe('100');
    expect(heard.at(-1)).toEqual({ wall_ms: 5, level: 'notice', room: 'ble', battery: 'a', text: 'mine' });
  });
});

describe('a wish', () => {
  test('goes to the wires with its number, tells its steps, and ends with why', async () => {
    const { gateway, hear, asks } = shown();
    const steps: string[] = [];
    const leaving = new AbortController();
    const done = gateway.wish(
      'a',
      { kind: 'raw', hex: 'dda50300fffd77', confirmed: 'a' },
      'anna',
      (step) => steps.push(step),
      leaving.signal,
    );
    expect(asks).toEqual([
      {
        type: 'wish',
        number: 1,
        battery: 'a',
        by: 'anna',
        wish: { kind: 'errand', errand: { kind: 'raw', hex: 'dda50300fffd77' }, confirmed: 'a' },
      },
    ]);
    hear.wished({ type: 'wished', number: 1, say: 'a: dd 03' });
    leaving.abort();
    hear.wished({ type: 'wished', number: 1, end: true, why: 'a: left' });
    expect(await done).toEqual({ why: 'a: left' });
    expect(steps).toEqual(['a: dd 03']);
    expect(asks.at(-1)).toEqual({ type: 'left', number: 1 });
  });
});

describe('without a history', () => {
  test('events are those since this office began, newest first; a course and an acknowledgement are refused', async () => {
    const { gateway, hear, event, bankIs, second } = shown();
    bankIs(bankThatIs('fresh'));
    hear.event(event('1', 'wire_open', { endedAtMs: 100_000 }));
    second();
    hear.event(event('2', 'bank_stale'));
    const events = await gateway.events({ most: 10 });
    expect(events).toMatchObject([{ id: '2' }, { id: '1' }]);
    expect(Array.isArray(events) && events[0]?.snapshot?.voltage_V).toBeDefined();
    expect(await gateway.events({ most: 10, isOpen: true })).toMatchObject([{ id: '2' }]);
    expect(await gateway.course({ fromMs: 0, toMs: 1, columns: ['soc_pct'], points: 10 })).toEqual({
      why: expect.stringContaining('set `history:`'),
    });
    expect(await gateway.acknowledge('2', 'anna')).toEqual({ why: expect.stringContaining('history') });
  });
});

test('the site knows its version and its name', () => {
  expect(shown().gateway.site()).toMatchObject({ version: '1.2.3', gateway: 'Cellar', chemistry: 'lfp' });
});
