// The whole gateway in a household: its batteries in Home Assistant, and inverters that never notice how the broker is.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { connectMaster } from '../../src/modbus/master.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { named, noSocat, type PtyPair, ptyPair } from '../modbus/wires.ts';
import { type Authority, authority } from '../mqtt/certificates.ts';
import { HomeAssistant } from '../mqtt/home-assistant.ts';
import { listen } from '../mqtt/listener.ts';
import { noTls, startBroker } from '../mqtt/mosquitto.ts';
import { watchStalls } from '../stalls.ts';
import { bankOf, REGISTERS } from './master.ts';
import { childrenOf } from './process.ts';
import { ids } from './room.ts';
import { freePort, type Site, site } from './site.ts';
import { until } from './until.ts';

const UNIT = 2;
const WATCH_MS = 20_000;
/** An answer to a register is late for any inverter after this. */
const LATE_MS = 500;
/** And none gives up on its battery before this; a machine that does much else may keep an answer back so long, now and then. */
const GIVES_UP_MS = 2000;
/** What no inverter calls a loss of its battery. */
const MOST_IN_A_ROW = 2;
const PASSWORD = 'of the house';

interface Answer {
  readonly askedAtMs: number;
  readonly atMs: number;
  readonly bank: ReturnType<typeof bankOf>;
}

/**
 * An inverter on a serial line, until it is stopped. It asks again where it got no answer: a slave that was kept from the processor
 * for a quarter of a second answers nothing late.
 */
async function serialInverter({ master: path }: PtyPair) {
  const master = await connectMaster({ bus: { path, baud: 9600 }, unit: UNIT, timeoutMs: 1000 });
  const answers: Answer[] = [];
  let unanswered = 0;
  let inARow = 0;
  let isOver = false;
  const poll = async () => {
    while (!isOver) {
      const askedAtMs = monotonicMs();
      const words = await master.read('holding', 0x0100, REGISTERS).catch(() => undefined);
      inARow = words ? 0 : inARow + 1;
      if (words) answers.push({ askedAtMs, atMs: monotonicMs(), bank: bankOf(words) });
      else unanswered++;
      if (inARow > MOST_IN_A_ROW) throw new Error(`${inARow} questions in a row had no answer`);
      await rest(100);
    }
  };
  const polled = poll();
  polled.catch(() => {});
  return {
    unanswered: () => unanswered,
    since: (ms: number) => answers.filter(({ askedAtMs }) => askedAtMs >= ms),
    async stop() {
      isOver = true;
      await polled;
      await master.close();
    },
  };
}

const officeOf = ({ gateway }: Site): number =>
  childrenOf(gateway().pid).find(({ command }) => command.includes('office.ts'))?.pid ?? -1;

async function householdOf(context: TestContext, { caFile, issue }: Authority) {
  const [line, port] = await Promise.all([ptyPair(), freePort()]);
  context.onTestFinished(line.remove);
  const secrets = mkdtempSync(join(tmpdir(), 'bmsgate-secrets-'));
  context.onTestFinished(() => rmSync(secrets, { recursive: true }));
  const password_file = join(secrets, 'mqtt');
  writeFileSync(password_file, `${PASSWORD}\n`, { mode: 0o600 });
  const mqtt = {
    url: `mqtts://localhost:${port}`,
    username: 'gate',
    password_file,
    ca_file: caFile,
    name: 'Cellar',
  };
  const tls = issue('localhost', 'DNS:localhost,IP:127.0.0.1', 2);
  const broker = await startBroker(context, { port, tls, users: { gate: PASSWORD } });
  const ear = await listen(context, port, ['--cafile', caFile, '-u', 'gate', '-P', PASSWORD]);
  const here = await site(context, {
    inverters: [`{ id: rack, profile: generic-modbus, serial: ${line.slave}, baud: 9600, unit: ${UNIT} }`],
    more: `mqtt: ${JSON.stringify(mqtt)}`,
  });
  return { here, line, broker, ear };
}

