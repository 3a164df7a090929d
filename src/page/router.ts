// Which screen is looked at: the address of the page is the one truth.
import { computed, signal } from '@preact/signals';

export const tabs = ['home', 'cells', 'inverter', 'inspector', 'history', 'events', 'settings'] as const;
export type Tab = (typeof tabs)[number];

export const pathOf = (tab: Tab): string => (tab === 'home' ? '/' : `/${tab}`);

/** However it is spelled; the file itself is Home. */
const bareOf = (path: string): string => path.replace(/^\/index\.html$|\/+$/, '') || '/';

/** The tab of a path; undefined for a path that is none. */
export function tabOf(path: string): Tab | undefined {
  const bare = bareOf(path);
  return tabs.find((tab) => pathOf(tab) === bare);
}

/** What a reader passes on the way in, under whatever address; each has one of its own too. */
export const isEntrance = (path: string): boolean => ['/setup', '/claim', '/login'].includes(bareOf(path));

export const address = signal({ path: '/', search: '' });
export const tabNow = computed(() => tabOf(address.value.path));
/** At this address there is nothing. */
export const isNowhere = computed(() => tabNow.value === undefined && !isEntrance(address.value.path));

const read = () => ({ path: location.pathname, search: location.search });

/** To another address of the page; `replace` leaves no step to come back from. */
export function go(to: string, way: 'push' | 'replace' = 'push'): void {
  const now = read();
  if (to === now.path + now.search) return;
  if (way === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  address.value = read();
  if (read().path !== now.path) scrollTo(0, 0);
}

/** One parameter of the address, e.g. `id` of `/events?id=…`. */
export const parameter = (name: string): string | undefined =>
  new URLSearchParams(address.value.search).get(name) ?? undefined;

export function followAddress(): void {
  address.value = read();
  addEventListener('popstate', () => {
    address.value = read();
  });
}
