// What people wish on the page, carried out by the wires as far as the gateway file permits.
import type { GatewayFile } from '../config/schema.ts';
import { sentence } from '../model/errors.ts';
import type { Control } from './control.ts';
import { isOfficeAsk, type OfficeAsk, type WishNews } from './office-asks.ts';
import type { Rests } from './resting.ts';
import { permissionOf, refusalOf } from './wishes.ts';

type Asked = Extract<OfficeAsk, { type: 'wish' }>;
type Errand = Extract<Asked['wish'], { kind: 'errand' }>;

export interface PageGround {
  readonly file: GatewayFile;
  readonly control: Control;
  readonly rests: Pick<Rests, 'begin' | 'end'>;
  readonly watchTalk: (isOn: boolean) => void;
  readonly tell: (news: WishNews) => void;
  /** What is shown changed, or somebody begins to look. */
  readonly changed: () => void;
}

export interface PageWishes {
  /** True when it was for us. */
  readonly hear: (message: unknown) => boolean;
  /** Somebody looks at a page. */
  readonly isWatched: () => boolean;
  /** The office is another one: nobody waits for what the one before it wished, and nobody watches. */
  readonly forget: () => void;
}

/** No more than this go on at once; each but one waits for nothing. */
const MOST_GOING = 32;

const NOT_PERMITTED =
  'the gateway file does not permit commands to batteries; set `control: true` in it, and start the gateway again';

export function pageWishes({ file, control, rests, watchTalk, tell, changed }: PageGround): PageWishes {
  const permission = permissionOf(file);
  const going = new Map<number, AbortController>();
  let isWatched = false;

  function refusal({ battery, wish }: { battery: string; wish: Errand }): string | undefined {
    if (!permission) return NOT_PERMITTED;
    if (wish.confirmed !== battery) return `it was not confirmed: type \`${battery}\` to go on`;
    return refusalOf({ batteries: [battery], errand: wish.errand }, permission);
  }

  async function carryOut({ number, battery, by, wish }: Asked, left: AbortSignal) {
    if (wish.kind === 'rest') return rests.begin(battery, wish.what, by);
    if (wish.kind === 'resume') return rests.end(battery);
    const why = refusal({ battery, wish });
    if (why !== undefined) return why;
    const say = (text: string) => tell({ type: 'wished', number, say: text });
    return control.carryOut({ batteries: [battery], errand: wish.errand, by }, say, left);
  }

  async function begin(asked: Asked): Promise<void> {
    const { number } = asked;
    if (going.has(number) || going.size >= MOST_GOING) return;
    const left = new AbortController();
    going.set(number, left);
    // Nothing that goes wrong with a wish may end the wires.
    const why = await carryOut(asked, left.signal).catch(sentence);
    if (going.get(number) !== left) return;
    going.delete(number);
    changed();
    tell({ type: 'wished', number, end: true, ...(why !== undefined && { why }) });
  }

  const watch = (talk: boolean, page: boolean): void => {
    watchTalk(talk);
    const isNews = page && !isWatched;
    isWatched = page;
    if (isNews) changed();
  };

  return {
    isWatched: () => isWatched,
    hear(message) {
      if (!isOfficeAsk(message)) return false;
      if (message.type === 'watch') watch(message.talk, message.page);
      else if (message.type === 'left') going.get(message.number)?.abort();
      else void begin(message);
      return true;
    },
    forget() {
      watch(false, false);
      for (const left of going.values()) left.abort();
      going.clear();
    },
  };
}