describe.skipIf(noTls ?? noSocat)(
  named('the gateway in a household', noTls ?? noSocat),
  { timeout: 600_000 },
  () => {
    let house: Authority;
    beforeAll(() => {
      house = authority();
    });
    afterAll(() => house.remove());

    test('is shown by Home Assistant, and no inverter notices that the broker hangs or the office is killed', async (context) => {
      const { here, line, broker, ear } = await householdOf(context, house);
      const home = () => new HomeAssistant(ear.all);
      const shows = (name: string, value: string, limitMs: number) =>
        until(`${name} is ${value}`, limitMs, () => home().shows(name) === value);
      await here.isFresh();
      await shows('battery2_cell_03', '3.28', 20_000);
      await shows('bank_cell_max_id', 'c cell 07', 20_000);
      await shows('gateway_inverter_ems_link', 'ON', 20_000);
      for (const [name, value] of [
        ['battery1_soc', '80'],
        ['battery2_soc', '80'],
        ['battery3_soc', '60'],
        ['battery4_soc', '60'],
        ['bank_voltage', '52.78'],
        ['bank_current', '-22.5'],
        ['bank_problem', 'OFF'],
        ['battery1_temperature_2', '22.4'],
      ] as const)
        await shows(name, value, 20_000);
      expect(home().complaints).toEqual([]);
      expect(home().shows('gateway_inverter_ems_profile')).toMatch(/^generic-modbus@\d+\.\d+\.\d+$/);

      const rack = await serialInverter(line);
      const stalls = watchStalls();
      const calmMs = monotonicMs();
      await rest(WATCH_MS);
      const hangsMs = monotonicMs();
      broker.signal('SIGSTOP');
      await here
        .gateway()
        .hears(/MQTT broker not reached: the broker does not answer any more/, 30_000, hangsMs);
      await here
        .gateway()
        .hears(
          /warn office: MQTT broker not reached: .* takes connections but does not answer|MQTT broker not reached: localhost.* takes connections but does not answer/,
          30_000,
          hangsMs,
        );
      await rest(WATCH_MS);
      broker.signal('SIGCONT');
      await here.gateway().hears(/over: MQTT broker not reached/, 90_000, hangsMs);
      const before = ear.all.length;
      process.kill(officeOf(here), 'SIGKILL');
      const isStatus = (wanted: string) => (m: { topic: string; payload: string }) =>
        m.topic.endsWith('/status') && m.payload === wanted;
      await ear.hears('offline', 10_000, isStatus('offline'), before);
      await ear.hears('online again', 20_000, isStatus('online'), before);
      const overMs = monotonicMs();
      await rack.stop();
      stalls.stop();

      expect(rack.unanswered()).toBeLessThanOrEqual(rack.since(calmMs).length / 50);
      const questions = [
        ...here.ems.since(calmMs).map((s) => ({ ...s, by: 'tcp' })),
        ...rack.since(calmMs).map((s) => ({ ...s, by: 'rtu' })),
      ];
      const answers = questions.map(({ bank }) =>
        bank
          ? `${bank.socPct} %, ${bank.voltageV} V, ${bank.currentA} A, ${bank.packsOnline} packs${bank.isLate ? ', late' : ''}`
          : 'none',
      );
      expect([...new Set(answers)]).toEqual([`70 %, 52.8 V, -22.5 A, ${ids.length} packs`]);
      const tookMs = (by: string, fromMs: number, toMs: number) =>
        questions
          .filter((q) => q.by === by && q.askedAtMs >= fromMs && q.askedAtMs < toMs)
          .map(({ askedAtMs, atMs }) => atMs - askedAtMs - stalls.lostMs(askedAtMs, atMs))
          .sort((a, b) => a - b);
      for (const by of ['tcp', 'rtu'])
        for (const [what, took] of [
          ['calm', tookMs(by, calmMs, hangsMs)],
          ['away', tookMs(by, hangsMs, overMs)],
        ] as const) {
          const p99 = took[Math.floor(took.length * 0.99)] ?? Number.NaN;
          console.log(
            `${by} ${what}: ${took.length} answers, p99 ${p99.toFixed(1)} ms, max ${took.at(-1)?.toFixed(1)} ms`,
          );
          expect(took.length).toBeGreaterThan(50);
          expect(p99).toBeLessThan(LATE_MS);
          expect(took.at(-1)).toBeLessThan(GIVES_UP_MS);
        }
      expect(here.gateway().said(/over: MQTT broker not reached/, hangsMs)).toHaveLength(1);
    });
  },
);
