// A household with a real broker: what Home Assistant would see, whatever comes first, goes away or is called otherwise.
import { describe, expect, type TestContext, test } from 'vitest';
import { bankOf, once, pack } from '../bank/room.ts';
import { until } from '../house/until.ts';
import { named } from '../modbus/wires.ts';
import { HomeAssistant } from './home-assistant.ts';
import {
  battery,
  type HouseholdOptions,
  healthAt,
  household,
  planOf,
  showing,
  stateOf,
  usual,
} from './household.ts';
import { type Listener, leave, listen, say } from './listener.ts';
import { noMosquitto, startBroker } from './mosquitto.ts';

const STATUS = 'bmsgate/3f9c2a71/status';
const BIRTH = 'homeassistant/status';
const discovery = (device: string) => `homeassistant/device/bmsgate_3f9c2a71${device}/config`;
const BATTERY_B = discovery('_b_a4c138000002');

const houses = async (context: TestContext, options: HouseholdOptions = {}) => {
  const broker = await startBroker(context);
  const listener = await listen(context, broker.port);
  return { broker, listener, open: (more = options) => household(context, broker.port, more) };
};

const seen = ({ all }: Listener) => new HomeAssistant(all);
const shows = (listener: Listener, name: string, value: string, limitMs = 5000) =>
  until(`${name} is ${value}`, limitMs, () => seen(listener).shows(name) === value);
const isUp = (listener: Listener) => until('online', 10_000, () => listener.last(STATUS) === 'online');

/** All that the gateway said until now has arrived: somebody else said something later, and that has. */
async function settled(port: number, { at }: Listener): Promise<void> {
  const before = at('test/mark').length;
  await say(port, 'test/mark', 'now');
  await until('the mark', 5000, () => at('test/mark').length > before);
}

/** What lies at the broker for somebody who comes later. */
async function kept(context: TestContext, port: number): Promise<Map<string, string>> {
  const later = await listen(context, port);
  return new Map(later.all.filter(({ retain }) => retain).map(({ topic, payload }) => [topic, payload]));
}

