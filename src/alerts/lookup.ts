import { type LookupAddress, lookup } from 'node:dns';
import { isIPv6, type LookupFunction } from 'node:net';
import { isOwnAddress } from './own-net.ts';

/** In the form that the caller asks for: all addresses, or the first. */
function hand(
  found: readonly LookupAddress[],
  all: boolean | undefined,
  done: Parameters<LookupFunction>[2],
) {
  const [first] = found;
  if (all) done(null, [...found]);
  else done(null, first?.address ?? '', first?.family ?? 4);
}

/**
 * Where a name leads. Without encryption only to our own net, whatever the name server says; behind a redirect only to the
 * machine that answered before, so that a name that changes its address leads nobody inside.
 */
export function lookupFor({ protocol }: URL, pinned?: string): LookupFunction {
  return (host, options, done) => {
    if (pinned !== undefined)
      return hand([{ address: pinned, family: isIPv6(pinned) ? 6 : 4 }], options.all, done);
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '');
      const fit = protocol === 'https:' ? found : found.filter(({ address }) => isOwnAddress(address));
      if (fit.length > 0) return hand(fit, options.all, done);
      done(new Error('is no machine of the own net, which `http:` is only for; write `https:`'), '');
    });
  };
}
