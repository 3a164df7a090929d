// The first start: a child that serves the wizard while every wire is closed, and ends when the gateway file is written or
// nobody comes for it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { thisMachine } from './commands/doctor/look.ts';
import type { SetupOrders, SetupReport } from './commands/first-start.ts';
import { type Air, openAir } from './firststart/air.ts';
import { doorText } from './firststart/door-text.ts';
import { passwords } from './firststart/passwords.ts';
import { patience } from './firststart/patience.ts';
import { type ProbeGround, probeOrder, scanRadio } from './firststart/probe.ts';
import { proxyKeys } from './firststart/proxy-keys.ts';
import { readOnce } from './firststart/read-once.ts';
import { secretBook } from './firststart/secret-book.ts';
import { fileBefore, openSteps, type Steps } from './firststart/steps.ts';
import { forkHead, serveParent } from './forked.ts';
import { openLog } from './log.ts';
import { sentence } from './model/errors.ts';
import { monotonicMs } from './model/freshness.ts';
import { accountFile } from './office/account-file.ts';
import { loginFile, loginsBeside } from './office/login-file.ts';
import { after, whileRunning } from './timers.ts';
import { serveWeb } from './web/server.ts';
import { setupRoutes } from './web/setup-routes.ts';

/** From claim to end nobody may be gone for longer, nor may the claim take longer. */
const PATIENCE_MS = 30 * 60_000;
/** All batteries of a bank, those that take turns included. */
const READ_ALL_MS = 90_000;
/** The last answer reaches its page before the server is gone. */
const LAST_ANSWER_MS = 500;

const log = openLog().child({ room: 'setup' });
const page = fileURLToPath(new URL('../dist/page', import.meta.url));
let air: Air | undefined;
let closeWeb: (() => Promise<void>) | undefined;

async function begin({ path, at, accounts, historyPath }: SetupOrders): Promise<void> {
  const before = fileBefore(path);
  const startEar = forkHead('ear');
  const secrets = secretBook(path, before);
  const typed = passwords(secrets, before?.file.batteries);
  const keys = proxyKeys(secrets, before?.file.bluetooth);
  const probing = (): ProbeGround => ({
    bluetooth: before?.file.bluetooth,
    proxies: steps.proxies(),
    passwordFile: typed.fileOf,
    keyFile: keys.fileOf,
    read: secrets.read,
  });
  const own = openAir({
    startScout: forkHead('scout'),
    startEar,
    after: whileRunning,
    proxies: () => steps.proxies().map(({ id }) => id),
    radio: (proxy) => scanRadio(probing(), proxy),
    probe: (wishes) => probeOrder(wishes, probing()),
    passwordAfter: typed.after,
  });
  air = own;
  const steps: Steps = openSteps(
    {
      path,
      port: at.port,
      historyPath,
      look: thisMachine,
      air: own,
      secrets,
      passwords: typed,
      keys,
      readAll: (order, left, tell) =>
        readOnce(order, { startEar, after: whileRunning, limitMs: READ_ALL_MS, left }, tell),
      done: () => void whileRunning(LAST_ANSWER_MS, () => tell({ type: 'done' })),
    },
    before,
  );
  const waiting = patience(PATIENCE_MS, after, () =>
    tell({
      type: 'failed',
      why: `nobody went on with the setup for ${PATIENCE_MS / 60_000} minutes, so it does not stay open; start it again when you are there`,
    }),
  );
  // Whoever claims it here is known to the gateway that begins, also where its file keeps the accounts elsewhere.
  const kept = before?.file.web?.accounts ?? accounts;
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const web = await serveWeb(
    {
      at,
      hosts: [],
      page,
      version: String(version),
      store: accountFile(kept),
      loginStore: loginFile(loginsBeside(kept), (text) => log.error(text)),
      isOpenView: false,
      isSetup: true,
      routes: waiting.watched(setupRoutes(steps)),
    },
    {
      clock: monotonicMs,
      wallClock: Date.now,
      after,
      say: ({ level, text }) => log[level](text),
    },
  );
  closeWeb = async () => {
    waiting.end();
    await web.close();
  };
  for (const line of doorText(at, path, web.access.book.isClaimed())) log.notice(line);
}

const send = serveParent(
  // The parent is this program's own command, which sends nothing but this.
  (message) =>
    void begin(message as SetupOrders).catch((error) => tell({ type: 'failed', why: sentence(error) })),
  async () => {
    await closeWeb?.();
    await air?.stop();
  },
);

function tell(report: SetupReport): void {
  send(report);
}
