// Tries what a draft says before anything is written: the file, each battery, the bank once, the wires, the machine.
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { ListenOrder } from '../ble/orders.ts';
import type { Look } from '../commands/doctor/look.ts';
import { examine, needsOf } from '../commands/doctor.ts';
import { listenOrder } from '../commands/listen-order.ts';
import { type GatewayConfig, parseGateway } from '../config/gateway-file.ts';
import { hostAndPort } from '../config/inverters.ts';
import { inverterProblems } from '../config/read-configuration.ts';
import { type ReadSecret, secretProblems } from '../config/secrets.ts';
import type { SetupFinding, SetupTest } from '../model/api/setup.ts';
import { type DocumentProblem, GatewayError, problemText, sentence } from '../model/errors.ts';
import { brokerFinding } from './broker.ts';
import { bankOf, batteryFinding, broken, ok, type Units } from './judged.ts';

/** The file, or everything that `check` would say of it. Every profile has proven its own examples by then. */
export function checked(path: string, text: string): GatewayConfig | readonly DocumentProblem[] {
  try {
    const config = parseGateway(path, text);
    const problems = inverterProblems(config);
    return problems.length ? problems : config;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'DOCUMENT_INVALID' && 'problems' in error.details)
      return error.details.problems;
    throw error;
  }
}

/** True when a server may listen there now. */
const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });

async function tcpFindings({ file }: GatewayConfig): Promise<SetupFinding[]> {
  const ways = [...new Set(file.inverters.flatMap(({ tcp }) => tcp ?? []))];
  return Promise.all(
    ways.map(async (way) => {
      const { host, port } = hostAndPort(way);
      if (await isFree(host, port)) return ok(way, 'is free for Modbus TCP');
      const mend = `\`ss -ltnp sport = :${port}\` shows who listens there; stop it, or take another port`;
      return broken(way, 'cannot be listened at', mend);
    }),
  );
}

const isOfRadio = ({ about }: SetupFinding): boolean =>
  /^(hci\d+|Bluetooth|bluetoothd|CAP_NET_RAW|@)/.test(about);

/** What the doctor finds; of a radio that has just read every battery nothing is broken. */
function machineFindings(look: Look, { file }: GatewayConfig, wereRead: boolean): SetupFinding[] {
  const findings = examine(look, needsOf(file));
  return wereRead ? findings.filter((one) => one.state === 'ok' || !isOfRadio(one)) : findings;
}

function folderFinding(path: string): SetupFinding {
  const folder = resolve(dirname(path));
  try {
    accessSync(folder, constants.W_OK);
    return ok(folder, 'the gateway file can be written');
  } catch {
    return broken(folder, 'may not be written', `sudo chown $USER ${folder}, or start the setup with sudo`);
  }
}

export interface TestGround {
  readonly look: Look;
  /** Secrets as they will be when everything is written. */
  readonly secret: ReadSecret;
  readonly read: (order: ListenOrder, tell: (units: Units) => void) => Promise<Units>;
}

/** Tries everything; `tell` hears what was found so far. Never throws. */
export async function selfTest(
  { path, text, revision }: { readonly path: string; readonly text: string; readonly revision: number },
  { look, secret, read }: TestGround,
  tell: (test: SetupTest) => void,
): Promise<void> {
  const findings: SetupFinding[] = [];
  const say = (more: Partial<SetupTest> = {}) =>
    tell({ revision, state: 'running', text, ...more, findings: [...findings] });
  try {
    const config = checked(path, text);
    if (!('file' in config)) {
      findings.push(...config.map((problem) => broken('gateway file', problemText(problem))));
      return say({ state: 'done' });
    }
    findings.push(
      ok('gateway file', 'passes its check; every profile proves its own examples'),
      folderFinding(path),
      // A gateway starts without them, and says what it lacks.
      ...secretProblems(config, secret).map(({ message }) => broken('gateway file', message)),
    );
    say();
    const { batteries } = config.file;
    const judge = (units: Units) =>
      batteries.map(({ id, cells }) => batteryFinding(id, cells, units.get(id)));
    const units = await read(listenOrder(config, undefined, secret), () => say());
    const judged = judge(units);
    const bank = bankOf(config, units);
    findings.push(...judged);
    say();
    const wereRead = judged.every(({ state }) => state === 'ok');
    const broker = await brokerFinding(config, secret);
    findings.push(
      ...(await tcpFindings(config)),
      ...machineFindings(look, config, wereRead),
      ...(broker ? [broker] : []),
    );
    say({ state: 'done', ...(bank && { bank }) });
  } catch (error) {
    findings.push(broken('self-test', sentence(error)));
    say({ state: 'done' });
  }
}
