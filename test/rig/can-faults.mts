// Sentences about what a CAN bus may suffer: what is said, what is counted, and that no burst follows; run by can-faults.sh,
// inside can-run.

import { monotonicMs } from '../../src/model/freshness.ts';
import {
  addQueue,
  BATCH,
  type Cable,
  cut,
  type Heard,
  layAgain,
  layCable,
  listen,
  plug,
  sh,
  spreadText,
  startSpeaking,
  unplug,
  watchLoop,
} from './can-cable.mts';
import { floodSteps } from './can-flood.mts';
import { timeSteps } from './can-time.mts';
import { pause, until } from './can-wire.mts';
import { claim, end, step } from './steps.mts';

/** For what comes at once on a machine that others use too. */
const COMES_MS = 30_000;
/** Less than from one beat to the next. */
const A_BEAT_MS = 950;
const LONG_QUEUE = 1_000_000;

type Speaking = ReturnType<typeof startSpeaking>;
type Ear = ReturnType<typeof listen>;

interface Room {
  readonly cable: Cable;
  readonly battery: Speaking;
  readonly ear: Ear;
}

/** A battery that has beaten twice, its cable, and the ear at the far end. */
async function room(queueBytes?: number): Promise<Room> {
  const cable = await layCable();
  if (queueBytes !== undefined) await addQueue(cable, queueBytes);
  const ear = listen(cable);
  const battery = startSpeaking(cable.near);
  claim(await until(() => ear.heard.length >= 2 * BATCH.length, COMES_MS), 'no beat was heard');
  return { cable, battery, ear };
}

/** In a room of its own, whose battery is stopped whatever happens. */
const inRoom = (act: (room: Room) => Promise<string>, queueBytes?: number) => async () => {
  const it = await room(queueBytes);
  try {
    return await act(it);
  } finally {
    it.battery.stop();
    it.ear.close();
    await cut(it.cable);
  }
};

const saidOf = ({ events }: Speaking): string => {
  const last = events.at(-1);
  return last && 'why' in last ? `${last.why}; ${last.remedy}` : (last?.kind ?? 'nothing');
};

/** Fails unless no more than one beat came in the time of one; `from`: how many frames were heard before. */
async function oneBeatAfter(ear: Ear, from: number, outageMs: number): Promise<string> {
  const backMs = monotonicMs();
  claim(await until(() => ear.heard.length > from, COMES_MS), 'nothing came afterwards');
  await pause(A_BEAT_MS);
  const [first] = ear.heard.slice(from);
  const came = ear.heard.slice(from).filter(({ atMs }) => first && atMs < first.atMs + A_BEAT_MS - 50);
  const missed = Math.floor(outageMs / 1000) * BATCH.length;
  claim(came.length <= BATCH.length, `${came.length} frames came at once after ${missed} missed ones`);
  const oldest = Math.max(...came.map(({ atMs, trueAtMs }) => atMs - trueAtMs));
  claim(oldest < 1000, `a frame of ${oldest.toFixed(0)} ms ago came`);
  const waited = Math.max(0, (first?.atMs ?? 0) - backMs);
  return `${missed} frames were missed, ${came.length} came in the first second, ${waited.toFixed(0)} ms after; the oldest was true ${oldest.toFixed(0)} ms before`;
}

/** The inverter is there again; gives what came since, and when the first of it came. */
async function onAgain(
  cable: Cable,
  ear: Ear,
  frames: number,
): Promise<{ came: readonly Heard[]; onMs: number }> {
  const from = ear.heard.length;
  await unplug(cable);
  claim(await until(() => ear.heard.length >= from + frames, COMES_MS), 'too little came');
  await pause(300);
  const came = ear.heard.slice(from);
  return { came, onMs: came[0]?.atMs ?? 0 };
}

await step(
  'an inverter that was off for 8 s before a queue of 60 000 frames finds one beat of old ones, and what is true behind it',
  inRoom(async ({ cable, battery, ear }) => {
    const loop = watchLoop();
    await plug(cable);
    await pause(8000);
    const said = saidOf(battery);
    const { came, onMs } = await onAgain(cable, ear, 2 * BATCH.length);
    const old = came.filter(({ trueAtMs }) => onMs - trueAtMs > 1500);
    const fresh = came.filter(({ trueAtMs }) => trueAtMs >= onMs - 1);
    const lag = loop.stop();
    claim(old.length <= 2 * BATCH.length, `${old.length} old frames`);
    claim(fresh.length >= BATCH.length, `${fresh.length} fresh frames`);
    claim(/nobody on the bus acknowledges; .*120 ohm/.test(said), said);
    claim(lag.max < 2000, spreadText(lag));
    const { sent, refused, held } = battery.bus.counters;
    return `${old.length} old, then ${fresh.length} fresh ${((fresh[0]?.atMs ?? 0) - onMs).toFixed(0)} ms after; ${sent} sent, ${refused} refused, ${held} of them held back; loop ${spreadText(lag)}; "${said}"`;
  }, LONG_QUEUE),
);

