// The one door to mqtt.js: one MQTT 3.1.1 session on a stream that is open already. It never connects again by itself.
import type { Duplex } from 'node:stream';
import { MqttClient } from 'mqtt';
import type { Link, LinkEvents } from './link.ts';
import { PATIENCE_MS, troubleOf } from './socket.ts';
import type { Trouble } from './trouble.ts';

export interface Session {
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** What the broker says at this topic, and keeps, when we are gone without leave. */
  readonly will?: { readonly topic: string; readonly payload: string };
}

/** A broker that is silent for one and a half of these is gone. */
const KEEPALIVE_S = 15;
/** What a broker that takes nothing may make us hold. */
const MOST_WAITING_BYTES = 256 * 1024;
const LEAVE_MS = 1000;

function troubleIn(error: Error): Trouble {
  if ('code' in error && typeof error.code === 'number') return { kind: 'refused', returnCode: error.code };
  if (/connack timeout/i.test(error.message)) return { kind: 'no answer' };
  if (/keepalive timeout/i.test(error.message)) return { kind: 'silent' };
  return troubleOf(error);
}

const optionsOf = ({ clientId, username, password, will }: Session) => ({
  clientId,
  protocolVersion: 4 as const,
  clean: true,
  keepalive: KEEPALIVE_S,
  connectTimeout: PATIENCE_MS,
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
  // Else the package holds a buffer for each number below 65 536: 9 MB of the office's memory (docs/performance.md).
  writeCache: false,
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(will && {
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: true },
  }),
});

function linkOf(client: MqttClient, stream: Duplex, refused: LinkEvents['refused']): Link {
  return {
    keep: (topic, payload, done) => {
      if (client.connected)
        client.publish(topic, payload, { qos: 1, retain: true }, (error) => error || done?.());
    },
    tell: (topic, payload) => {
      if (client.connected && stream.writableLength < MOST_WAITING_BYTES)
        client.publish(topic, payload, { qos: 0 });
    },
    subscribe: (topic) =>
      client.subscribe(topic, { qos: 0 }, (error, granted = []) => {
        // A connection that ended meanwhile is told as such.
        if (client.connected && (error || granted.some(({ qos }) => qos === 128))) refused(topic);
      }),
    unsubscribe: (topic) => client.unsubscribe(topic, () => {}),
    end: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => client.end(true, () => resolve()), LEAVE_MS);
        client.end(false, () => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

/** Begins the session. `down` comes once, also after `end`. */
export function openSession(stream: Duplex, session: Session, events: LinkEvents): () => void {
  const client = new MqttClient(() => stream, optionsOf(session));
  let isUp = false;
  let isDown = false;
  const down = (trouble: Trouble) => {
    if (isDown) return;
    isDown = true;
    client.end(true);
    stream.destroy();
    events.down(trouble);
  };
  client.on('connect', () => {
    isUp = true;
    events.up(linkOf(client, stream, events.refused));
  });
  client.on('message', (topic, payload, { retain }) => {
    if (!isDown) events.heard({ topic, text: payload.toString(), isRetained: retain });
  });
  client.on('error', (error) => down(troubleIn(error)));
  client.on('close', () => down({ kind: isUp ? 'closed' : 'closed early' }));
  return () => down({ kind: 'closed' });
}
