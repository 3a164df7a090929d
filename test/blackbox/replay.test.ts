// What was told on the wires comes out of a black box once more, byte by byte.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfile } from '../../src/config/profile-files.ts';
import { reading } from '../bank/room.ts';
import { others, played, tapedHouse } from './taped-house.ts';

const folder = join(import.meta.dirname, '../../profiles');
const profiles = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => loadProfile(name.slice(0, -5)));
const idOf = ({ profile }: (typeof profiles)[number]) => profile.id;

/** A cell rises until its pack protects itself, a pack falls silent for a while, and comes back. */
function* anEvening(house: ReturnType<typeof tapedHouse>): Generator<number> {
  for (let second = 0; second < 240; second++) {
    const highest = 3.3 + Math.min(second, 100) * 0.0035;
    const cellVoltagesV = Array.from({ length: 16 }, (_, i) => (i === 6 ? highest : 3.31 + i * 0.001));
    const isFull = second > 95 && second < 150;
    const value = {
      ...reading(),
      cellVoltagesV,
      voltageV: cellVoltagesV.reduce((sum, v) => sum + v, 0),
      currentA: 20.5 - second / 10,
      ...(isFull && { alarms: ['cell_high_voltage' as const], chargeFet: false }),
    };
    if (second % 2 === 0) house.speak(value, second > 150 && second < 190 ? ['a'] : ['a', 'b']);
    house.until(house.clock() + 993.7);
    yield second;
  }
}

describe('an evening with an alarm, played from its box', () => {
  const cans = profiles.filter(({ can }) => can);
  test.each(cans.map((profile) => [idOf(profile), profile] as const))(
    'gives every frame of %s as it was on the bus',
    (id, { can }) => {
      const house = tapedHouse(`profile: ${id}, can: can0`);
      for (const second of anEvening(house))
        for (const [i, spec] of (can?.receives ?? []).entries())
          if ((second + i) % 3 === 0)
            house.inverterSays({
              id: spec.id,
              extended: spec.extended,
              data: Uint8Array.from(
                { length: 8 },
                (_, at) => spec.where.find((w) => w.at === at)?.is ?? second,
              ),
            });
      const all = played(house.box());
      expect(others(all)).toEqual([]);
      const frames = all.filter(({ what }) => what === 'frame').map(({ is }) => is);
      expect(frames.length).toBeGreaterThan(100);
      // What a third party heard on the bus from the first frame of the box on.
      expect(house.frames.slice(-frames.length)).toEqual(frames);
      expect(all.filter(({ what }) => what === 'evaluation').length).toBeGreaterThan(400);
    },
  );

  const lines = profiles.filter(({ modbus }) => modbus);
  test.each(lines.map((profile) => [idOf(profile), profile] as const))(
    'gives every register of %s as it was read, and what was written',
    (id, { modbus }) => {
      const house = tapedHouse(`profile: ${id}, tcp: "127.0.0.1:1502"`);
      const { units = [] } = house.plan.wire.kind === 'can' ? {} : house.plan.wire;
      const written = modbus?.writable.addresses ?? [];
      for (const second of anEvening(house))
        for (const unit of units) {
          for (const from of [0, 0x100, 0x500, 0x3100, 40_000])
            house.ask(unit, Uint8Array.of(second % 2 ? 3 : 4, from >> 8, from & 255, 0, 0x10));
          for (const at of written)
            if ((second + at) % 7 === 0) house.ask(unit, Uint8Array.of(6, at >> 8, at & 255, 0, second & 3));
          for (const at of written) house.ask(unit, Uint8Array.of(3, at >> 8, at & 255, 0, 1));
        }
      const all = played(house.box());
      expect(others(all)).toEqual([]);
      const answers = all.filter(({ what }) => what === 'answer').map(({ is }) => is);
      expect(answers.length).toBeGreaterThan(400);
      expect(house.replies.slice(-answers.length)).toEqual(answers);
    },
  );

  const codecs = profiles.filter(({ serial }) => serial);
  test.each(codecs.map((profile) => [idOf(profile), profile] as const))(
    'gives every answer of %s as it was',
    (id, { serial }) => {
      const house = tapedHouse(`profile: ${id}, serial: /dev/ttyS9`);
      const { units = [] } = house.plan.wire.kind === 'can' ? {} : house.plan.wire;
      const asks = [...new Set((serial?.answers ?? []).map(({ ask }) => ask))];
      for (const _ of anEvening(house))
        for (const address of units.length ? units : [0])
          for (const ask of asks) house.askCodec(ask, address);
      const all = played(house.box());
      expect(others(all)).toEqual([]);
      const answers = all.filter(({ what, is }) => what === 'answer' && is !== 'silence').map(({ is }) => is);
      expect(answers.length).toBeGreaterThan(100);
      expect(house.replies.filter((reply) => reply !== 'silence').slice(-answers.length)).toEqual(answers);
    },
  );
});
