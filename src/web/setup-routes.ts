// The API of the first start. Only an installer may ask, and there is one from the claim on.
import type { SetupDraft, SetupSecrets, SetupState, SetupTest } from '../model/api/setup.ts';
import type { SetupAir, SetupWish } from '../model/api/setup-air.ts';
import type { Refusal } from './ground.ts';
import type { Asked, JsonRoute, Refused, Schema } from './route.ts';

/** What the first start does for a page. Nothing here throws. */
export interface SetupGround {
  readonly state: () => SetupState;
  /** Takes a draft in place of the one that `seen` names; the new revision. */
  readonly change: (
    seen: number,
    draft: SetupDraft,
    by: string | undefined,
    secrets?: SetupSecrets,
  ) => { readonly revision: number } | Refused;
  readonly air: () => SetupAir;
  /** Begins to scan, or goes on for some seconds. */
  readonly scan: () => SetupAir;
  readonly read: (wishes: readonly SetupWish[]) => SetupAir | Refusal;
  readonly test: (seen: number) => SetupTest | Refusal;
  readonly tested: () => SetupTest | undefined;
  /** Writes the file; the gateway begins a moment later. */
  readonly finish: (seen: number) => { readonly path: string } | Refusal;
}

const closed = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const listOf = (items: Schema, maxItems: number): Schema => ({ type: 'array', items, maxItems });
const number = (minimum: number, maximum: number): Schema => ({ type: 'number', minimum, maximum });
const whole = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });
const text = (maxLength: number): Schema => ({ type: 'string', maxLength });

const revision = whole(0, Number.MAX_SAFE_INTEGER);
const id: Schema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$', maxLength: 40 };
const address: Schema = { type: 'string', pattern: '^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$' };
const device: Schema = { type: 'string', pattern: '^/dev/(?!.*\\.\\.)\\S+$', maxLength: 255 };
const amperes = number(0.1, 5000);
const baud = whole(300, 921_600);
const unit = whole(0, 247);
const bms: Schema = { type: 'string', maxLength: 40 };

const proxy = closed({
  id,
  host: { type: 'string', pattern: '^([^\\s/:]+|[0-9a-fA-F:]+)$', maxLength: 255 },
  port: whole(1, 65_535),
});

const place = { address, proxy: id, serial: device, baud, unit };

const battery = closed(
  {
    id,
    bms,
    ...place,
    cells: whole(1, 32),
    capacity_Ah: number(0.1, 10_000),
    charge_current_A: amperes,
    discharge_current_A: amperes,
  },
  ['id', 'bms', 'cells'],
);

const inverter = closed(
  {
    id,
    profile: text(200),
    can: text(15),
    serial: device,
    tcp: text(100),
    baud,
    unit: whole(1, 247),
    options: {
      type: 'object',
      maxProperties: 64,
      additionalProperties: { type: ['string', 'number', 'boolean'], maxLength: 200 },
    },
  },
  ['id', 'profile'],
);

const draft = closed(
  {
    batteries: listOf(battery, 64),
    proxies: listOf(proxy, 32),
    strings: listOf(listOf(id, 64), 64),
    chemistry: text(200),
    envelope: closed({
      charge_current_A: amperes,
      discharge_current_A: amperes,
      cell_max_V: number(0.5, 5),
      cell_min_V: number(0.5, 5),
    }),
    inverters: listOf(inverter, 16),
    listen: text(100),
    has_history: { type: 'boolean' },
    mqtt_url: text(300),
    mqtt_user: text(1000),
  },
  [],
);

const secret: Schema = { ...text(1000), pattern: '\\S' };
const secrets = closed(
  { mqtt_password: secret, proxy_keys: { type: 'object', maxProperties: 32, additionalProperties: secret } },
  [],
);

const wishes = {
  ...listOf(closed({ bms, ...place, password: text(100) }, ['bms']), 64),
  minItems: 1,
};

// The server has held what is asked against the schema of its route.
const bodyOf = <T>({ body }: Asked): T => body as T;
interface Seen {
  readonly revision: number;
}

const ROLE = 'installer';

export const setupRoutes = (ground: SetupGround): readonly JsonRoute[] => [
  {
    method: 'GET',
    path: '/setup',
    role: ROLE,
    summary: 'The draft of the gateway file, and what there is to choose from.',
    handle: ground.state,
  },
  {
    method: 'POST',
    path: '/setup/draft',
    role: ROLE,
    summary:
      'Takes a draft in place of the one with this revision; refused when somebody changed it meanwhile.',
    body: closed({ revision, draft, secrets }, ['revision', 'draft']),
    handle(asked) {
      const body = bodyOf<Seen & { readonly draft: SetupDraft; readonly secrets?: SetupSecrets }>(asked);
      return ground.change(body.revision, body.draft, asked.by, body.secrets);
    },
  },
  {
    method: 'GET',
    path: '/setup/air',
    role: ROLE,
    summary: 'What was heard so far.',
    handle: ground.air,
  },
  {
    method: 'POST',
    path: '/setup/scan',
    role: ROLE,
    summary: 'Scans on for some seconds; to be asked again and again for as long as somebody looks.',
    handle: ground.scan,
  },
  {
    method: 'POST',
    path: '/setup/read',
    role: ROLE,
    summary: 'Connects to these batteries and reads each once; the scan rests meanwhile.',
    body: closed({ units: wishes }),
    handle: (asked) => ground.read(bodyOf<{ readonly units: readonly SetupWish[] }>(asked).units),
  },
  {
    method: 'POST',
    path: '/setup/test',
    role: ROLE,
    summary: 'Tries the draft with this revision: its file, each battery, the bank, the wires, the machine.',
    body: closed({ revision }),
    handle: (asked) => ground.test(bodyOf<Seen>(asked).revision),
  },
  {
    method: 'GET',
    path: '/setup/test',
    role: ROLE,
    summary: 'What the self-test found so far.',
    handle: () => ground.tested() ?? { revision: 0, state: 'done', findings: [] },
  },
  {
    method: 'POST',
    path: '/setup/finish',
    role: ROLE,
    summary: 'Writes the gateway file of the draft with this revision, and begins the gateway.',
    body: closed({ revision }),
    handle: (asked) => ground.finish(bodyOf<Seen>(asked).revision),
  },
];
