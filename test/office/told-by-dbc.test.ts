// The same beside a second reader: the DBC file of each CAN profile, as a person loads it into a sniffer.
import { describe, expect, test } from 'vitest';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { numbersRead } from '../../src/model/wire-health.ts';
import { dbcOf, dbcText } from '../../src/profile/dbc/write.ts';
import { reading } from '../bank/room.ts';
import { decode, readStrictly } from '../profile/dbc/reader.ts';
import { shippedIds } from '../profile/profiles.ts';
import { compiledOf } from '../profile/safety-banks.ts';
import { type BesideWire, besideWire } from './beside-wire.ts';

const onCan = shippedIds.filter((id) => compiledOf(id, {}).can);
/** A beat, and the one before it that the page may still show; the BYD family says its SoC every ten seconds. */
const BEATS_S = 4;
const SLOWEST_S = 12;

const messagesOf = (id: string) => {
  const dbc = dbcOf(compiledOf(id, {}));
  return readStrictly(dbc ? dbcText(dbc) : '');
};

/** Every value of a name in these frames; a second place of one name has a number behind it. */
function valuesIn(frames: readonly CanFrame[], messages: ReturnType<typeof messagesOf>, name: string) {
  return frames.flatMap(({ id, extended, data }) => {
    const found = messages.find((m) => m.id === (extended ? id + 2 ** 31 : id));
    const all = found ? decode(found, data) : [];
    return all.filter(({ signal }) => signal.name.replace(/_\d+$/, '') === name).map(({ value }) => value);
  });
}

/** The numbers that the page shows and no frame of the last beats says. */
function unsaid(room: BesideWire, messages: ReturnType<typeof messagesOf>): string[] {
  const told = room.looks.at(-1)?.inverter.told ?? {};
  return numbersRead.flatMap((name) => {
    const value = told[name];
    const seconds = name === 'soc_told_pct' ? SLOWEST_S : BEATS_S;
    const said = valuesIn(room.frames(seconds), messages, name);
    if (value === undefined) return said.length === 0 ? [] : [`${name} is not shown`];
    return said.some((one) => Math.abs(one - value) < 1e-6) ? [] : [`${name} ${value}, said ${said}`];
  });
}

describe('a sniffer with the DBC file of the profile reads what the page shows', () => {
  test.each(onCan)('%s', (id) => {
    const messages = messagesOf(id);
    const room = besideWire(id);
    room.speaking(21, reading({ socPct: 64.3, cellV: 3.31 }));
    const compare = () => expect([room.looks.at(-1)?.inverter.telling, unsaid(room, messages)]);
    compare().toEqual(['the truth', []]);
    room.silent(18);
    compare().toEqual(['stale', []]);
    room.silent(SLOWEST_S);
    compare().toEqual(['stale', []]);
  });
});
