// What the office asks of the wires for those who look at the page, and what it is answered. It is held against its shape before
// anybody obeys: the page's server is the one part of the gateway that strangers talk to.
import { isErrand } from '../ble/heard-orders.ts';
import { type Errand, type Resting, restings } from '../ble/orders.ts';

export type PageWish =
  | { readonly kind: 'rest'; readonly what: Resting }
  | { readonly kind: 'resume' }
  | { readonly kind: 'errand'; readonly errand: Errand; readonly confirmed: string };

export type OfficeAsk =
  /** Who looks: at what goes over the wires, at a page at all. */
  | { readonly type: 'watch'; readonly talk: boolean; readonly page: boolean }
  | {
      readonly type: 'wish';
      readonly number: number;
      readonly battery: string;
      /** The name of the person. */
      readonly by: string;
      readonly wish: PageWish;
    }
  /** Whoever wished that is gone. */
  | { readonly type: 'left'; readonly number: number };

/** Steps of a wish, and its end, with why where it was not done. */
export type WishNews = { readonly type: 'wished'; readonly number: number } & (
  | { readonly say: string }
  | { readonly end: true; readonly why?: string }
);

const MOST_NAME = 100;
const MOST_HEX = 4096;

const record = (value: unknown): Record<string, unknown> =>
  // Any object may be asked for its fields; each is checked before use.
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isName = (value: unknown): boolean => typeof value === 'string' && value.length <= MOST_NAME;

function isPageWish(value: unknown): boolean {
  const { kind, what, errand, confirmed } = record(value);
  if (kind === 'rest') return restings.some((one) => one === what);
  if (kind === 'resume') return true;
  return (
    kind === 'errand' &&
    isErrand(errand) &&
    isName(confirmed) &&
    (errand.kind !== 'raw' || errand.hex.length <= MOST_HEX)
  );
}

export function isOfficeAsk(message: unknown): message is OfficeAsk {
  const { type, talk, page, number, battery, by, wish } = record(message);
  if (type === 'watch') return typeof talk === 'boolean' && typeof page === 'boolean';
  if (!Number.isSafeInteger(number)) return false;
  if (type === 'left') return true;
  return type === 'wish' && isName(battery) && isName(by) && isPageWish(wish);
}
