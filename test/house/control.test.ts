// A person switches a FET through the running gateway: nothing is sent before the inverter was told and no current flows.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../src/bms/jbd-frame.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { control } from './by-hand.ts';
import { ids, told } from './room.ts';
import { type Site, site } from './site.ts';
import { until } from './until.ts';

/** Unit a as one whose FETs can be switched, all of them with this current from now on. */
function unitsWith({ room }: Site) {
  const fets = { chargeFet: true, dischargeFet: true };
  const writes: string[] = [];
  let currentA = -10;
  for (const id of ids)
    room.units[id].answerWith((request) => {
      const [, direction, register = 0, , , bits = 0] = request;
      if (direction === 0xa5) return jbdAnswer({ ...told[id], currentA, ...(id === 'a' && fets) }, request);
      writes.push(`${id} ${register.toString(16)} ${currentA} A`);
      if (register === 0xe1)
        Object.assign(fets, { chargeFet: (bits & 1) === 0, dischargeFet: (bits & 2) === 0 });
      return frameOf(register, 0);
    });
  return {
    writes,
    carry: (amperes: number) => {
      currentA = amperes;
    },
  };
}

describe('a FET by hand', { timeout: 300_000 }, () => {
  test.concurrent('opens when the inverter was told zero and no current flows, and is let go of then', async (context) => {
    const here = await site(context, { more: 'control: true' });
    const { ems, gateway, isFresh, folder } = here;
    const { writes, carry } = unitsWith(here);
    await isFresh();
    expect(statSync(join(folder, 'run', 'control.sock')).mode & 0o777).toBe(0o600);
    const command = control(here.folder, 'a', 'fet', 'a', 'discharge', 'off');
    await ems.sees('DCL 0 while the current still flows', 20_000, (bank) => bank.dclA === 0);
    expect(writes).toEqual([]);
    const openedMs = monotonicMs();
    carry(0);
    expect(await command.ended).toBe(0);
    expect(command.output()).toMatch('a: discharge FET is off, as read back');
    expect(writes).toEqual(['a e1 0 A', 'a 1 0 A']);
    await gateway().hears(/limit=dischargeCurrent .*cause=(?!"a FET is being switched")/, 30_000, openedMs);
    expect(
      gateway().said(/bytes were sent to a battery by hand battery=a sent="dd 5a e1 02 00 02 ff 1b 77 \|/),
    ).toHaveLength(1);
  });

  test.concurrent('is not touched without what must be typed, without permission, or for bytes that are no reads', async (context) => {
    const here = await site(context, { more: 'control: true' });
    const { writes } = unitsWith(here);
    await here.isFresh();
    const wrong = control(here.folder, 'b', 'fet', 'a', 'charge', 'off');
    expect(await wrong.ended).toBe(1);
    expect(wrong.output()).toMatch('it was not confirmed; nothing was sent');
    const raw = control(here.folder, 'a', 'raw', 'a', 'dd5a0a020100fff377');
    expect(await raw.ended).toBe(1);
    expect(raw.output()).toMatch('only frames that read may be sent');
    const read = control(here.folder, 'a', 'raw', 'a', 'dda50500fffb77');
    expect(await read.ended).toBe(0);
    expect(read.output()).toMatch(/a: dd 05 00 .* 77/);
    expect(writes).toEqual([]);
  });

  test.concurrent('is given up when the gateway is stopped meanwhile, which then ends by itself', async (context) => {
    const here = await site(context, { more: 'control: true' });
    const { writes } = unitsWith(here);
    await here.isFresh();
    const command = control(here.folder, 'a', 'fet', 'a', 'charge', 'off');
    await here.gateway().hears(/a person gives a command/, 30_000);
    here.gateway().signal('SIGTERM');
    expect(await here.gateway().exited).toBe(0);
    expect(await command.ended).toBe(1);
    expect(command.output()).toMatch('the gateway ended before it was done');
    expect(writes).toEqual([]);
  });

  test.concurrent('is refused in one sentence where the gateway file does not permit it', async (context) => {
    const here = await site(context);
    await here.isFresh();
    const command = control(here.folder, 'a', 'fet', 'a', 'charge', 'off');
    expect(await command.ended).toBe(1);
    expect(command.output()).toMatch('set `control: true` in its gateway file');
    await until('the gateway goes on', 10_000, () => here.ems.sightings.length > 0);
  });
});
