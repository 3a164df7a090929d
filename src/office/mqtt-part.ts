// The gateway in Home Assistant. What speaks MQTT is loaded only where it is spoken.
import { dirname } from 'node:path';
import type { MqttOrders } from '../config/mqtt-orders.ts';
import { readSecret } from '../config/secrets.ts';
import { wholeFile } from '../history/whole-file.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import { readCertificate } from '../mqtt/certificate.ts';
import type { BrokerNews, Home } from '../mqtt/home.ts';
import { type BrokerPlace, type Trouble, troubleText } from '../mqtt/trouble.ts';
import { whileRunning } from '../timers.ts';
import { type OfficeGround, wallMsOf } from './ground.ts';
import type { OfficePart } from './part.ts';
import { version } from './version.ts';

export interface MqttWork extends MqttOrders {
  /** The file of what outlives the office; nothing does without it. */
  readonly file?: string;
  /** When the gateway was started, monotonic ms. */
  readonly startedAtMs: number;
}

/** A link that lasted this long was a good one. */
const SETTLED_MS = 60_000;
/** One that was not there for half of this time is away, whatever it was in between. */
const WINDOW_MS = 300_000;

/** How long links were up of late. */
function watchLinks(clock: Clock) {
  const beganAtMs = clock();
  let links: readonly { readonly upAtMs: number; readonly downAtMs: number }[] = [];
  return {
    ended(upAtMs: number): void {
      links = [...links, { upAtMs, downAtMs: clock() }].filter(
        ({ downAtMs }) => downAtMs > clock() - WINDOW_MS,
      );
    },
    isMostlyAway(): boolean {
      const fromMs = clock() - WINDOW_MS;
      const upMs = links.reduce((sum, { upAtMs, downAtMs }) => sum + downAtMs - Math.max(upAtMs, fromMs), 0);
      return beganAtMs <= fromMs && upMs < WINDOW_MS / 2;
    },
  };
}

/**
 * A broker that is back at the next call is no event, unless it hangs up again and again; then it is back when it stays. While it is
 * away each cause is said once, and one that takes every call and hangs up again does not fill the log.
 */
export function brokerNews(
  place: BrokerPlace,
  { ledger, clock, log }: OfficeGround,
  later: After = whileRunning,
): BrokerNews {
  const links = watchLinks(clock);
  const said = new Set<string>();
  const hangUps = new Set<string>();
  let isAway = false;
  let isNews = true;
  let upAtMs = 0;
  let cancel = () => {};

  function back(): void {
    ledger.hold('mqtt', [], clock());
    isAway = false;
    said.clear();
    hangUps.clear();
  }
  function away(trouble: Trouble): void {
    const text = troubleText(trouble, place);
    if (isAway && !said.has(text)) log.warn(text);
    said.add(text);
    isAway = true;
    ledger.hold('mqtt', [{ kind: 'broker_away', text }], clock());
  }

  return {
    here() {
      upAtMs = clock();
      if (!isAway && said.size === 0 && isNews) log.notice(`MQTT broker ${place.host} reached`);
      if (hangUps.size === 0) back();
      else cancel = later(SETTLED_MS, back);
    },
    lost(trouble: Trouble) {
      cancel();
      links.ended(upAtMs);
      const text = troubleText(trouble, place);
      isNews = !hangUps.has(text);
      if (isNews) log.notice(text);
      if (clock() - upAtMs < SETTLED_MS) hangUps.add(text);
      if (links.isMostlyAway()) away(trouble);
    },
    away,
  };
}

interface Opened {
  readonly home: Home;
  /** Resolves when what outlives the office is written. */
  readonly settled: () => Promise<void>;
}

async function open(work: MqttWork, ground: OfficeGround): Promise<Opened> {
  const [{ Home: HomeHere }, { dialer }, { announcedFile }, { lookAtMachine }, { statusTopic }] =
    await Promise.all([
      import('../mqtt/home.ts'),
      import('../mqtt/dial.ts'),
      import('../mqtt/announced-file.ts'),
      import('../mqtt/machine.ts'),
      import('../mqtt/plan.ts'),
    ]);
  const { place, passwordFile } = work;
  const say = (text: string) => ground.log.warn(`MQTT: ${text}`);
  const whole =
    work.file === undefined
      ? undefined
      : wholeFile(work.file, { loss: 'Home Assistant may keep what is no more', report: say });
  const file = announcedFile(work.file, { say, write: (text) => whole?.keep(text) });
  const plan = { ...work.plan, gatewayId: file.gatewayId, version: version() };
  const session = {
    clientId: `bmsgate_${file.gatewayId}`,
    will: { topic: statusTopic(plan), payload: 'offline' },
  };
  const home = new HomeHere(plan, {
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
  return { home, settled: async () => whole?.settled() };
}

export function mqttPart(work: MqttWork, ground: OfficeGround): OfficePart {
  const opened = open(work, ground);
  const withHome = (act: (to: Home) => void) => void opened.then(({ home }) => act(home));
  return {
    state: (bank) => withHome((to) => to.state(bank)),
    health: (health) => withHome((to) => to.health(health)),
    event: (event) => withHome((to) => to.event(event)),
    async end() {
      const { home, settled } = await opened;
      await home.end();
      await settled();
    },
  };
}
