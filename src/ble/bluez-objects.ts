// What BlueZ knows, mirrored: its objects by path, each with its interfaces and their properties, kept up to date by signals.
import type { BusMessage } from './bluez-bus.ts';
import { type Props, props, texts } from './bluez-words.ts';

/** One interface of one object changed: these properties, or (`gone`) it is there no more. */
export interface Change {
  readonly path: string;
  readonly iface: string;
  readonly changed: Props;
  readonly gone?: string;
}

export interface BluezObjects {
  readonly get: (path: string, iface: string) => Props | undefined;
  /** The objects below this path that have this interface, in the order of their paths. */
  readonly below: (path: string, iface: string) => readonly (readonly [path: string, Props])[];
  readonly watch: (hear: (change: Change) => void) => () => void;
  /** Resolves as soon as it holds; rejects when the signal ends the wait. */
  readonly when: (holds: () => boolean, signal: AbortSignal) => Promise<void>;
  /** The answer to GetManagedObjects. */
  readonly fill: (managed: unknown) => void;
  readonly hear: (signal: BusMessage) => void;
  readonly clear: (why: string) => void;
}

const REMOVED = 'BlueZ has removed it from its list';

export function bluezObjects(): BluezObjects {
  const tree = new Map<string, Map<string, Props>>();
  const watching = new Set<(change: Change) => void>();
  const tell = (change: Change) => {
    for (const hear of [...watching]) hear(change);
  };

  const add = (path: string, interfaces: unknown) => {
    const all = tree.get(path) ?? new Map<string, Props>();
    tree.set(path, all);
    for (const [iface, told] of Object.entries(props(interfaces))) {
      all.set(iface, props(told));
      tell({ path, iface, changed: props(told) });
    }
  };

  const remove = (path: string, ifaces: readonly string[], gone: string) => {
    const all = tree.get(path);
    for (const iface of ifaces) if (all?.delete(iface)) tell({ path, iface, changed: {}, gone });
    if (all?.size === 0) tree.delete(path);
  };

  const change = (path: string, iface: string, changed: Props, invalid: readonly string[]) => {
    const known = tree.get(path)?.get(iface);
    if (!known) return;
    const left = Object.entries(known).filter(([name]) => !invalid.includes(name));
    tree.get(path)?.set(iface, { ...Object.fromEntries(left), ...changed });
    tell({ path, iface, changed });
  };

  const watch = (hear: (change: Change) => void) => {
    watching.add(hear);
    return () => {
      watching.delete(hear);
    };
  };

  return {
    watch,
    get: (path, iface) => tree.get(path)?.get(iface),
    below: (path, iface) =>
      [...tree.entries()]
        .flatMap(([at, all]) => {
          const found = at.startsWith(`${path}/`) ? all.get(iface) : undefined;
          return found ? [[at, found] as const] : [];
        })
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    when: (holds, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          stop();
          reject(signal.reason);
        };
        const look = () => {
          if (!holds()) return;
          stop();
          signal.removeEventListener('abort', end);
          resolve();
        };
        const stop = watch(look);
        signal.addEventListener('abort', end);
        if (signal.aborted) end();
        else look();
      }),
    fill: (managed) => {
      for (const [path, interfaces] of Object.entries(props(managed))) add(path, interfaces);
    },
    hear: ({ path, member, body: [first, second, third] }) => {
      if (member === 'InterfacesAdded') add(String(first), second);
      if (member === 'InterfacesRemoved') remove(String(first), texts(second), REMOVED);
      if (member === 'PropertiesChanged') change(path, String(first), props(second), texts(third));
    },
    clear: (why) => {
      for (const [path, all] of [...tree]) remove(path, [...all.keys()], why);
    },
  };
}
