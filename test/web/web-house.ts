// A web server on a port of its own, before a gateway of paper, with a hand-cranked clock. All of it ends with its test.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Live } from '../../src/model/api/live.ts';
import type { Role } from '../../src/model/api/site.ts';
import type { LogMessage, TalkMessage } from '../../src/model/api/wire-talk.ts';
import type { AccountStore } from '../../src/web/account-book.ts';
import type { Gateway, Refusal } from '../../src/web/ground.ts';
import type { LoginStore } from '../../src/web/login-file.ts';
import { gatewayRoutes } from '../../src/web/routes/gateway-routes.ts';
import { serveWeb, type WebOptions } from '../../src/web/server.ts';
import { type CrankedClock, crankedClock } from '../can/clock.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';
import { paperSite } from './paper-site.ts';

/** Fast, and as salted as the real one. */
const cost = { N: 16, r: 1, p: 1 };
export const PASSWORD = 'correct horse battery';
export const CODE = '042042';

export interface Paper {
  live: Live;
  /** What was asked of it, in order. */
  readonly asked: unknown[];
  /** What the next wish says and how it ends. */
  steps: readonly string[];
  refusal: Refusal | undefined;
  readonly talkers: Set<(message: TalkMessage) => void>;
  readonly loggers: Set<(message: LogMessage) => void>;
}

const emptyLive: Live = { packs: {}, wires: {}, inverters: {}, events: {}, trips: [], processes: {} };

const event = {
  id: 'e1',
  kind: 'battery_lost',
  severity: 'alarm',
  subject: 'a',
  text: '=HYPERLINK("http://evil")',
  began_ms: 1_700_000_000_000,
} as const;

function paperGateway(paper: Paper): Gateway {
  const note = <T>(what: unknown, answer: T): T => {
    paper.asked.push(what);
    return answer;
  };
  return {
    site: () => paperSite,
    live: () => paper.live,
    course: async (asked) =>
      note(
        { course: asked },
        { step_ms: 60_000, at_ms: [0], covered_ms: [60_000], values: { voltage_V: [-1.5], soc_pct: [null] } },
      ),
    events: async (asked) => note({ events: asked }, [event]),
    acknowledge: async (id, by) => note({ acknowledge: id, by }, paper.refusal),
    explain: async (inverter) =>
      note(
        { explain: inverter },
        {
          inverter,
          profile: 'p@1.0.0',
          files: [],
          lines: { x: [0, 1] },
          frames: [],
          hears: [],
          windows: [],
          writable: [],
          coils: [],
          discretes: [],
          readHeader: 'bytes8',
        },
      ),
    trial: async (inverter, text) =>
      note(
        { trial: inverter, text },
        { problems: [], profile: 'p@1.0.1', rows: [], why: 'the bank is lost' },
      ),
    foretell: (battery, what) =>
      note(
        { foretell: battery, what },
        { batteries: [battery], what, back_ms: 600_000, course: { kind: 'nothing' as const } },
      ),
    async wish(battery, wish, by, tell) {
      paper.asked.push({ battery, wish, by });
      for (const step of paper.steps) tell(step);
      return paper.refusal;
    },
    watchTalk(hear) {
      paper.talkers.add(hear);
      return () => paper.talkers.delete(hear);
    },
    watchLog(hear) {
      paper.loggers.add(hear);
      return () => paper.loggers.delete(hear);
    },
  };
}

/** A file of accounts that is kept in memory, on a disk that may be full. */
export function paperFile(text?: string) {
  const disk = { text, isFull: false, writes: 0 };
  const store: AccountStore = {
    name: '/var/lib/bmsgate/accounts.json',
    read: async () => disk.text,
    async write(next) {
      if (disk.isFull) throw new Error('ENOSPC: no space left on device');
      disk.text = next;
      disk.writes++;
    },
  };
  return { disk, store };
}

/** A file of logins that is kept in memory, on a machine that may be started anew, with a disk that may be full. */
export function paperLogins(text?: string) {
  const disk = { text, isFull: false, writes: 0, tries: 0, boot: 'first', pause: Promise.resolve() };
  let isBehind = false;
  const store = (): LoginStore => ({
    name: '/var/lib/bmsgate/logins.json',
    boot: disk.boot,
    read: async () => disk.text,
    keep(next) {
      disk.tries++;
      isBehind = disk.isFull;
      if (isBehind) return;
      disk.text = next;
      disk.writes++;
    },
    settled: async () => {},
    async taken() {
      await disk.pause;
      return !isBehind;
    },
    isBehind: () => isBehind,
  });
  return { disk, store };
}

export const WALL_MS = 1_700_000_000_000;

/** The clocks of a machine, which several houses may share one after the other. */
export interface Clocks {
  time: CrankedClock;
  /** What stands on the wall, less what the clock says. */
  apartMs: number;
}

export const newClocks = (): Clocks => ({ time: crankedClock(), apartMs: WALL_MS });

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the answer is no JSON. */
  readonly json: unknown;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly cookie?: string | undefined;
  readonly headers?: Record<string, string>;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export async function webHouse(options: Partial<WebOptions> = {}, clocks = newClocks()) {
  const port = await freePort();
  const { time } = clocks;
  const said: string[] = [];
  const file = paperFile();
  const paper: Paper = {
    live: emptyLive,
    asked: [],
    steps: [],
    refusal: undefined,
    talkers: new Set(),
    loggers: new Set(),
  };
  const times = () => ({ now_ms: time.clock(), wall_ms: clocks.apartMs + time.clock() });
  const server = await serveWeb(
    {
      at: { host: '127.0.0.1', port },
      hosts: ['battery.example.org'],
      page: '/nowhere',
      version: '1.2.3',
      store: file.store,
      isOpenView: false,
      cost,
      random: () => Number(CODE),
      ...gatewayRoutes(paperGateway(paper), times),
      ...options,
    },
    {
      clock: time.clock,
      wallClock: () => times().wall_ms,
      after: time.after,
      say: ({ level, text }) => void said.push(`${level} ${text}`),
    },
  );
  onTestFinished(server.close);
  await eventually(() => {
    if (!said.some((line) => line.includes('is served at'))) throw new Error(said.join('\n'));
  });

  async function call(path: string, { method, body, cookie, headers = {} }: Call = {}): Promise<Answer> {
    const response = await fetch(
      `http://127.0.0.1:${port}${path.startsWith('/api') ? '' : '/api/v1'}${path}`,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(cookie !== undefined && { cookie }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }
  /** The cookie of a login. */
  const cookieOf = ({ headers }: Answer): string => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const claimed = async (): Promise<string> =>
    cookieOf(await call('/claim', { body: { code: CODE, name: 'ada', password: PASSWORD } }));
  const logIn = async (name: string, password = PASSWORD): Promise<string> =>
    cookieOf(await call('/login', { body: { name, password } }));
  /** Somebody of each role. */
  async function people(): Promise<Record<Role, string>> {
    const installer = await claimed();
    for (const role of ['viewer', 'operator'])
      await call('/accounts', { cookie: installer, body: { name: role, role, password: PASSWORD } });
    return { viewer: await logIn('viewer'), operator: await logIn('operator'), installer };
  }
  /** A client that writes bytes as it likes. */
  async function raw(text = ''): Promise<{ socket: Socket; heard: () => string }> {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    if (text) socket.write(text);
    return { socket, heard: () => heard };
  }
  return { port, time, said, server, paper, file, call, cookieOf, claimed, logIn, people, raw };
}

export type WebHouse = Awaited<ReturnType<typeof webHouse>>;
