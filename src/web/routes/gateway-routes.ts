// What can be asked of the gateway: how it is made, how it is, and what was.

import { liveMessageSchema, logSchema, siteSchema, stateSchema, talkSchema } from '../answer-schemas.ts';
import type { Gateway } from '../ground.ts';
import { type LiveStream, liveStream } from '../live-stream.ts';
import { type Route, route } from '../route.ts';
import { watchStream } from '../watch-stream.ts';
import { batteryRoutes } from './battery-routes.ts';
import { inverterRoutes } from './inverter-routes.ts';
import { pastRoutes } from './past-routes.ts';

const MOST_LIVE = 50;
const MOST_WATCHERS = 10;

type Times = () => { readonly now_ms: number; readonly wall_ms: number };

const siteRoutes = (gateway: Gateway, times: Times): readonly Route[] => [
  route({
    method: 'GET',
    path: '/site',
    role: 'viewer',
    summary: 'How the site is made.',
    answer: siteSchema,
    handle: () => gateway.site(),
  }),
  route({
    method: 'GET',
    path: '/state',
    role: 'viewer',
    summary: 'How everything is right now, for programs that ask now and then.',
    answer: stateSchema,
    handle: () => ({ ...times(), live: gateway.live() }),
  }),
];

const streamRoutes = (gateway: Gateway, live: LiveStream): readonly Route[] => [
  {
    kind: 'stream',
    method: 'GET',
    path: '/live',
    role: 'viewer',
    summary:
      'How everything is, once a second: whole at first and each tenth time, else what changed (RFC 7386).',
    events: { live: liveMessageSchema },
    most: MOST_LIVE,
    open: live.join,
  },
  {
    kind: 'stream',
    method: 'GET',
    path: '/talk',
    role: 'operator',
    summary: 'What goes over the wires.',
    events: { talk: talkSchema },
    most: MOST_WATCHERS,
    open: watchStream('talk', gateway.watchTalk),
  },
  {
    kind: 'stream',
    method: 'GET',
    path: '/log',
    role: 'operator',
    summary: 'The log, line by line.',
    events: { line: logSchema },
    most: MOST_WATCHERS,
    open: watchStream('line', gateway.watchLog),
  },
];

export interface GatewayRoutes {
  readonly routes: readonly Route[];
  /** Once a second. */
  readonly beat: () => void;
}

export function gatewayRoutes(gateway: Gateway, times: Times): GatewayRoutes {
  const live = liveStream(gateway.live, times);
  return {
    routes: [
      ...siteRoutes(gateway, times),
      ...streamRoutes(gateway, live),
      ...pastRoutes(gateway),
      ...inverterRoutes(gateway),
      ...batteryRoutes(gateway),
    ],
    beat: live.tell,
  };
}
