// Where a proxy is, as people type and read it.
import type { SetupProxy } from '../../model/api/setup.ts';

type Place = Omit<SetupProxy, 'id'>;

const USUAL_PORT = 6053;

/** `host`, `host:port`, or an IPv6 address, in brackets where a port follows. */
export function typedProxy(text: string): Place | undefined {
  const six = /^(?:\[([0-9a-f:]+)\](?::(\d{1,5}))?|([0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*))$/i.exec(text);
  const named = /^([^\s/:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const host = six?.[1] ?? six?.[3] ?? named?.[1];
  const port = Number(six?.[2] ?? named?.[2] ?? USUAL_PORT);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

export const nameOf = ({ host, port }: Place): string =>
  port === USUAL_PORT ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;

const LONGEST_ID = 40;

/** Of its address, and of none that is there already: what stands in the file for one proxy is never taken for another. */
export function idOf(place: Place, taken: readonly string[]): string {
  const whole = `proxy-${nameOf(place).replace(/[^A-Za-z0-9]+/g, '-')}`;
  for (let n = 1; ; n++) {
    const end = n === 1 ? '' : `-${n}`;
    const id = `${whole.slice(0, LONGEST_ID - end.length)}${end}`;
    if (!taken.includes(id)) return id;
  }
}