describe.skipIf(noMosquitto)(named('Home Assistant', noMosquitto), { timeout: 300_000 }, () => {
  test('shows the gateway, the bank and each battery, with nothing to complain of', async (context) => {
    const { listener, open } = await houses(context);
    const here = open();
    here.see();
    await isUp(listener);
    await here.live(3000);
    await shows(listener, 'battery2_cell_07', '3.28');
    await shows(listener, 'gateway_inverter_house_link', 'ON');
    const home = seen(listener);
    expect(home.complaints).toEqual([]);
    expect(showing(home, ['battery1_soc', 'battery2_soc', 'battery1_cycles', 'battery2_cycles'])).toEqual([
      '80',
      '60',
      '12',
      undefined,
    ]);
    expect(
      showing(home, ['bank_soc', 'bank_voltage', 'bank_current', 'bank_power', 'bank_charge_power']),
    ).toEqual(['70', '52.8', '-20', '-1056', '0']);
    expect(showing(home, ['bank_discharge_power', 'bank_cell_delta', 'bank_cell_min_id'])).toEqual([
      '1056',
      '20',
      'b cell 07',
    ]);
    expect(
      showing(home, ['bank_problem', 'bank_charge_allowed', 'battery1_charging', 'battery1_ble_link']),
    ).toEqual(['OFF', 'ON', 'OFF', 'ON']);
    expect(
      showing(home, ['gateway_can_errors', 'gateway_inverter_house_profile', 'gateway_disk_free']),
    ).toEqual(['3', 'pylontech-lv@1.2.0', '1235']);
    expect(showing(home, ['battery1_rssi', 'battery2_rssi'])).toEqual(['-71', undefined]);
    expect(home.find('battery1_rssi')?.config).toMatchObject({
      enabled_by_default: false,
      unit_of_measurement: 'dBm',
    });
    expect(home.shows('gateway_inverter_house_last_seen')).toMatch(/^2026-06-01T(11:59:5|12:00:0)\d\.000Z$/);
    expect([...new Set([...home.entities.values()].map(({ device }) => device))]).toEqual([
      'Cellar',
      'Cellar bank',
      'Cellar battery a',
      'Cellar battery b',
    ]);
  });

  test('finds discovery and availability kept, and no state: a value of yesterday would look alive', async (context) => {
    const { broker, listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    await here.live(2000);
    await shows(listener, 'battery1_soc', '80');
    const topics = [...(await kept(context, broker.port)).keys()].sort();
    expect(topics).toEqual([
      'bmsgate/3f9c2a71/bank/availability',
      'bmsgate/3f9c2a71/battery/a4c138000001/availability',
      'bmsgate/3f9c2a71/battery/a4c138000002/availability',
      STATUS,
      discovery(''),
      discovery('_b_a4c138000001'),
      BATTERY_B,
      discovery('_bank'),
    ]);
  });

  test('that is there first, with its birth message, sees all of it', async (context) => {
    const { broker, listener, open } = await houses(context);
    await leave(broker.port, BIRTH, 'online');
    const here = open();
    here.see();
    await isUp(listener);
    await here.live(2000);
    await shows(listener, 'battery2_soc', '60');
    // The kept birth message is older than this gateway: it is announced once.
    expect(listener.at(discovery('_bank'))).toHaveLength(1);
  });

  test('that starts later is told everything again: discovery, then availability, then states', async (context) => {
    const { broker, listener, open } = await houses(context, { random: () => 0.5 });
    const here = open();
    await isUp(listener);
    await here.live(4000);
    await shows(listener, 'battery1_soc', '80');
    await settled(broker.port, listener);
    const before = listener.all.length;
    const timers = here.clock.pending();
    await say(broker.port, BIRTH, 'online');
    await say(broker.port, BIRTH, 'online');
    await until('it is heard, once for both', 5000, () => here.clock.pending() === timers + 1);
    await here.live(2000);
    expect(
      listener.all.slice(before).filter(({ topic }) => topic.startsWith('homeassistant/device')),
    ).toEqual([]);
    await here.live(1000);
    const late = await until('a whole Home Assistant', 5000, () => {
      const home = new HomeAssistant(listener.all.slice(before));
      return home.shows('battery2_cell_07') === '3.28' && home;
    });
    expect(late.complaints).toEqual([]);
    expect(late.shows('bank_problem')).toBe('OFF');
    const topics = listener.all.slice(before).map(({ topic }) => topic);
    const first = (part: string) => topics.findIndex((topic) => topic.includes(part));
    const last = (part: string) => topics.findLastIndex((topic) => topic.includes(part));
    expect(last('/device/')).toBeLessThan(first('3f9c2a71/status'));
    expect(topics.filter((topic) => topic === discovery('_bank'))).toHaveLength(1);
  });

  test('is given back everything after the broker was started anew with nothing kept, and is not flooded', async (context) => {
    const { broker, listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    await here.live(3000);
    await broker.stop();
    await until('the loss is known', 5000, () => here.news.some((text) => text.startsWith('lost')));
    // A day without a broker: a snapshot each second would be 86 400 of them.
    for (let minute = 0; minute < 24 * 60; minute++) {
      here.see();
      await here.clock.by(60_000);
      if (minute < 5)
        await until('a call that failed', 5000, () => here.news.some((t) => t.startsWith('away')));
    }
    await broker.start();
    const again = await listen(context, broker.port);
    here.see();
    await here.clock.by(60_000);
    here.see();
    await until('online again', 10_000, () => again.last(STATUS) === 'online');
    await here.live(2000);
    await shows(again, 'battery2_cell_07', '3.28');
    const perTopic = Map.groupBy(again.all, ({ topic }) => topic);
    for (const [topic, messages] of perTopic)
      expect([topic, messages.length]).toEqual([topic, expect.toSatisfy((n: number) => n <= 4)]);
    expect(here.news.filter((text) => text === 'here')).toHaveLength(2);
  });

  test('loses the sixteenth cell of a battery that is said to have fifteen now, and keeps the others', async (context) => {
    const { listener, open } = await houses(context);
    const first = open();
    await isUp(listener);
    await first.live(2000);
    await shows(listener, 'battery2_cell_16', '3.3');
    const uniqueId = seen(listener).find('battery2_cell_15')?.uniqueId;
    await first.home.end();
    const plan = planOf({ batteries: [battery('a', 1), battery('b', 2, { cells: 15 })] });
    open({ plan, known: first.known() });
    await until('cell 16 is gone', 10_000, () => !seen(listener).find('battery2_cell_16'));
    expect(seen(listener).find('battery2_cell_15')?.uniqueId).toBe(uniqueId);
    const [removal = '', after = ''] = listener.at(BATTERY_B).slice(-2);
    expect(JSON.parse(removal).components.cell_16).toEqual({ platform: 'sensor' });
    expect(JSON.parse(after).components).not.toHaveProperty('cell_16');
    expect(seen(listener).complaints).toEqual([]);
  });

  test.for([
    ['remembered', true],
    ['found at the broker within 5 s, where nothing is remembered', false],
  ] as const)('loses a battery that was taken out of the file: %s', async ([, remembers], context) => {
    const { broker, listener, open } = await houses(context);
    const first = open();
    await isUp(listener);
    await first.live(2000);
    await shows(listener, 'battery2_soc', '60');
    await first.home.end();
    const plan = planOf({ batteries: [battery('a', 1, { cells: 15 })] });
    const next = open({ plan, ...(remembers && { known: first.known() }) });
    await until('online again', 10_000, () => listener.at(STATUS).slice(-2).join() === 'offline,online');
    await next.live(6000, { a: usual.a ?? {} });
    await until('battery 2 is gone', 10_000, () => listener.last(BATTERY_B) === '');
    await until('cell 16 is gone', 10_000, () => !seen(listener).find('battery1_cell_16'));
    expect(seen(listener).find('battery2_soc')).toBeUndefined();
    // Until it is found, a cell that nobody remembers has no value.
    expect(seen(listener).complaints.filter((text) => remembers || !text.includes('no cell_16'))).toEqual([]);
    const topics = await kept(context, broker.port);
    expect([topics.has(BATTERY_B), topics.has('bmsgate/3f9c2a71/battery/a4c138000002/availability')]).toEqual(
      [false, !remembers],
    );
    await until('it is known that all is clean', 5000, () => !next.known().devices[BATTERY_B]);
    // What the broker alone remembered of optional entities is no reason to take them away and bring them back.
    expect(seen(listener).find('battery1_cycles')).toBeDefined();
  });

  test('knows a battery again that is called otherwise and stands elsewhere in the file', async (context) => {
    const { listener, open } = await houses(context);
    const first = open();
    await isUp(listener);
    await first.live(4000);
    await until('all that b told', 10_000, () => seen(listener).find('battery2_temperature_2'));
    const ids = [...seen(listener).entities.keys()].sort();
    await first.home.end();
    const [a, b] = [
      battery('left', 2, { key: 'a4c138000001' }),
      battery('right', 1, { key: 'a4c138000002' }),
    ];
    const next = open({ plan: planOf({ name: 'Garage', batteries: [b, a] }), known: first.known() });
    await until('online again', 10_000, () => listener.at(STATUS).slice(-2).join() === 'offline,online');
    await next.live(2000, { left: usual.a ?? {}, right: usual.b ?? {} });
    await until('its new name', 10_000, () =>
      listener.all.some(({ payload }) => payload.includes('Garage battery left')),
    );
    const home = seen(listener);
    expect([...home.entities.keys()].sort()).toEqual(ids);
    expect(home.entities.get('bmsgate_3f9c2a71_b_a4c138000001_soc')?.state).toBe('80');
    expect(home.complaints).toEqual([]);
  });

  test('shows a battery that falls silent as unavailable, with its age and its problem in sight', async (context) => {
    const { listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    await here.live(2000);
    await shows(listener, 'battery1_soc', '80');
    const state = stateOf(usual, here.clock.now());
    // Still evaluated, no more samples.
    for (let s = 0; s < 40; s++) {
      await here.clock.by(1000);
      const now = here.clock.now();
      const packs = state.packs.map((p) => ({
        ...p,
        freshness: s > 15 ? ('stale' as const) : ('late' as const),
      }));
      here.home.health(healthAt(now));
      here.home.state({ ...state, evaluatedAtMs: now, freshness: packs[0]?.freshness ?? 'stale', packs });
    }
    await shows(listener, 'battery1_soc', 'unavailable');
    await shows(listener, 'battery1_problem', 'ON');
    await until('its age', 5000, () => Number(seen(listener).shows('battery1_data_age')) > 30);
    const home = seen(listener);
    expect(showing(home, ['battery1_ble_link', 'battery1_problem_text', 'bank_soc', 'bank_problem'])).toEqual(
      ['OFF', 'data stale', 'unavailable', 'ON'],
    );
    expect(home.shows('gateway_stale_data_signalled')).toBe('ON');
    expect(home.find('battery1_soc')?.state).toBe('unknown');
    expect(home.shows('bank_energy_charged')).toBe('0');
    expect(home.complaints).toEqual([]);
  });

  test('believes nothing of a gateway whose wires say nothing any more', async (context) => {
    const { listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    await here.live(2000);
    await shows(listener, 'bank_charge_allowed', 'ON');
    await shows(listener, 'bank_charge_current_limit', '95');
    await here.clock.by(20_000);
    await shows(listener, 'bank_charge_allowed', 'unknown');
    for (const name of [
      'bank_problem',
      'bank_charge_current_limit',
      'battery1_problem',
      'battery1_ble_link',
      'gateway_inverter_house_link',
    ])
      await shows(listener, name, 'unknown');
    await shows(listener, 'battery1_soc', 'unavailable');
    await here.live(12_000);
    await shows(listener, 'bank_charge_allowed', 'ON');
    expect(seen(listener).complaints).toEqual([]);
  });

  test('is not told that all is well with a bank of which nothing was heard yet', async (context) => {
    const { listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    const silent = once(bankOf([[pack('a')], [pack('b')]]), {}, here.clock.now());
    expect(silent.freshness).toBe('never');
    here.home.state(silent);
    await here.clock.by(3000);
    await shows(listener, 'bank_batteries_online', '0');
    expect(showing(seen(listener), ['bank_problem', 'bank_problem_text', 'battery1_problem'])).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  test('is told of events at once, and nothing of it is kept', async (context) => {
    const { listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    const text = 'cell 7 of a is at 3.66 V';
    here.home.event({
      id: '1-1',
      kind: 'protection',
      subject: 'a',
      alarm: 'cell_high_voltage',
      text,
      beganAtMs: 1000,
      peak: { quantity: 'max_cell_voltage_V', value: 3.66 },
    });
    await until('the event', 5000, () => listener.last('bmsgate/3f9c2a71/event'));
    expect(JSON.parse(listener.last('bmsgate/3f9c2a71/event') ?? '')).toEqual({
      id: '1-1',
      kind: 'protection',
      severity: 'alarm',
      subject: 'a',
      alarm: 'cell_high_voltage',
      text,
      details: {},
      began: '2026-06-01T12:00:01.000Z',
      ended: null,
      peak: { quantity: 'max_cell_voltage_V', value: 3.66 },
    });
  });

  test('can command nothing: birth messages and discovery are all that is asked for', async (context) => {
    const { broker, listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    await here.live(6000);
    const asked = () => [...broker.log().matchAll(/bmsgate_3f9c2a71 \d (\S+)/g)].map(([, topic]) => topic);
    await until('unsubscribed', 5000, () => /UNSUBSCRIBE from bmsgate_3f9c2a71/.test(broker.log()));
    expect([...new Set(asked())].sort()).toEqual(['homeassistant/device/+/config', BIRTH]);
    expect(listener.all.filter(({ payload }) => payload.includes('command'))).toEqual([]);
  });

  test('hears `offline` when the gateway stops as well as when it is gone without leave', async (context) => {
    const { broker, listener, open } = await houses(context);
    const here = open();
    await isUp(listener);
    await here.home.end();
    await until('offline', 5000, () => listener.last(STATUS) === 'offline');
    await until('leave is taken', 5000, () =>
      broker.log().includes('Received DISCONNECT from bmsgate_3f9c2a71'),
    );
    expect((await kept(context, broker.port)).get(STATUS)).toBe('offline');
  });
});
