import { describe, expect, test } from 'vitest';
import { type Crank, crank } from './crank.ts';
import { decode } from './esphome/protobuf.ts';
import type { SimProxy } from './esphome/proxy.ts';
import { connect, heard, opened, until } from './esphome/room.ts';
import { addressOf, jbdUnit, jkServices } from './esphome/unit.ts';
import { LIMIT_MS } from './sessions.ts';

/** One step of the clock, and the proxy's answer to whatever it made us send. */
async function tick(clock: Crank, sim: SimProxy, ms: number): Promise<void> {
  await clock.by(ms);
  const before = sim.heard.length;
  sim.ping();
  await until(() => sim.heard.length > before);
}

describe('what an ESPHome proxy hears', { timeout: LIMIT_MS + 10_000 }, () => {
  test('is an advert with address, services and strength', async () => {
    const { port } = await opened({ units: [jbdUnit(1)] });
    expect(await heard(port)).toMatchObject({
      address: '02:00:00:00:00:01',
      services: ['ff00'],
      rssiDbm: -60,
    });
  });

  test('name and maker come with the answer to the scan, and stay with the unit', async () => {
    const { port } = await opened({ units: [jbdUnit(1)] });
    const full = await heard(port, 1, ({ name }) => name !== undefined);
    expect(full).toEqual({
      address: addressOf(1),
      name: 'JBD-1',
      services: ['ff00'],
      companyId: 0x0b65,
      rssiDbm: -60,
    });
  });

  test('is nothing while nobody scans', async () => {
    const { port } = await opened({ units: [jbdUnit(1)] });
    await heard(port);
    await expect(connect(port, 2)).rejects.toThrow('02:00:00:00:00:02: connect failed: it was not heard');
  });
});

describe('a link through an ESPHome proxy', { timeout: LIMIT_MS + 10_000 }, () => {
  test.each([12, 10])('shows the GATT table with handles, API 1.%d', async (minor) => {
    const { port } = await opened({ units: [jbdUnit(1)], minor });
    await heard(port);
    const link = await connect(port);
    expect(await link.discover()).toEqual([
      { service: 'ff00', uuid: 'ff01', handle: 3, properties: ['read', 'notify'] },
      { service: 'ff00', uuid: 'ff02', handle: 6, properties: ['writeWithoutResponse', 'write'] },
    ]);
  });

  test('tells two characteristics with one UUID apart by their handles', async () => {
    const { sim, port } = await opened({ units: [jbdUnit(1, { services: jkServices() })] });
    await heard(port);
    const link = await connect(port);
    const [write, notify, foreign] = await link.discover();
    expect([write, notify]).toMatchObject([
      { uuid: 'ffe1', handle: 3, properties: ['writeWithoutResponse'] },
      { uuid: 'ffe1', handle: 5, properties: ['read', 'notify'] },
    ]);
    expect(foreign?.service).toBe('fedcba98765432100123456789abcdef');
    if (!notify) throw new Error('it has no such characteristic');
    await link.subscribe(notify, () => {});
    expect(sim.heard.slice(-2).map(({ id, body }) => [id, decode(body).number(2)])).toEqual([
      [78, 5n],
      [77, 6n],
    ]);
  });

  test('that is refused because all connections are taken says so and what to do', async () => {
    const { port } = await opened({ units: [jbdUnit(1), jbdUnit(2)], slots: 1 });
    await heard(port, 1);
    await connect(port, 1);
    await heard(port, 2);
    await expect(connect(port, 2)).rejects.toThrow(
      /connect failed: all 1 connections of the proxy are taken; raise `connection_slots`/,
    );
  });

  test('that is cancelled is taken back from the proxy at once', async () => {
    const unit = jbdUnit(1, { isDeaf: true });
    const { sim, port } = await opened({ units: [unit] });
    await heard(port);
    const cancel = new AbortController();
    const connecting = connect(port, 1, cancel.signal);
    connecting.catch(() => {});
    await until(() => sim.held().length === 1);
    cancel.abort(new Error('another unit waits'));
    await expect(connecting).rejects.toThrow('another unit waits');
    await until(() => sim.held().length === 0);
    unit.isDeaf = false;
    await heard(port);
    await connect(port);
  });

  test('that takes longer than our limit is taken back too', async () => {
    const clock = crank();
    const { sim, port } = await opened({ units: [jbdUnit(1, { isDeaf: true })] }, clock);
    await heard(port);
    const connecting = connect(port);
    connecting.catch(() => {});
    await until(() => sim.held().length === 1);
    for (let s = 0; s < 20; s++) await tick(clock, sim, 1000);
    await expect(connecting).rejects.toThrow('no answer within 20 s');
    await until(() => sim.held().length === 0);
  });

  test('that comes up when nobody waits for it any more is closed', async () => {
    const unit = jbdUnit(1);
    const { sim } = await opened({ units: [unit] });
    sim.raise(unit);
    await until(() => sim.held().length === 0);
  });

  test('is closed on demand, and the proxy has its connection back', async () => {
    const { sim, port } = await opened({ units: [jbdUnit(1)] });
    await heard(port);
    const link = await connect(port);
    const lost: string[] = [];
    link.onLost((why) => lost.push(why));
    await link.disconnect();
    expect(sim.held()).toEqual([]);
    expect(lost).toHaveLength(1);
    await expect(link.discover()).rejects.toThrow('discover failed');
  });
});
