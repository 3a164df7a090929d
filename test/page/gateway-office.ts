// What the gateway really says, made by those who say it: the office and the first start.
import { serverOf, whyText } from '../../src/alerts/alerts.ts';
import { answerMeans } from '../../src/alerts/answer.ts';
import { troubleText as alertTrouble } from '../../src/alerts/trouble-text.ts';
import { batteryFinding } from '../../src/firststart/judged.ts';
import { troubleText as brokerTrouble } from '../../src/mqtt/trouble.ts';
import { watchClock } from '../../src/office/clock-watch.ts';
import { reading } from '../bank/room.ts';
import { listening } from './gateway-makers.ts';

const clock = () => 1000;
const failure = (code: string) => Object.assign(new Error(code), { code });

export function saidOfOffice(): Set<string> {
  const { ledger, said } = listening();
  for (const wallMs of [
    [1e12, 1e12 + 7_380_000],
    [1e12, 1e12 - 349_200_000],
    [5e8, 5e8],
  ] as const) {
    const times = [...wallMs];
    const watch = watchClock({ ledger, clock }, () => times.shift() ?? 0);
    watch();
    watch();
  }
  const target = { id: 'phone', url: 'https://ntfy.example.org/secret' } as Parameters<typeof whyText>[0];
  const from = new URL(target.url);
  const heads = [500, 503, 429, 401, 404, 418].map((statusCode) => ({ statusCode, headers: {} }));
  const moved = [undefined, 'http://192.168.1.9/x', 'https://other.example.org/x'].map((location) => ({
    statusCode: 302,
    headers: { ...(location && { location }) },
  }));
  const codes = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'ETIMEDOUT',
    'ECONNRESET',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
  ];
  const more = [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'EPROTO',
    'ERR_INVALID_CHAR',
    'HPE_INVALID',
  ];
  for (const head of [...heads, ...moved]) {
    const means = answerMeans(from, head);
    if ('why' in means && means.why !== undefined) said.add(whyText(target, means.why));
  }
  for (const code of [...codes, ...more]) said.add(whyText(target, alertTrouble(failure(code))));
  if (serverOf(target) !== 'ntfy.example.org') throw new Error('another server');
  return said;
}

export function saidOfBrokers(): Set<string> {
  const codes = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EHOSTUNREACH',
    'ECONNRESET',
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'EWHAT',
  ];
  const more = ['CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'];
  const troubles = [
    ...[...codes, ...more].map((code) => ({ kind: 'system', code, message: `${code}: failed` }) as const),
    ...[1, 2, 3, 4, 5, 9].map((returnCode) => ({ kind: 'refused', returnCode }) as const),
    ...(['no answer', 'silent', 'closed early', 'closed'] as const).map((kind) => ({ kind }) as const),
    { kind: 'secret', message: '/etc/bmsgate/mqtt is empty; write the secret into it' } as const,
  ];
  const places = [{}, { username: 'home', caFile: '/etc/ca.pem' }].flatMap((more) =>
    [true, false].map((isTls) => ({ host: 'broker.lan', port: 8883, tls: isTls, isTls, ...more })),
  );
  return new Set(places.flatMap((at) => troubles.map((trouble) => brokerTrouble(trouble, at as never))));
}

export function saidOfFirstStart(): Set<string> {
  const cell = (cells: number) =>
    batteryFinding('a', 16, { state: 'read', atMs: 0, reading: reading({ cells }) } as never);
  const findings = [
    cell(16),
    cell(15),
    batteryFinding('a', 16, undefined),
    batteryFinding('a', 16, {
      state: 'read',
      atMs: 0,
      reading: { cellVoltagesV: Array(16).fill(3.3) },
    } as never),
  ];
  return new Set(
    findings.flatMap(({ about, is, mend }) => [about, is, ...(mend === undefined ? [] : [mend])]),
  );
}
