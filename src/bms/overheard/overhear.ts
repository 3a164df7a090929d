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
export interface Hole {
  readonly from: 'nobody';
  readonly seconds: number;
}

/** What one server on the air was asked and said, over all its links in the log. */
export interface OverheardUnit {
  /** Its address; `handle-0x0040` for a link that was there before the log began. */
  readonly name: string;
  readonly gatt: GattMap;
  readonly events: readonly (HeardValue | Hole)[];
}

interface Unit extends OverheardUnit {
  gatt: GattMap;
  readonly events: (HeardValue | Hole)[];
}

interface Link {
  readonly peer: string;
  readonly held: Record<HciPacket['sentBy'], Assembly>;
}

type Piece = Extract<HciFact, { is: 'piece' }>;

/** The servers that were heard of, by name. */
function unitBook() {
  const units = new Map<string, Unit>();
  const unitOf = (name: string): Unit => {
    const unit = units.get(name) ?? { name, gatt: nothingKnown, events: [] };
    units.set(name, unit);
    return unit;
  };
  return {
    all: () => [...units.values()],
    meet: (name: string): void => {
      unitOf(name);
    },
    hole: (name: string, seconds: number): void => {
      units.get(name)?.events.push({ from: 'nobody', seconds });
    },
    /** The server is the one that was asked; a log of the battery's own side shows itself as the server. */
    hear: (peer: string, att: Uint8Array, { sentBy, seconds }: HciPacket): void => {
      const isPeerServer = isFromServer(att) === (sentBy === 'controller');
      const unit = unitOf(isPeerServer ? peer : `${peer}/host`);
      unit.gatt = learn(unit.gatt, att);
      unit.events.push(...valuesOf(att).map((value) => ({ ...value, seconds })));
    },
  };
}

/** The links that are open, each by its controller and handle. */
function linkBook(onLoss: (peer: string, seconds: number) => void) {
  const links = new Map<string, Link>();
  const begin = (key: string, peer: string): Link => {
    const link = { peer, held: { host: nothingHeld, controller: nothingHeld } };
    links.set(key, link);
    return link;
  };
  const loseAll = (seconds: number): void => {
    for (const { peer, held } of links.values()) {
      held.host = held.controller = nothingHeld;
      onLoss(peer, seconds);
    }
  };
  return {
    begin,
    loseAll,
    end: (key: string, seconds: number): void => {
      const link = links.get(key);
      if (link) onLoss(link.peer, seconds);
      links.delete(key);
    },
    endAll: (seconds: number): void => {
      loseAll(seconds);
      links.clear();
    },
    /** A link that was there before the log began has a handle and no address. */
    at: (key: string, handle: number): Link =>
      links.get(key) ?? begin(key, `handle-0x${handle.toString(16).padStart(4, '0')}`),
  };
}

/** Goes through the packets of a log and gives every unit that a link led to, in the order of the links. */
export function overhear(packets: readonly HciPacket[]): OverheardUnit[] {
  const units = unitBook();
  const links = linkBook(units.hole);

  const takePiece = (key: string, { handle, isStart, bytes }: Piece, packet: HciPacket): void => {
    const { peer, held } = links.at(key, handle);
    const { assembly, att, isLoss } = assemble(held[packet.sentBy], isStart, bytes);
    held[packet.sentBy] = assembly;
    if (isLoss) units.hole(peer, packet.seconds);
    if (att) units.hear(peer, att, packet);
  };

  for (const packet of packets) {
    if (packet.isAfterLoss) links.loseAll(packet.seconds);
    const fact = hciFact(packet);
    if (fact?.is === 'reset') links.endAll(packet.seconds);
    if (!fact || fact.is === 'reset') continue;
    const key = `${packet.adapter}/${fact.handle}`;
    if (fact.is === 'piece') takePiece(key, fact, packet);
    else links.end(key, packet.seconds);
    if (fact.is !== 'linked') continue;
    units.meet(fact.address);
    links.begin(key, fact.address);
  }
  return units.all();
}
