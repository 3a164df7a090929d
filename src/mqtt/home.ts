// The gateway in Home Assistant, from the first call to the broker to the last word (Home Assistant reference, section 5).
import type { BankState } from '../model/bank-state.ts';
import type { BankEvent } from '../model/events.ts';
import type { Clock } from '../model/freshness.ts';
import type { After } from '../model/timers.ts';
import type { Health } from '../model/wire-health.ts';
import type { AnnouncedFile } from './announced-file.ts';
import { Announcer } from './announcer.ts';
import { allDevices, type Device } from './devices.ts';
import { eventText } from './event-text.ts';
import { type KeeperEvents, keepLink } from './keeper.ts';
import type { Dial, Heard, Link } from './link.ts';
import type { Machine } from './machine.ts';
import { Newest } from './newest.ts';
import { birthText, cutText, onceEach, refusedText } from './oddities.ts';
import { eventTopic, type HomePlan, statusTopic } from './plan.ts';
import { teller } from './teller.ts';
import type { Trouble } from './trouble.ts';

/** How the broker is, for the events of the gateway. */
export interface BrokerNews {
  readonly here: () => void;
  readonly lost: (trouble: Trouble) => void;
  /** A call that led to nothing. */
  readonly away: (trouble: Trouble) => void;
}

export interface HomeGround {
  readonly clock: Clock;
  readonly after: After;
  readonly random: () => number;
  /** The wall clock, ms since 1970, at a monotonic moment. */
  readonly wallMs: (atMs: number) => number;
  readonly dial: Dial;
  readonly machine: () => Promise<Machine>;
  readonly startedAtMs: number;
  readonly file: Pick<AnnouncedFile, 'known' | 'keep'>;
  readonly broker: BrokerNews;
  /** Something that a person should mend, one sentence, never twice the same. */
  readonly say: (sentence: string) => void;
}

const LOOK_MS = 1000;
/** A BMS that begins to tell more of itself is not in a hurry. */
const MORE_MS = 2000;
/** What the broker kept from earlier arrives within this time. */
const LISTEN_MS = 5000;
/** All devices of a house announce themselves when Home Assistant has started: not all in one moment. */
const SPREAD_MS = 5000;
const REPEAT_MS = 5000;
const MACHINE_MS = 60_000;
const STATUS_MS = 60_000;

export class Home {
  readonly #plan: HomePlan;
  readonly #ground: HomeGround;
  readonly #devices: readonly Device[];
  readonly #announcer: Announcer;
  readonly #teller: ReturnType<typeof teller>;
  readonly #newest: Newest;
  readonly #say: (sentence: string) => void;
  readonly #timers = new Map<string, () => void>();
  readonly #leave: ReturnType<typeof keepLink>;
  #link: Link | undefined;

  constructor(plan: HomePlan, ground: HomeGround) {
    this.#plan = plan;
    this.#ground = ground;
    this.#devices = allDevices(plan);
    this.#newest = new Newest(ground);
    this.#teller = teller(this.#devices);
    this.#say = onceEach(ground.say);
    this.#announcer = new Announcer({ plan, devices: this.#devices, file: ground.file, say: this.#say });
    this.#lookAtMachine();
    this.#leave = keepLink(ground.dial, ground, this.#events());
  }

  state(bank: BankState): void {
    this.#newest.bank = bank;
  }

  health(health: Health): void {
    this.#newest.health = health;
  }

  /** Nothing is stored up: what happens while the broker is away is not told later. */
  event(event: BankEvent): void {
    this.#link?.tell(eventTopic(this.#plan), eventText(event, this.#ground.wallMs));
  }

  /** Says `offline`; discovery stays. */
  async end(): Promise<void> {
    this.#link = undefined;
    for (const cancel of this.#timers.values()) cancel();
    await this.#leave((link) => link.keep(statusTopic(this.#plan), 'offline'));
  }

  #events(): KeeperEvents {
    const { broker } = this.#ground;
    return {
      up: (link) => this.#up(link),
      heard: (message) => this.#heard(message),
      cut: (cut) => this.#say(cutText(cut)),
      refused: (topic) => this.#say(refusedText(topic)),
      failed: broker.away,
      lost: (trouble) => {
        this.#link = undefined;
        broker.lost(trouble);
      },
    };
  }

  #up(link: Link): void {
    this.#link = link;
    this.#ground.broker.here();
    link.subscribe(this.#plan.birthTopic);
    this.#learn();
    this.#announcer.begin(link);
    this.#tellAll(link);
    this.#later('sweep', LISTEN_MS, () => this.#link === link && this.#announcer.sweep());
    this.#later('look', LOOK_MS, () => this.#look());
    this.#later('more', MORE_MS, () => this.#lookForMore());
    this.#later('status', STATUS_MS, () => this.#keepStatus());
  }

  #tellAll(link: Link): void {
    link.keep(statusTopic(this.#plan), 'online');
    this.#teller.forget();
    this.#teller.due(link, this.#newest.known());
    this.#repeatLater();
  }

  #look(): void {
    if (!this.#link) return;
    this.#later('look', LOOK_MS, () => this.#look());
    this.#teller.due(this.#link, this.#newest.known());
  }

  #lookForMore(): void {
    if (!this.#link) return;
    this.#later('more', MORE_MS, () => this.#lookForMore());
    if (!this.#learn()) return;
    this.#announcer.refresh();
    this.#tellAll(this.#link);
  }

  #learn(): boolean {
    const known = this.#newest.known();
    return this.#devices.filter((device) => device.learn(known)).length > 0;
  }

  /** Home Assistant asks for the topics of states some time after it read of them, and nothing of these is kept for it. */
  #repeatLater(): void {
    this.#later('repeat', REPEAT_MS, () => {
      this.#teller.forget();
      if (this.#link) this.#teller.due(this.#link, this.#newest.known());
    });
  }

  /** Somebody may have written over it. */
  #keepStatus(): void {
    if (!this.#link) return;
    this.#later('status', STATUS_MS, () => this.#keepStatus());
    this.#link.keep(statusTopic(this.#plan), 'online');
  }

  #heard(message: Heard): void {
    const { birthTopic } = this.#plan;
    if (message.topic !== birthTopic) {
      this.#announcer.heard(message);
      return;
    }
    // What was kept there is older than our own announcement, which is being made just now.
    if (message.text === 'online' && !message.isRetained) this.#born();
    else if (!['online', 'offline', ''].includes(message.text)) this.#say(birthText(birthTopic));
  }

  #born(): void {
    if (this.#timers.has('birth')) return;
    this.#later('birth', this.#ground.random() * SPREAD_MS, () => {
      this.#timers.delete('birth');
      if (!this.#link) return;
      this.#announcer.again();
      this.#tellAll(this.#link);
    });
  }

  #lookAtMachine(): void {
    this.#later('machine', MACHINE_MS, () => this.#lookAtMachine());
    void this.#ground.machine().then((machine) => {
      this.#newest.machine = machine;
    });
  }

  /** One timer a name. */
  #later(name: string, ms: number, act: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#ground.after(ms, act));
  }
}
