// Tells the broker what to keep of us, and takes back what it should not keep any more (Home Assistant reference, section 5).
import { type Announced, announcedBy, announcements, isClean, union } from './announced.ts';
import type { AnnouncedFile } from './announced-file.ts';
import type { Device } from './devices.ts';
import { type Platforms, readOwn } from './discovery.ts';
import type { Heard, Link } from './link.ts';
import { crowdText, strangerText } from './oddities.ts';
import { discoveryFilter, type HomePlan, isOwnObjectId } from './plan.ts';

/** Home Assistant reference, section 2: one device stays below 64 kB, so what is longer is not of this program. */
const LONGEST_OWN = 64 * 1024;
/** Several times the devices of any house; what goes beyond is taken away when the broker is called the next time. */
const MOST_FOUND = 100;

interface Ground {
  readonly plan: HomePlan;
  readonly devices: readonly Device[];
  readonly file: Pick<AnnouncedFile, 'known' | 'keep'>;
  readonly say: (sentence: string) => void;
}

export class Announcer {
  readonly #ground: Ground;
  readonly #availability: readonly string[];
  #link: Link | undefined;
  /** What lies at the broker by this link, by topic. */
  #sent = new Map<string, string>();
  /** What it held of ours before, as far as it was heard. */
  #found = new Map<string, Platforms>();
  #round = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#availability = ground.devices.flatMap(({ availabilityTopic }) => availabilityTopic ?? []);
    this.#recall(ground.file.known());
  }

  /** On a new link: everything. */
  begin(link: Link): void {
    this.#link = link;
    this.#sent = new Map();
    link.subscribe(discoveryFilter(this.#ground.plan));
    this.refresh();
  }

  /** Everything once more, for a Home Assistant that has just started. */
  again(): void {
    this.#sent = new Map();
    this.refresh();
  }

  /** What has changed since. What goes is forgotten only when the broker has confirmed it: if it is away then, it is told again. */
  refresh(): void {
    const link = this.#link;
    const { file } = this.#ground;
    if (!link) return;
    const wanted = this.#wanted();
    const now = announcedBy(wanted, this.#availability);
    const was = this.#was();
    this.#round++;
    const round = this.#round;
    let waiting = 0;
    file.keep(union(file.known(), now));
    for (const { topic, payload } of announcements(wanted, was, this.#availability)) {
      if (this.#sent.get(topic) === payload) continue;
      this.#sent.set(topic, payload);
      waiting++;
      link.keep(topic, payload, () => {
        waiting--;
        if (waiting === 0 && round === this.#round) file.keep(now);
      });
    }
  }

  /** A message at a topic of discovery. */
  heard({ topic, text, isRetained }: Heard): void {
    const { plan, devices, say } = this.#ground;
    const objectId = topic.split('/').at(-2) ?? '';
    if (!isRetained || text === '' || !isOwnObjectId(plan, objectId)) return;
    const platforms = text.length > LONGEST_OWN ? undefined : readOwn(text);
    if (platforms) {
      this.#find(topic, platforms);
    } else
      say(
        strangerText(
          topic,
          devices.some(({ discoveryTopic }) => discoveryTopic === topic),
        ),
      );
  }

  #find(topic: string, platforms: Platforms): void {
    if (!this.#found.has(topic) && this.#found.size >= MOST_FOUND) {
      this.#ground.say(crowdText(this.#ground.plan));
      return;
    }
    this.#found.set(topic, { ...this.#found.get(topic), ...platforms });
    this.#recall({ devices: { [topic]: platforms }, availability: [] });
  }

  /** All that the broker kept from earlier was heard: what of it is not wanted any more goes. */
  sweep(): void {
    const { plan } = this.#ground;
    this.#link?.unsubscribe(discoveryFilter(plan));
    if (!isClean(this.#was(), announcedBy(this.#wanted(), this.#availability))) this.refresh();
    this.#found = new Map();
  }

  #was(): Announced {
    const found = { devices: Object.fromEntries(this.#found), availability: [] };
    return union(this.#ground.file.known(), found);
  }

  #wanted() {
    return new Map(this.#ground.devices.map((device) => [device.discoveryTopic, device.config()]));
  }

  #recall({ devices }: Announced): void {
    for (const device of this.#ground.devices)
      device.recall(Object.keys(devices[device.discoveryTopic] ?? {}));
  }
}
