import type { HciPacket } from '../../bytes/btsnoop.ts';
import { isFromServer, type Value, valuesOf } from './att.ts';
import { type GattMap, learn, nothingKnown } from './gatt-map.ts';
import { type HciFact, hciFact } from './hci.ts';
import { type Assembly, assemble, nothingHeld } from './l2cap.ts';

/** One value between a client and a unit. */
export interface HeardValue extends Value {
  readonly seconds: number;
}

/** Something is missing here: what came before does not hang together with what follows. */
export const HOLE = 'hole';

/** What one server on the air was asked and said, over all its links in the log. */
export interface OverheardUnit {
  /** Its address; `handle-0x0040` for a link that was there before the log began. */
  readonly name: string;
  readonly gatt: GattMap;
  readonly events: readonly (HeardValue | typeof HOLE)[];
}

interface Unit extends OverheardUnit {
  gatt: GattMap;
  readonly events: (HeardValue | typeof HOLE)[];
}

interface Link {
  readonly peer: string;
  readonly held: Record<HciPacket['sentBy'], Assembly>;
}

type Piece = Extract<HciFact, { is: 'piece' }>;

const newLink = (peer: string): Link => ({ peer, held: { host: nothingHeld, controller: nothingHeld } });

/** Goes through the packets of a log and gives every unit that a link led to, in the order of the links. */
export function overhear(packets: readonly HciPacket[]): OverheardUnit[] {
  const units = new Map<string, Unit>();
  const links = new Map<string, Link>();

  const unitOf = (name: string): Unit => {
    const unit = units.get(name) ?? { name, gatt: nothingKnown, events: [] };
    units.set(name, unit);
    return unit;
  };

  const hole = (peer: string): void => {
    units.get(peer)?.events.push(HOLE);
  };

  const lose = ({ peer, held }: Link): void => {
    held.host = held.controller = nothingHeld;
    hole(peer);
  };

  /** The server is the one that was asked; a log of the battery's own side shows itself as the server. */
  const hear = ({ peer }: Link, att: Uint8Array, { sentBy, seconds }: HciPacket): void => {
    const isPeerServer = isFromServer(att) === (sentBy === 'controller');
    const unit = unitOf(isPeerServer ? peer : `${peer}/host`);
    unit.gatt = learn(unit.gatt, att);
    unit.events.push(...valuesOf(att).map((value) => ({ ...value, seconds })));
  };

  const takePiece = (link: Link, { isStart, bytes }: Piece, packet: HciPacket): void => {
    const { assembly, att, isLoss } = assemble(link.held[packet.sentBy], isStart, bytes);
    if (isLoss) hole(link.peer);
    link.held[packet.sentBy] = assembly;
    if (att) hear(link, att, packet);
  };

  const end = (key: string): void => {
    const link = links.get(key);
    if (link) lose(link);
    links.delete(key);
  };

  const begin = (key: string, peer: string): Link => {
    const link = newLink(peer);
    links.set(key, link);
    return link;
  };

  for (const packet of packets) {
    const fact = hciFact(packet);
    if (packet.isAfterLoss) for (const link of links.values()) lose(link);
    if (fact?.is === 'reset') for (const key of [...links.keys()]) end(key);
    if (!fact || fact.is === 'reset') continue;
    const key = `${packet.adapter}/${fact.handle}`;
    if (fact.is === 'piece') {
      const strange = () => begin(key, `handle-0x${fact.handle.toString(16).padStart(4, '0')}`);
      takePiece(links.get(key) ?? strange(), fact, packet);
      continue;
    }
    end(key);
    if (fact.is === 'linked') begin(key, unitOf(fact.address).name);
  }
  return [...units.values()];
}
