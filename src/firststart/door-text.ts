// What the terminal and the journal say of where the setup is reached.
import { addressText } from '../model/tcp-trouble.ts';
import type { Listening } from '../web/metrics-server.ts';
import { ownAddresses } from './machine.ts';

const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';

const hostsOf = (host: string, addresses: readonly string[]): readonly string[] => {
  if (!isEverywhere(host)) return [host];
  const own = host === '::' ? addresses : addresses.filter((address) => !address.includes(':'));
  return own.length ? own : ['127.0.0.1'];
};

/** One line each. */
export function doorText(
  { host, port }: Listening,
  path: string,
  isClaimed: boolean,
  addresses = ownAddresses(),
): readonly string[] {
  const urls = hostsOf(host, addresses).map((own) => `http://${addressText({ host: own, port })}`);
  return [
    `setup of ${path}: no inverter is served yet. On a phone or a computer in the same network open ${urls.join(' or ')}`,
    `${isClaimed ? 'log in' : 'claim it with the code above'} within 30 minutes; then it takes about five. Ctrl-C ends it, and nothing is written`,
  ];
}
