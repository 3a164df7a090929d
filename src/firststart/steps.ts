// What a wizard may ask, one step after the other: the draft and who changed it last, the air, the self-test, the end.
import { existsSync, readFileSync } from 'node:fs';
import type { ListenOrder } from '../ble/orders.ts';
import type { Look } from '../commands/doctor/look.ts';
import { type GatewayConfig, parseGateway } from '../config/gateway-file.ts';
import { given } from '../config/given.ts';
import type { SetupDraft, SetupProxy, SetupState, SetupTest } from '../model/api/setup.ts';
import { problemText, sentence } from '../model/errors.ts';
import type { SetupGround } from '../web/setup-routes.ts';
import type { Air } from './air.ts';
import { draftOf, textOf } from './draft.ts';
import type { Units } from './judged.ts';
import { keepGatewayFile } from './keep-file.ts';
import { ownAddresses, shipped, wiresHere } from './machine.ts';
import type { Passwords } from './passwords.ts';
import type { ProxyKeys } from './proxy-keys.ts';
import type { SecretBook } from './secret-book.ts';
import { checked, selfTest } from './self-test.ts';

export interface StepsGround {
  readonly path: string;
  readonly port: number;
  readonly historyPath: string;
  readonly look: Look;
  readonly air: Air;
  readonly secrets: SecretBook;
  readonly passwords: Passwords;
  readonly keys: ProxyKeys;
  readonly readAll: (order: ListenOrder, left: AbortSignal, tell: (units: Units) => void) => Promise<Units>;
  /** The file is written: the gateway may begin. */
  readonly done: () => void;
}

/** The password of the user of the broker. */
const BROKER = 'mqtt';

/** The file as it was read; undefined where there is none. Throws what is wrong with it. */
export function fileBefore(path: string): GatewayConfig | undefined {
  return existsSync(path) ? parseGateway(path, readFileSync(path, 'utf8')) : undefined;
}

const textNow = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

/** Everything that has no usual value; what is missing is named by its step. */
function missingIn({ batteries = [], strings, envelope, inverters = [] }: SetupDraft): string | undefined {
  if (batteries.length === 0) return 'no battery is chosen yet; go back to the batteries';
  if (!strings) return 'nobody said yet how the batteries are wired; go back to the strings';
  if (!envelope) return 'the limits of the bank are not set yet; go back to the envelope';
  if (inverters.length === 0) return 'no inverter is chosen yet; go back to the inverter';
  return undefined;
}

export interface Steps extends SetupGround {
  /** As they were chosen so far. */
  readonly proxies: () => readonly SetupProxy[];
}

export function openSteps(ground: StepsGround, before: GatewayConfig | undefined): Steps {
  const { path, port, historyPath, look, air, secrets, passwords, keys } = ground;
  const choices = shipped();
  let draft: SetupDraft = before ? draftOf(before.file) : {};
  let revision = 1;
  let changedBy: string | undefined;
  let tested: SetupTest | undefined;

  const standing = before?.file.mqtt?.password_file;
  const text = (): string =>
    textOf(draft, {
      ...(before && { before }),
      historyPath,
      passwordFile: passwords.keptFor,
      keyFile: keys.keptFor,
      brokerFile: secrets.fileFor(BROKER, 'mqtt-password', standing),
    });
  /** A password goes with its user. */
  function brokerPassword(): SetupState['mqtt_password'] {
    if (!draft.mqtt_user || !draft.mqtt_url) return undefined;
    if (secrets.has(BROKER)) return 'typed';
    return standing === undefined ? undefined : 'kept';
  }
  const staleText = (): string =>
    `${changedBy ?? 'somebody'} changed the setup meanwhile, perhaps on another phone; look at it and choose again`;

  function whyNotReady(seen: number): string | undefined {
    if (seen !== revision) return staleText();
    return missingIn(draft);
  }

  const state = (): SetupState => ({
    revision,
    ...(changedBy !== undefined && { changed_by: changedBy }),
    draft,
    ...given({ mqtt_password: brokerPassword() }),
    proxy_keys: keys.states(draft.proxies ?? []),
    path,
    is_edit: before !== undefined,
    ...choices,
    ...wiresHere(look),
    addresses: ownAddresses(),
    port,
  });

  return {
    state,
    proxies: () => draft.proxies ?? [],
    change(seen, next, by, { mqtt_password, proxy_keys = {} } = {}) {
      if (seen !== revision) return { why: staleText() };
      const why = keys.take(proxy_keys);
      if (why !== undefined) return { why, status: 400 };
      draft = next;
      if (mqtt_password !== undefined) secrets.put(BROKER, mqtt_password);
      if (!next.mqtt_user) secrets.drop(BROKER);
      keys.keepOnly(next.proxies ?? []);
      revision++;
      changedBy = by;
      return { revision };
    },
    air: air.look,
    scan() {
      air.scan();
      return air.look();
    },
    read(wishes) {
      try {
        passwords.take(wishes);
        air.read(wishes);
        return air.look();
      } catch (error) {
        return { why: sentence(error).replace(/^.*?:\d+:\d+: /gm, '') };
      }
    },
    test(seen) {
      const why = whyNotReady(seen);
      if (why !== undefined) return { why };
      if (tested?.state === 'running') return { why: 'the self-test runs already; wait until it ends' };
      tested = { revision, state: 'running', findings: [] };
      const read = (order: ListenOrder, tell: (units: Units) => void) =>
        air.alone((left) => ground.readAll(order, left, tell));
      void selfTest({ path, text: text(), revision }, { look, secret: secrets.read, read }, (now) => {
        tested = now;
      });
      return tested;
    },
    tested: () => tested,
    finish(seen) {
      const why = whyNotReady(seen);
      if (why !== undefined) return { why };
      if (tested?.revision !== revision || tested.state !== 'done')
        return { why: 'test these choices before they are written' };
      if (textNow(path) !== before?.text)
        return { why: `${path} was changed by another program since the setup began; start it again` };
      const whole = text();
      const config = checked(path, whole);
      if (!('file' in config)) return { why: config.map(problemText).join('\n') };
      try {
        keepGatewayFile(path, whole, () => secrets.keep(config));
      } catch (error) {
        return { why: `${path} cannot be written (${sentence(error)}); look at its folder and the disk` };
      }
      ground.done();
      return { path };
    },
  };
}
