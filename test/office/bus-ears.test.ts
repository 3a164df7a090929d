// The CAN buses as the office listens to them for who looks, with a socket that is played by hand.
import { describe, expect, test } from 'vitest';
import type { CanTrouble, Overheard } from '../../src/can/port.ts';
import type { KnownId } from '../../src/config/known-ids.ts';
import { GatewayError } from '../../src/model/errors.ts';
import { busEars } from '../../src/office/bus-ears.ts';
import type { ExplainedProfile } from '../../src/profile/explained.ts';
import { spokenOf } from '../../src/profile/spoken.ts';
import { until } from '../house/until.ts';
import { shipped } from '../profile/profiles.ts';

interface Socket {
  readonly wire: string;
  readonly hear: (message: Overheard) => void;
  readonly stop: () => void;
  isOpen: boolean;
}

const explained = (inverter: string, id: string): ExplainedProfile => ({
  ...spokenOf(shipped(id)),
  inverter,
  profile: id,
  files: [],
  lines: {},
});

const message = (id: number, data: readonly number[] = [1], more: Partial<Overheard> = {}): Overheard => ({
  id,
  extended: false,
  remote: false,
  isError: false,
  data: Uint8Array.from(data),
  ...more,
});

const shelf: readonly KnownId[] = [
  { id: 0x305, extended: false, profile: 'pylontech-lv', by: 'inverter', title: 'keep-alive' },
  { id: 0x307, extended: false, profile: 'victron', by: 'inverter', title: 'identification' },
  { id: 0x4210, extended: true, profile: 'pylontech-hv', by: 'battery' },
];

/** Two buses; `island` is an SMA on the first, `box` a Pylontech inverter on the second. */
function cellar({ isDemo = false, isThere = true } = {}) {
  let nowMs = 0;
  const sockets: Socket[] = [];
  const trouble = new Map<string, CanTrouble>();
  const profiles: Record<string, string> = { island: 'sma', box: 'pylontech-lv' };
  const asked: string[] = [];
  const ears = busEars(
    [
      { wire: 'can0', inverters: ['island'] },
      { wire: 'can1', inverters: ['box'] },
    ],
    isDemo,
    {
      clock: () => nowMs,
      isThere: () => isThere,
      trouble: (wire) => trouble.get(wire),
      async explain(inverter) {
        asked.push(inverter);
        const id = profiles[inverter];
        return id === undefined ? { why: 'there is none' } : explained(inverter, id);
      },
      async knownIds() {
        asked.push('shelf');
        return shelf;
      },
      overhear(wire, hear, stop) {
        const away = trouble.get(wire);
        if (away) throw new GatewayError('PORT_UNAVAILABLE', { port: wire, ...away });
        const socket: Socket = { wire, hear, stop, isOpen: true };
        sockets.push(socket);
        return {
          close() {
            socket.isOpen = false;
          },
        };
      },
    },
  );
  let number = 0;
  const open = () => sockets.filter(({ isOpen }) => isOpen);
  return {
    ears,
    trouble,
    profiles,
    asked,
    open,
    opened: () => sockets.length,
    /** Somebody looks, and what belongs on the buses has been read. */
    async watched() {
      ears.watch(true);
      await until('both buses are listened to', 10_000, () => open().length === 2);
    },
    on: (wire: string) => open().find((socket) => socket.wire === wire),
    bus: (wire: string) => ears.tell().find((bus) => bus.wire === wire),
    goBy(ms: number) {
      nowMs += ms;
    },
    /** The wires tell that this went out. */
    sent(wire: string, id: number, data: readonly number[], skipped = 0) {
      number += skipped;
      const entry = ['frame', nowMs, wire, '>', id, false, Uint8Array.from(data)] as const;
      ears.take({ type: 'tape', from: 'wires', number: number++, entries: [entry] });
    },
  };
}

