import { describe, expect, test } from 'vitest';
import { type Crank, crank } from './crank.ts';
import { type ProxyOptions, simProxy } from './esphome/proxy.ts';
import { connect, heard, KEY, OTHER_KEY, opened, portTo, proxy, until } from './esphome/room.ts';
import { jbdUnit } from './esphome/unit.ts';
import { LIMIT_MS, saying } from './sessions.ts';

describe('an ESPHome proxy that cannot be used says why and what to do', {
  timeout: LIMIT_MS + 10_000,
}, () => {
  const refusal = async (options: ProxyOptions, key?: string) =>
    portTo(await proxy(options), crank(), key).open();

  test('the key is wrong', async () => {
    await expect(refusal({ key: KEY }, OTHER_KEY)).rejects.toThrow(
      /^Bluetooth proxy 127\.0\.0\.1:\d+: the encryption key is wrong; copy the key from the proxy's YAML \(`api: encryption: key:`\)/,
    );
  });

  test('the key is no key', async () => {
    await expect(refusal({ key: KEY }, 'secret')).rejects.toThrow(
      /holds no encryption key.+api: encryption: key:/,
    );
  });

  test('it wants a key and we have none', async () => {
    await expect(refusal({ key: KEY })).rejects.toThrow(/wants its encryption key; copy the key/);
  });

  test('we have a key and it has none: never in the clear', async () => {
    await expect(refusal({}, KEY)).rejects.toThrow(/has no encryption key.+; add `api: encryption: key:`/);
  });

  test('it has no Bluetooth proxy, only listens, is too old', async () => {
    await expect(refusal({ features: 0 })).rejects.toThrow(/; add `bluetooth_proxy: active: true`/);
    await expect(refusal({ features: 1 })).rejects.toThrow(
      /only listens.+; set `bluetooth_proxy: active: true`/,
    );
    await expect(refusal({ features: 3 })).rejects.toThrow(/too old; install it anew/);
  });

  test('nothing listens there', async () => {
    const gone = await simProxy();
    await gone.stop();
    await expect(portTo(gone, crank()).open()).rejects.toThrow(/nothing listens on that port; look whether/);
  });

  test('it is connected to and says nothing', async () => {
    const clock = crank();
    const sim = await proxy();
    sim.silence();
    const opening = portTo(sim, clock).open();
    opening.catch(() => {});
    await until(() => sim.heard.length > 0);
    await clock.by(5000);
    await expect(opening).rejects.toThrow(/it does not answer; look whether the ESP32 has power/);
    await until(() => sim.clients() === 0);
  });

  test('it serves another program', async () => {
    const { sim } = await opened();
    const clock = crank();
    const second = portTo(sim, clock).open();
    second.catch(() => {});
    await until(() => sim.heard.filter(({ id }) => id === 80).length === 2);
    await clock.by(10_001);
    await expect(second).rejects.toThrow(/serves another program already; take this proxy out/);
  });
});

describe('a connection to an ESPHome proxy', { timeout: LIMIT_MS + 10_000 }, () => {
  test('answers pings and sends its own', async () => {
    const clock = crank();
    const { sim } = await opened({}, clock);
    sim.ping();
    await until(() => sim.heard.some(({ id }) => id === 8));
    await clock.by(10_000);
    await until(() => sim.heard.some(({ id }) => id === 7));
  });

  test('that stays silent for 20 s after a ping is gone, with its links', async () => {
    const clock = crank();
    const { sim, port, reports } = await opened({ units: [jbdUnit(1)] }, clock);
    await heard(port);
    const link = await connect(port);
    const lost = saying<string>();
    link.onLost(lost.say);
    sim.silence();
    await clock.by(10_000);
    await until(() => sim.heard.some(({ id }) => id === 7));
    await clock.by(19_999);
    expect(reports.said).toEqual([{ state: 'ready' }]);
    await clock.by(1);
    const why = expect.stringMatching(/silent for 20 s after a ping; look whether the ESP32 has power/);
    expect(reports.said.at(-1)).toEqual({ state: 'missing', why });
    expect(lost.said).toEqual([why]);
  });

  test('that is taken over by another program is noticed, and taken back', async () => {
    const clock = crank();
    const { sim, port, reports } = await opened({ units: [jbdUnit(1)] }, clock);
    const adverts = saying<unknown>();
    await port.scan(adverts.say);
    await adverts.until(() => true);
    sim.pass();
    for (let s = 0; s < 61 && reports.said.length < 2; s++) {
      sim.ping();
      const pongs = sim.heard.length;
      await until(() => sim.heard.length > pongs);
      await clock.by(1000);
    }
    const why = expect.stringMatching(/passed on nothing for 60 s; take this proxy out of any other program/);
    expect(reports.said.at(-1)).toEqual({ state: 'missing', why });
    await clock.by(1000);
    await reports.until(({ state }) => state === 'ready', 1);
  });

  test('that hears nothing while nobody listens is left alone', async () => {
    const clock = crank();
    const { sim, reports } = await opened({}, clock);
    for (let s = 0; s < 13; s++) {
      await clock.by(10_000);
      const heard = (id: number) => sim.heard.filter((message) => message.id === id).length;
      await until(() => heard(7) > s);
      // Its answer to this comes behind what it makes of the answer to its own.
      sim.ping();
      await until(() => heard(8) > s);
    }
    expect(reports.said).toEqual([{ state: 'ready' }]);
  });

  test('that is lost is opened again after 1, 2, 4 s, and is ready again', async () => {
    const clock = crank();
    const { sim, reports } = await opened({ key: KEY }, clock);
    await sim.stop();
    await reports.until(({ state }) => state === 'missing');
    expect(reports.said.at(-1)?.why).toMatch(/it closed the connection; it is opened again by itself/);
    await clock.by(1000);
    await reports.until(({ why }) => why?.includes('nothing listens') === true);
    await clock.by(1999);
    const again = await proxy({ key: KEY, port: sim.port });
    expect(again.clients()).toBe(0);
    await clock.by(1);
    await reports.until(({ state }) => state === 'ready', 1);
    expect(again.clients()).toBe(1);
  });

  test('takes leave when it is closed, and leaves no timer behind', async () => {
    const timers = counted(crank());
    const { sim, port } = await opened({ units: [jbdUnit(1)] }, timers);
    await heard(port);
    const link = await connect(port);
    await link.discover();
    await port.close();
    await until(() => sim.clients() === 0);
    expect(sim.heard.at(-1)?.id).toBe(5);
    // The firmware ends all links of a client that unsubscribes (87), so that is never sent.
    expect(sim.heard.map(({ id }) => id)).not.toContain(87);
    await until(() => timers.running() === 0);
  });
});

/** Timers that say how many are running. */
function counted(timers: Crank) {
  let running = 0;
  return {
    ...timers,
    running: () => running,
    after: (ms: number, act: () => void) => {
      let isRunning = true;
      running++;
      const end = () => {
        if (isRunning) running--;
        isRunning = false;
      };
      const cancel = timers.after(ms, () => {
        end();
        act();
      });
      return () => {
        end();
        cancel();
      };
    },
  };
}
