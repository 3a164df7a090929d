// The draft of a gateway file: taken from a file that is there, and laid over it, or over a new one with short words of help.
import { given } from '../config/given.ts';
import type { GatewayFile } from '../config/schema.ts';
import type { SetupDraft, SetupInverter } from '../model/api/setup.ts';
import { rewritten, type SameEntry, type Wanted } from '../profile/rewritten.ts';

const NEW_FILE = `# Written by \`bmsgate run --setup\`; change it by hand as you like. \`bmsgate check\` says what is wrong with it, with line and column.

# One line a battery. Another number of cells than this stops all output.
batteries: []

bank:
  # Inner list: in series; outer list: in parallel.
  strings: []
  chemistry: lfp
  # Never exceeded, whatever a BMS or anybody else says: what cells, cables and fuses bear.
  envelope: {}

# What reads the bank, over which wire. \`bmsgate profiles\` lists the profiles, docs/commissioning.md says how to prove the link.
inverters: []

# The page. 127.0.0.1 is this machine alone; 0.0.0.0 is every network that it is in.
web: {}
`;

const NEW_HISTORY = `
# What was measured, for a year and more. \`bmsgate history\` shows it without the page.
history: {}
`;

const NEW_BROKER = `
# Home Assistant finds the bank by itself there (docs/home-assistant.md).
mqtt: {}
`;

const newFile = ({ has_history, mqtt_url = '' }: SetupDraft): string =>
  NEW_FILE + (has_history ? NEW_HISTORY : '') + (mqtt_url === '' ? '' : NEW_BROKER);

const inverterOf = ({
  id,
  profile,
  can,
  serial,
  tcp,
  baud,
  unit,
  options,
}: GatewayFile['inverters'][number]) =>
  ({
    id,
    profile,
    ...given({ can, serial, tcp, baud, unit }),
    ...(Object.keys(options).length > 0 && { options }),
  }) satisfies SetupInverter;

/** What a wizard begins from. */
export function draftOf({
  batteries,
  bank,
  bluetooth,
  inverters,
  web,
  history,
  mqtt,
}: GatewayFile): SetupDraft {
  return {
    batteries: batteries.map((b) => ({
      ...given({ address: b.address, proxy: b.proxy, serial: b.serial, baud: b.baud, unit: b.unit }),
      ...given({ capacity_Ah: b.capacity_Ah, charge_current_A: b.charge_current_A }),
      ...given({ discharge_current_A: b.discharge_current_A }),
      id: b.id,
      bms: b.bms,
      cells: b.cells,
    })),
    ...(bluetooth.proxies && {
      proxies: bluetooth.proxies.map(({ id, host, port }) => ({ id, host, port })),
    }),
    strings: bank.strings,
    chemistry: bank.chemistry,
    envelope: bank.envelope,
    inverters: inverters.map(inverterOf),
    ...(web && { listen: web.listen }),
    has_history: history !== undefined,
    ...(mqtt && { mqtt_url: mqtt.url, ...given({ mqtt_user: mqtt.username }) }),
  };
}

const USUAL_PROXY_PORT = 6053;

const text = (value: unknown): string => String(value ?? '').toLowerCase();

/** A battery is who answers at its address, whatever it is called; an inverter goes by its name. */
export const sameEntry: SameEntry = (stands, wanted) => {
  const place = (entry: Wanted) => `${text(entry.address)} ${text(entry.serial)} ${text(entry.unit)}`;
  return 'bms' in wanted ? place(stands) === place(wanted) : stands.id === wanted.id;
};

/** Every key that the wizard knows of an entry: one that it took away is taken away in the file. */
const WIRE_KEYS = { can: undefined, serial: undefined, tcp: undefined, baud: undefined, unit: undefined };

const inverterWanted = ({ id, profile, options = {}, ...wire }: SetupInverter): Wanted => ({
  id,
  profile,
  ...WIRE_KEYS,
  ...wire,
  options: Object.keys(options).length > 0 ? options : undefined,
});

export interface DraftGround {
  /** The file as it is; without it a new one is made. */
  readonly before?: { readonly text: string; readonly file: GatewayFile };
  /** Where a history that begins now is kept. */
  readonly historyPath: string;
  /** The file of a password that was typed here; undefined where nothing changes. */
  readonly passwordFile?: (id: string, address: string | undefined) => string | undefined;
  readonly brokerFile?: string | undefined;
  readonly keyFile?: (proxy: string) => string | undefined;
}

/** Those that read a battery; undefined where there are none, and were none. */
function proxiesWanted({ batteries = [], proxies = [] }: SetupDraft, { before, keyFile }: DraftGround) {
  const stand = before?.file.bluetooth.proxies;
  const used = proxies.filter(({ id }) => batteries.some(({ proxy }) => proxy === id));
  if (used.length === 0) return stand && { proxies: undefined };
  return {
    proxies: used.map(({ id, host, port }) => ({
      id,
      host,
      // The usual port need not be written.
      ...(port !== (stand?.find((one) => one.id === id)?.port ?? USUAL_PROXY_PORT) && { port }),
      ...given({ key_file: keyFile?.(id) }),
    })),
  };
}

/** A broker without a user has no password either. */
function brokerWanted({ mqtt_url, mqtt_user }: SetupDraft, { brokerFile }: DraftGround): Wanted | undefined {
  if (mqtt_url === '') return undefined;
  if (mqtt_user === '') return { url: mqtt_url, username: undefined, password_file: undefined };
  return { url: mqtt_url, ...given({ username: mqtt_user, password_file: brokerFile }) };
}

/** An address as the file spells it, else in capitals. */
const spelled = (address: string, text: string): string =>
  new RegExp(address, 'i').exec(text)?.[0] ?? address.toUpperCase();

const batteryWanted = (
  { id, bms, address, ...rest }: NonNullable<SetupDraft['batteries']>[number],
  { before, passwordFile = () => undefined }: DraftGround,
): Wanted => ({
  id,
  bms,
  ...(address !== undefined && { address: spelled(address, before?.text ?? '') }),
  ...{ capacity_Ah: undefined, charge_current_A: undefined, discharge_current_A: undefined },
  proxy: undefined,
  // A battery has one radio.
  ...(rest.proxy !== undefined && { adapter: undefined }),
  ...rest,
  ...given({ password_file: passwordFile(id, address) }),
});

/** The whole file that this draft makes; `check` has still to look at it. */
export function textOf(draft: SetupDraft, ground: DraftGround): string {
  const { before, historyPath } = ground;
  const { batteries, strings, chemistry, envelope, inverters, listen, has_history } = draft;
  const hadHistory = before?.file.history !== undefined;
  // A preset that the file does not name is in force already.
  const isUsual = before?.file.bank.chemistry === chemistry;
  const bank = given({ strings, chemistry: isUsual ? undefined : chemistry, envelope });
  const bluetooth = batteries && proxiesWanted(draft, ground);
  const wanted: Wanted = {
    ...(batteries && { batteries: batteries.map((one) => batteryWanted(one, ground)) }),
    ...(Object.keys(bank).length > 0 && { bank }),
    ...(inverters && { inverters: inverters.map(inverterWanted) }),
    ...given({ bluetooth }),
    ...(listen !== undefined && { web: { listen } }),
    ...(has_history === true && !hadHistory && { history: { path: historyPath } }),
    ...(has_history === false && { history: undefined }),
    ...(draft.mqtt_url !== undefined && { mqtt: brokerWanted(draft, ground) }),
  };
  return rewritten(before?.text ?? newFile(draft), wanted, sameEntry);
}