await step(
  'a queue that is full (ENOBUFS) is named and counted, and flows on without a burst',
  inRoom(async ({ cable, battery, ear }) => {
    await plug(cable);
    // The queue holds two frames of 16 bytes, so that the third of a beat is refused by the kernel itself.
    claim(await until(() => battery.events.length > 1, COMES_MS), 'nothing was said');
    await pause(2000);
    const { refused, held } = battery.bus.counters;
    const { came, onMs } = await onAgain(cable, ear, 3);
    const old = came.filter(({ trueAtMs }) => onMs - trueAtMs > 1000);
    claim(refused > held, 'the kernel refused none');
    claim(old.length <= 2 && battery.events[1]?.kind === 'no-ack', `${old.length} old; ${battery.kinds()}`);
    return `${refused - held} refused by the kernel, ${held} held back, ${old.length} old frames`;
  }, 32),
);

for (const who of ['near', 'far'] as const)
  await step(
    `an interface that is down for 5 s (${who === 'near' ? 'ours' : "the inverter's"}) gets one beat when it is up`,
    inRoom(async ({ cable, battery, ear }) => {
      await sh(`ip link set ${cable[who]} down`);
      await pause(5000);
      const said = saidOf(battery);
      const from = ear.heard.length;
      await sh(`ip link set ${cable[who]} up`);
      const one = await oneBeatAfter(ear, from, 5000);
      claim(who === 'far' || /is down; run /.test(said), said);
      return `${one}; ${battery.bus.counters.refused} refused, ${battery.bus.counters.opened} opened; "${said}"`;
    }),
  );

await step(
  'an interface that is gone for 5 s and back is opened anew and gets one beat',
  inRoom(async ({ cable, battery, ear }) => {
    await cut(cable);
    await pause(5000);
    const said = saidOf(battery);
    await layAgain(cable);
    const again = listen(cable);
    ear.close();
    const one = await oneBeatAfter(again, 0, 5000);
    again.close();
    const { opened, stopped, refused } = battery.bus.counters;
    claim(opened === 2 && stopped === 1, JSON.stringify(battery.bus.counters));
    claim(/no such interface; /.test(said), said);
    return `${one}; ${opened} opened, ${stopped} stopped, ${refused} refused; "${said}"`;
  }),
);

const states = [
  ['error-passive', '20000004#0020000000008000', 'errorPassive', /error-passive.*; check/],
  ['no-ack', '20000020#0000000000000000', 'noAck', /nobody on the bus acknowledges/],
  ['bus-off', '20000040#0000000000000000', 'busOff', /the controller is bus-off.*; check wiring/],
] as const;

await step(
  'a controller that says it is error-passive, unacknowledged and bus-off is named each time, counted, and speaks on after its restart',
  inRoom(async ({ cable, battery, ear }) => {
    const said: string[] = [];
    for (const [kind, text, counter, sentence] of states) {
      await sh(`cansend ${cable.far} ${text}`);
      claim(await until(() => battery.events.at(-1)?.kind === kind, COMES_MS), `${kind}: ${battery.kinds()}`);
      claim(sentence.test(saidOf(battery)), saidOf(battery));
      claim(battery.bus.counters[counter] === 1, JSON.stringify(battery.bus.counters));
      said.push(`"${saidOf(battery)}"`);
    }
    const restartMs = monotonicMs();
    await sh(`cansend ${cable.far} 20000100#0000000000000000`);
    claim(await until(() => ear.since(restartMs).length >= BATCH.length, COMES_MS), 'it does not speak on');
    claim(battery.bus.counters.restarted === 1, JSON.stringify(battery.bus.counters));
    return said.join(' ');
  }),
);

await step(
  'remote frames, foreign ids and 29-bit namesakes do not pass the filter that the kernel keeps for us',
  inRoom(async ({ cable, battery }) => {
    const kept = (await sh(`grep ${cable.near} /proc/net/can/rcvlist_* | grep -i c00007ff || true`)).trim();
    await sh(
      `for f in 305#R 00000305#00 7FF#00 1FFFFFFF#00 351#01; do cansend ${cable.far} $f; done; cansend ${cable.far} 305#00`,
    );
    claim(await until(() => battery.bus.counters.received > 0, COMES_MS), 'the keep-alive was not heard');
    await pause(200);
    const { received, ignored } = battery.bus.counters;
    claim(received === 1 && ignored === 0, JSON.stringify(battery.bus.counters));
    claim(kept !== '', 'the kernel keeps no filter of ours');
    return `1 of 6 heard; the kernel's list: ${kept.replace(/\s+/g, ' ')}`;
  }),
);

await floodSteps();
await timeSteps();
end();
