// An ESP32 with ESPHome's Bluetooth proxy, at its protocol: message numbers as facts from ESPHome's api.proto, manners from
// its bluetooth_proxy component. Nothing of it comes from the client that it tests.
import { createServer, type Server, type Socket } from 'node:net';
import { noiseServer, plainServer, type ServerFrames } from './framing.ts';
import { decode, encode, type Wire } from './protobuf.ts';
import { advertOf, NOTIFY, type SimUnit, servicesOf, WRITE } from './unit.ts';

const ADVERT_EVERY_MS = 30;
const ALL_FEATURES = 0b1110111;

export interface ProxyOptions {
  readonly key?: string;
  readonly units?: readonly SimUnit[];
  readonly slots?: number;
  readonly features?: number;
  /** Minor version of the API: below 12 it sends long UUIDs, below 11 it wants a login. */
  readonly minor?: number;
  readonly port?: number;
}

export interface SimProxy {
  readonly port: number;
  readonly heard: { readonly id: number; readonly body: Buffer }[];
  /** Units that it has links to or tries to reach. */
  readonly held: () => readonly bigint[];
  /** A link to this unit comes up that nobody asked for any more. */
  readonly raise: (unit: SimUnit) => void;
  /** Loses the link of this unit. */
  readonly drop: (number: bigint, reason?: number) => void;
  readonly silence: () => void;
  /** Another client takes it over: nothing but answers to pings for those that are here. */
  readonly pass: () => void;
  readonly ping: () => void;
  readonly clients: () => number;
  /** Closes everything, as a restart does; `start` with the same port begins anew. */
  readonly stop: () => Promise<void>;
}

interface Client {
  readonly socket: Socket;
  readonly frames: ServerFrames;
  minor: number;
}

interface Link {
  readonly unit: SimUnit;
  isUp: boolean;
  isOn: boolean;
}

type Answer = (client: Client, body: Buffer) => void;

export async function simProxy(o: ProxyOptions = {}): Promise<SimProxy> {
  const { units = [], slots = 3, features = ALL_FEATURES, minor = 12 } = o;
  const clients = new Set<Client>();
  const links = new Map<bigint, Link>();
  const heard: SimProxy['heard'] = [];
  let listener: Client | undefined;
  let isSilent = false;

  const send = (client: Client | undefined, id: number, wire: Wire) => {
    if (client && !isSilent && !client.socket.destroyed)
      client.socket.write(client.frames.wrap(id, encode(wire)));
  };
  const sendFree = (client = listener) => send(client, 81, { 1: slots - links.size, 2: slots });
  const sendState = (address: bigint, isConnected: boolean, error = 0) =>
    send(listener, 69, { 1: address, 2: isConnected, 3: 23, 4: error });
  const end = (address: bigint, error: number) => {
    links.delete(address);
    sendState(address, false, error);
    sendFree();
  };

  const connect = (address: bigint) => {
    const unit = units.find(({ number }) => number === address);
    if (!unit || (links.size >= slots && !links.has(address))) return sendState(address, false);
    const link = { unit, isUp: false, isOn: false };
    links.set(address, link);
    sendFree();
    setImmediate(() => {
      if (unit.isDeaf || links.get(address) !== link) return;
      if (unit.isHidden) return end(address, 133);
      link.isUp = true;
      sendState(address, true);
    });
  };

  const write = (body: Buffer, { unit, isOn }: Link) => {
    const [address, handle] = [unit.number, WRITE.handle];
    const mode = decode(body).number(3) === 1n ? 'write' : 'writeWithoutResponse';
    if (unit.takes && unit.takes !== mode) return send(listener, 82, { 1: address, 2: handle, 3: 3 });
    send(listener, 83, { 1: address, 2: handle });
    for (const data of unit.asked(decode(body).bytes(4)))
      if (isOn) send(listener, 79, { 1: address, 2: NOTIFY.handle, 3: data });
  };

  const onUnit =
    (act: (client: Client, link: Link, body: Buffer) => void): Answer =>
    (client, body) => {
      const address = decode(body).number(1);
      const link = links.get(address);
      if (link?.isUp) act(client, link, body);
      else send(client, 82, { 1: address, 2: decode(body).number(2), 3: -1 });
    };

  const answers: { readonly [id: number]: Answer } = {
    1: (client, body) => {
      client.minor = Number(decode(body).number(3));
      send(client, 2, { 1: 1, 2: minor, 3: 'simulated', 4: 'proxy' });
    },
    3: (client) => send(client, 4, {}),
    5: (client) => {
      send(client, 6, {});
      client.socket.end();
    },
    7: (client) => send(client, 8, {}),
    9: (client) => send(client, 10, { 2: 'proxy', 4: '2026.10.0', 15: features }),
    11: (client) => send(client, 19, {}),
    66: (client) => {
      listener ??= client;
      if (listener === client && features & 64) send(client, 126, { 1: 2, 2: 1 });
    },
    68: (_client, body) => {
      const address = decode(body).number(1);
      if (decode(body).number(2) === 1n) end(address, links.has(address) ? 22 : 0);
      else connect(address);
    },
    70: onUnit((client, { unit }) => {
      const isShort = client.minor >= 12 && minor >= 12;
      for (const service of servicesOf(unit, isShort)) send(client, 71, { 1: unit.number, 2: service });
      send(client, 72, { 1: unit.number });
    }),
    75: onUnit((_client, link, body) => write(body, link)),
    77: onUnit((client, link, body) => {
      const handle = decode(body).number(2);
      if (handle === BigInt(NOTIFY.switch)) link.isOn = decode(body).bytes(3).readUInt16LE() === 1;
      send(client, 83, { 1: link.unit.number, 2: handle });
    }),
    78: onUnit((client, { unit }, body) => send(client, 84, { 1: unit.number, 2: decode(body).number(2) })),
    80: (client) => sendFree(client),
  };

  const greet = (socket: Socket) => {
    const message = (id: number, body: Buffer) => {
      heard.push({ id, body });
      if (!isSilent) answers[id]?.(client, body);
    };
    const write = (bytes: Buffer) => socket.write(bytes);
    const options = { name: 'proxy', write, end: () => socket.end(), message };
    const frames = o.key === undefined ? plainServer(options) : noiseServer(o.key, options);
    const client: Client = { socket, frames, minor: 0 };
    clients.add(client);
    socket.on('data', (bytes) => frames.take(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      clients.delete(client);
      if (listener !== client) return;
      listener = undefined;
      links.clear();
    });
  };

  const advertise = () => {
    const all = units.filter((unit) => !unit.isHidden && !links.has(unit.number));
    const each = all.flatMap((unit) => unit.adverts.map((data) => advertOf(unit, data)));
    if (each.length > 0) send(listener, 93, { 1: { each } });
  };

  const server = await listening(createServer({ noDelay: true }, greet), o.port ?? 0);
  const beat = setInterval(advertise, ADVERT_EVERY_MS);
  const at = server.address();
  return {
    port: typeof at === 'object' && at ? at.port : 0,
    heard,
    held: () => [...links.keys()],
    drop: (address, reason = 8) => end(address, reason),
    raise: (unit) => {
      links.set(unit.number, { unit, isUp: true, isOn: false });
      sendState(unit.number, true);
    },
    ping: () => {
      for (const client of clients) send(client, 7, {});
    },
    clients: () => clients.size,
    silence: () => {
      isSilent = true;
    },
    pass: () => {
      listener = undefined;
    },
    stop: () => {
      clearInterval(beat);
      for (const { socket } of clients) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const listening = (server: Server, port: number) =>
  new Promise<Server>((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
