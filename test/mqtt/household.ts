// A gateway in a household: the office's MQTT part as it runs, on a clock that is cranked by hand, at a real broker.
import type { TestContext } from 'vitest';
import type { BankState } from '../../src/model/bank-state.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import type { Health } from '../../src/model/wire-health.ts';
import { type Announced, nothingAnnounced } from '../../src/mqtt/announced.ts';
import { dialer, type ReadSecret } from '../../src/mqtt/dial.ts';
import { Home } from '../../src/mqtt/home.ts';
import type { Dial } from '../../src/mqtt/link.ts';
import type { BatteryPlan, HomePlan } from '../../src/mqtt/plan.ts';
import { statusTopic } from '../../src/mqtt/plan.ts';
import { type BrokerPlace, type Trouble, troubleText } from '../../src/mqtt/trouble.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { crank } from '../ble/crank.ts';
import type { HomeAssistant } from './home-assistant.ts';

export const battery = (id: string, number: number, more: Partial<BatteryPlan> = {}): BatteryPlan => ({
  id,
  number,
  key: `a4c13800000${number}`,
  cells: 16,
  family: 'JBD',
  isWired: false,
  ...more,
});

export const planOf = (more: Partial<HomePlan> = {}): HomePlan => ({
  gatewayId: '3f9c2a71',
  name: 'Cellar',
  discoveryPrefix: 'homeassistant',
  topic: 'bmsgate',
  birthTopic: 'homeassistant/status',
  version: '0.1.0',
  batteries: [battery('a', 1), battery('b', 2)],
  inverters: ['house'],
  ...more,
});

/** Two strings of one pack; the weakest cell is the seventh of b. */
export const usual: Readonly<Record<string, BatteryReading>> = {
  a: reading({ socPct: 80, cycles: 12, remainingCapacityAh: 80 }),
  b: reading({ socPct: 60, cellVoltagesV: Array(16).fill(3.3).with(6, 3.28), remainingCapacityAh: 60 }),
};

export const stateOf = (readings: Readonly<Record<string, BatteryReading>> = usual, atMs = 0): BankState =>
  once(
    bankOf(
      Object.keys(readings).map((id) => [pack(id, { cells: readings[id]?.cellVoltagesV?.length ?? 16 })]),
    ),
    readings,
    atMs,
  );

export const healthAt = (atMs: number): Health => ({
  atMs,
  wires: [
    {
      name: 'can0',
      kind: 'can',
      state: 'open',
      counts: { sent: 100, refused: 2, busOff: 1 },
      asked: [],
      askedOthers: 0,
      inverters: [
        {
          id: 'house',
          profile: 'pylontech-lv@1.2.0',
          voice: 'heard',
          telling: 'the truth',
          heard: 9,
          heardAtMs: atMs - 500,
        },
      ],
    },
  ],
  children: [],
  batteries: [
    { id: 'a', link: { state: 'connected', rssiDbm: -71 } },
    { id: 'b', link: { state: 'lost', rssiDbm: -93 } },
  ],
});

export interface HouseholdOptions {
  readonly plan?: HomePlan;
  readonly place?: Partial<BrokerPlace>;
  readonly password?: string | ReadSecret;
  readonly ca?: ReadSecret;
  readonly random?: () => number;
  /** What an earlier start left behind. */
  readonly known?: Announced;
  /** A broker that is made up. */
  readonly dial?: Dial;
}

const WALL_MS = Date.UTC(2026, 5, 1, 12);

export function household(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  port: number,
  options: HouseholdOptions = {},
) {
  const { plan = planOf(), password, ca = () => undefined } = options;
  const place: BrokerPlace = { host: '127.0.0.1', port, isTls: false, ...options.place };
  const clock = crank();
  const news: string[] = [];
  const said: string[] = [];
  let known = options.known ?? nothingAnnounced;
  const texts = (what: string) => (trouble: Trouble) =>
    void news.push(`${what}: ${troubleText(trouble, place)}`);
  const session = {
    clientId: `bmsgate_${plan.gatewayId}`,
    will: { topic: statusTopic(plan), payload: 'offline' },
  };
  const secret: ReadSecret =
    typeof password === 'function'
      ? password
      : () => (password === undefined ? undefined : { text: password });
  const home = new Home(plan, {
    clock: clock.now,
    after: clock.after,
    random: options.random ?? (() => 0),
    wallMs: (atMs) => WALL_MS + atMs,
    dial: options.dial ?? dialer({ place, session, password: secret, ca }),
    machine: async () => ({ cpuTemperatureC: 51.2, diskFreeMB: 1234.5 }),
    startedAtMs: -60_000,
    file: {
      known: () => known,
      keep: (announced) => {
        known = announced;
      },
    },
    broker: { here: () => void news.push('here'), lost: texts('lost'), away: texts('away') },
    say: (sentence) => void said.push(sentence),
  });
  onTestFinished(() => home.end());
  const see = (readings = usual) => {
    home.state(stateOf(readings, clock.now()));
    home.health(healthAt(clock.now()));
  };
  return {
    home,
    clock,
    plan,
    news,
    said,
    known: () => known,
    see,
    /** Time goes by, and the bank goes on being read. */
    async live(ms: number, readings = usual) {
      for (let gone = 0; gone < ms; gone += 1000) {
        see(readings);
        await clock.by(Math.min(1000, ms - gone));
      }
    },
  };
}

export const showing = (home: HomeAssistant, names: readonly string[]) =>
  names.map((name) => home.shows(name));
