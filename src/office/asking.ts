// What people wish of a battery on the page, on its way to the wires and back.
import type { BatteryWish, Gateway, Refusal } from '../web/ground.ts';
import type { OfficeAsk, PageWish, WishNews } from '../wires/office-asks.ts';

interface Waiting {
  readonly tell: (sentence: string) => void;
  readonly done: (refusal: Refusal | undefined) => void;
}

export interface Asking {
  readonly wish: Gateway['wish'];
  readonly hear: (news: WishNews) => void;
}

const pageWish = (wish: BatteryWish): PageWish => {
  if (wish.kind === 'rest' || wish.kind === 'resume') return wish;
  const { confirmed, ...errand } = wish;
  return { kind: 'errand', errand, confirmed };
};

/** The wires answer each wish; where this office ends first, so does the connection of who waits for it. */
export function asking(ask: (ask: OfficeAsk) => void): Asking {
  const waiting = new Map<number, Waiting>();
  let count = 0;
  return {
    wish(battery, wish, by, tell, left) {
      if (left.aborted) return Promise.resolve({ why: 'whoever asked has left' });
      count++;
      const number = count;
      const { promise, resolve } = Promise.withResolvers<Refusal | undefined>();
      const leave = () => ask({ type: 'left', number });
      left.addEventListener('abort', leave);
      waiting.set(number, { tell, done: resolve });
      ask({ type: 'wish', number, battery, by, wish: pageWish(wish) });
      return promise.finally(() => left.removeEventListener('abort', leave));
    },
    hear(news) {
      const one = waiting.get(news.number);
      if (!one) return;
      if ('say' in news) one.tell(news.say);
      else {
        waiting.delete(news.number);
        one.done(news.why === undefined ? undefined : { why: news.why });
      }
    },
  };
}
