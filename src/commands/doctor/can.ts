import { broken, type Finding, type Look, note, ok } from './look.ts';

/** What `ip -j -details -statistics link` tells of a CAN interface (iproute2, ip/iplink_can.c); a virtual one has no `info_data`. */
interface Link {
  readonly ifname: string;
  readonly link_type?: string;
  readonly flags?: readonly string[];
  readonly txqlen?: number;
  readonly stats64?: { readonly rx?: { readonly packets?: number } };
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: {
      readonly state?: string;
      readonly restart_ms?: number;
      readonly bittiming?: { readonly bitrate?: number };
    };
  };
}

/** More than this may wait in the kernel while nobody acknowledges, and would go out late: old data as if it were new. */
const LONGEST_QUEUE = 64;

function links(look: Look): readonly Link[] | undefined {
  const told = look.run('ip', '-j', '-details', '-statistics', 'link', 'show');
  try {
    // The fields above are all optional but the name, which every link has.
    return told && (JSON.parse(told.out) as Link[]);
  } catch {
    return undefined;
  }
}

const bringUp = (name: string, bitrate: number) =>
  `sudo ip link set ${name} down; sudo ip link set ${name} up type can bitrate ${bitrate} restart-ms 100`;

const deaf = ' and never heard a frame: most likely the bit rate, or CAN_H and CAN_L swapped';

const stateFinding = (name: string, state: string | undefined, heard: number | undefined): Finding => {
  const sign = heard === 0 ? deaf : '';
  if (state === 'BUS-OFF')
    return broken(
      name,
      `the controller is bus-off${sign}`,
      'check bit rate, CAN_H and CAN_L, and 120 ohm at both ends; it restarts by itself',
    );
  if (state === 'ERROR-PASSIVE' || state === 'ERROR-WARNING')
    return note(
      name,
      `the controller counts errors (${state.toLowerCase()})${sign}`,
      'check that the inverter is on, the plug, the bit rate, and 120 ohm at both ends',
    );
  return ok(name, `is up${state ? `, ${state.toLowerCase()}` : ''}`);
};

function realBus({ ifname, txqlen = 0, linkinfo, stats64 }: Link, bitrate: number): Finding[] {
  const { state, restart_ms, bittiming } = linkinfo?.info_data ?? {};
  const rate = bittiming?.bitrate;
  return [
    stateFinding(ifname, state, stats64?.rx?.packets),
    ...(rate !== undefined && rate !== bitrate
      ? [broken(ifname, `runs at ${rate} bit/s, the profile needs ${bitrate}`, bringUp(ifname, bitrate))]
      : []),
    ...(rate !== undefined && !restart_ms
      ? [note(ifname, 'does not come back after bus-off (restart-ms 0)', bringUp(ifname, bitrate))]
      : []),
    ...(txqlen > LONGEST_QUEUE
      ? [
          note(
            ifname,
            `${txqlen} frames may wait here and go out late`,
            `sudo ip link set ${ifname} txqueuelen 16`,
          ),
        ]
      : []),
  ];
}

function interfaceFindings(link: Link, bitrate: number): Finding[] {
  const { ifname, flags = [], link_type, linkinfo } = link;
  const virtual = linkinfo?.info_kind === 'vcan';
  if (link_type !== 'can')
    return [broken(ifname, 'is not a CAN interface', 'name one that `ip -details link` shows as link/can')];
  if (!flags.includes('UP'))
    return [broken(ifname, 'is down', virtual ? `sudo ip link set ${ifname} up` : bringUp(ifname, bitrate))];
  return virtual ? [ok(ifname, 'is up (virtual)')] : realBus(link, bitrate);
}

const missing = (name: string): Finding =>
  name.startsWith('vcan')
    ? broken(name, 'is not there', `sudo ip link add dev ${name} type vcan && sudo ip link set ${name} up`)
    : broken(
        name,
        'is not there',
        'plug the adapter in, or add its overlay (docs/install.md, "A CAN HAT") and reboot',
      );

export interface WantedBus {
  readonly name: string;
  readonly bitrate: number;
}

/** The wanted interfaces; without any wish, those that are there. */
export function canBuses(look: Look, wanted: readonly WantedBus[] | undefined): Finding[] {
  const there = links(look);
  if (!there) return [broken('CAN', '`ip` cannot be asked', 'sudo apt-get install iproute2')];
  const usual = there.filter((l) => l.link_type === 'can').map((l) => ({ name: l.ifname, bitrate: 500_000 }));
  return (wanted ?? usual).flatMap(({ name, bitrate }) => {
    const link = there.find((l) => l.ifname === name);
    return link ? interfaceFindings(link, bitrate) : [missing(name)];
  });
}
