// The gateway in Home Assistant. What speaks MQTT is loaded only where it is spoken.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MqttOrders } from '../config/mqtt-orders.ts';
import { readSecret } from '../config/secrets.ts';
import { readCertificate } from '../mqtt/certificate.ts';
import type { BrokerNews, Home } from '../mqtt/home.ts';
import { type BrokerPlace, type Trouble, troubleText } from '../mqtt/trouble.ts';
import { whileRunning } from '../timers.ts';
import { type OfficeGround, wallMsOf } from './ground.ts';
import type { OfficePart } from './part.ts';

export interface MqttWork extends MqttOrders {
  /** The file of what outlives the office; nothing does without it. */
  readonly file?: string;
  /** When the gateway was started, monotonic ms. */
  readonly startedAtMs: number;
}

/** From `src/office` and `dist/office` alike. */
function version(): string {
  const { version: found } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(found);
}

/** A broker that is back at the next call is no event. While it is away each cause is said once. */
export function brokerNews(place: BrokerPlace, { ledger, clock, log }: OfficeGround): BrokerNews {
  const said = new Set<string>();
  let isAway = false;
  return {
    here() {
      if (!isAway && said.size === 0) log.notice(`MQTT broker ${place.host} reached`);
      ledger.hold('mqtt', [], clock());
      isAway = false;
      said.clear();
    },
    lost: (trouble: Trouble) => log.notice(troubleText(trouble, place)),
    away(trouble) {
      const text = troubleText(trouble, place);
      if (isAway && !said.has(text)) log.warn(text);
      said.add(text);
      isAway = true;
      ledger.hold('mqtt', [{ kind: 'broker_away', text }], clock());
    },
  };
}

async function open(work: MqttWork, ground: OfficeGround): Promise<Home> {
  const [{ Home: Opened }, { dialer }, { announcedFile }, { lookAtMachine }, { statusTopic }] =
    await Promise.all([
      import('../mqtt/home.ts'),
      import('../mqtt/dial.ts'),
      import('../mqtt/announced-file.ts'),
      import('../mqtt/machine.ts'),
      import('../mqtt/plan.ts'),
    ]);
  const { place, passwordFile } = work;
  const say = (text: string) => ground.log.warn(`MQTT: ${text}`);
  const file = announcedFile(work.file, say);
  const plan = { ...work.plan, gatewayId: file.gatewayId, version: version() };
  const session = {
    clientId: `bmsgate_${file.gatewayId}`,
    will: { topic: statusTopic(plan), payload: 'offline' },
  };
  return new Opened(plan, {
    clock: ground.clock,
    after: whileRunning,
    random: Math.random,
    wallMs: wallMsOf,
    dial: dialer({
      place,
      session,
      password: () => (passwordFile === undefined ? undefined : readSecret(passwordFile)),
      ca: () => (place.caFile === undefined ? undefined : readCertificate(place.caFile)),
    }),
    machine: () => lookAtMachine(work.file === undefined ? '/' : dirname(work.file)),
    startedAtMs: work.startedAtMs,
    file,
    broker: brokerNews(place, ground),
    say,
  });
}

export function mqttPart(work: MqttWork, ground: OfficeGround): OfficePart {
  const home = open(work, ground);
  const withHome = (act: (to: Home) => void) => void home.then(act);
  return {
    state: (bank) => withHome((to) => to.state(bank)),
    health: (health) => withHome((to) => to.health(health)),
    event: (event) => withHome((to) => to.event(event)),
    end: async () => (await home).end(),
  };
}