describe('a bus', () => {
  test('is listened to while somebody looks and only then, by one socket each', async () => {
    const { ears, open, watched, asked } = cellar();
    expect([ears.tell(), open(), asked]).toEqual([[], [], []]);
    await watched();
    expect(open().map(({ wire }) => wire)).toEqual(['can0', 'can1']);
    ears.watch(false);
    expect([ears.tell(), open()]).toEqual([[], []]);
  });

  test('of whoever is gone before its profile was read is not listened to', async () => {
    const { ears, opened, asked } = cellar();
    ears.watch(true);
    ears.watch(false);
    await until('both profiles were asked for', 10_000, () => asked.length === 2);
    await new Promise(setImmediate);
    expect(opened()).toBe(0);
  });

  test('shows what is neither ours nor heard by its profiles, with who sends such an id', async () => {
    const room = cellar();
    await room.watched();
    const socket = room.on('can0');
    room.goBy(200);
    for (const id of [0x351, 0x305, 0x307, 0x123]) socket?.hear(message(id));
    socket?.hear(message(0x4210, [], { extended: true }));
    socket?.hear(message(0x351, [], { remote: true }));
    room.goBy(800);
    room.ears.tell();
    await until('the shelf was read', 10_000, () => room.asked.includes('shelf'));
    await new Promise(setImmediate);
    expect(room.bus('can0')?.ids).toEqual([
      { id: 0x123, hex: '01', count: 1, per_s: 1, first_at_ms: 200, last_at_ms: 200 },
      { id: 0x351, remote: true, hex: '', count: 1, per_s: 1, first_at_ms: 200, last_at_ms: 200 },
      expect.objectContaining({ id: 0x4210, extended: true, battery_of: ['pylontech-hv'] }),
    ]);
    expect(room.bus('can1')?.ids).toEqual([]);
  });

  test('tells an inverter of another family: its ids are those of a profile that is not in force here', async () => {
    const room = cellar();
    await room.watched();
    room.on('can1')?.hear(message(0x305));
    room.on('can1')?.hear(message(0x307));
    room.ears.tell();
    await until('the shelf was read', 10_000, () => room.asked.includes('shelf'));
    await new Promise(setImmediate);
    expect(room.bus('can1')?.ids).toMatchObject([
      { id: 0x307, inverter_of: ['victron'], title: 'identification' },
    ]);
  });

  test('asks for the shelf of profiles only where there is an id to be named, and once', async () => {
    const room = cellar();
    await room.watched();
    room.ears.tell();
    expect(room.asked).not.toContain('shelf');
    room.on('can0')?.hear(message(0x123));
    room.ears.tell();
    room.ears.tell();
    room.ears.watch(false);
    await room.watched();
    room.on('can0')?.hear(message(0x123));
    room.ears.tell();
    expect(room.asked.filter((one) => one === 'shelf')).toHaveLength(1);
  });

  test('shows no more what another profile hears', async () => {
    const room = cellar();
    await room.watched();
    room.on('can1')?.hear(message(0x307));
    expect(room.bus('can1')?.ids).toHaveLength(1);
    room.profiles.box = 'victron';
    room.ears.changed();
    await until('it belongs there', 10_000, () => room.bus('can1')?.ids.length === 0);
  });

  test('that is away says why and what to do, and is listened to again when it is back', async () => {
    const room = cellar();
    await room.watched();
    room.on('can0')?.hear(message(0x123));
    const socket = room.on('can0');
    const why = { kind: 'unavailable', why: 'there is no such interface', remedy: 'plug it in' } as const;
    room.trouble.set('can0', why);
    if (socket) socket.isOpen = false;
    socket?.stop();
    for (let s = 0; s < 5; s++) {
      room.goBy(1000);
      expect(room.bus('can0')).toMatchObject({ why: 'there is no such interface; plug it in' });
    }
    room.trouble.delete('can0');
    room.goBy(2000);
    const back = room.bus('can0');
    expect(back?.why).toBeUndefined();
    expect(back?.ids).toMatchObject([{ id: 0x123, count: 1 }]);
    room.on('can0')?.hear(message(0x123));
    expect(room.bus('can0')?.ids).toMatchObject([{ id: 0x123, count: 2 }]);
  });

  test('of a demo without an interface is one in memory', () => {
    const { ears, opened } = cellar({ isDemo: true, isThere: false });
    ears.watch(true);
    expect(ears.tell()).toMatchObject([
      { wire: 'can0', is_memory: true, ids: [] },
      { wire: 'can1', is_memory: true, ids: [] },
    ]);
    expect(opened()).toBe(0);
  });
});

describe('an id of ours', () => {
  /** So many seconds, in each of which we speak, and perhaps another. */
  async function seconds(count: number, { other = false, lostAt = -1 } = {}) {
    const room = cellar();
    await room.watched();
    for (let s = 0; s < count; s++) {
      room.sent('can0', 0x351, [1, s], s === lostAt ? 1 : 0);
      room.on('can0')?.hear(message(0x351, [1, s]));
      if (other) room.on('can0')?.hear(message(0x351, [2, s]));
      room.goBy(1000);
      room.ears.tell();
    }
    return room;
  }

  test('with our own bytes is no news', async () => {
    const { bus } = await seconds(40);
    expect(bus('can0')).toMatchObject({ ids: [], doubles: [] });
  });

  test('with other bytes is another battery, and no row of its own', async () => {
    const { bus } = await seconds(40, { other: true });
    expect(bus('can0')).toMatchObject({
      ids: [],
      doubles: [{ id: 0x351, hex: expect.stringMatching(/^02/) }],
    });
    expect(bus('can1')).toMatchObject({ doubles: [] });
  });

  test('is judged anew where something of what we sent may not have been told', async () => {
    const { bus } = await seconds(15, { other: true, lostAt: 14 });
    expect(bus('can0')).toMatchObject({ doubles: [] });
  });
});
