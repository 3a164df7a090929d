// Which addresses belong to this machine and the net around it: there is no stranger in between, and no stranger may send us there.
import { BlockList, isIP, isIPv6 } from 'node:net';

const own = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  own.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  own.addSubnet(net, bits, 'ipv6');

/** An address of this machine or of a private net (RFC 1122, 1918, 3927, 4193, 4291, 6598). A name is none. */
export const isOwnAddress = (address: string): boolean =>
  isIP(address) !== 0 && own.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Names that no public name server knows (RFC 6761, 6762, 8375), and those of one word. */
const OWN_NAME = /^(localhost|[^.]+|.+\.(local|lan|localhost|home\.arpa|internal))$/i;

/** The host of a URL, an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** By what is written; what a name leads to is looked at when it is called. */
export const isOwnHost = (url: URL): boolean => {
  const host = hostOf(url);
  return isIP(host) ? isOwnAddress(host) : OWN_NAME.test(host);
};
