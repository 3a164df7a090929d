import type { DocumentProblem } from '../model/errors.ts';
import { duration, type Reading, z } from '../profile/document.ts';
import { alertsSchema } from './alerts-schema.ts';
import { historySchema } from './history-schema.ts';
import { mqtt } from './mqtt-schema.ts';
import { webSchema } from './web-schema.ts';
import { absolute, listening, PORTS } from './words-of-schema.ts';

const amperes = z.number().positive().max(5000);
const bytes128 = z.string().regex(/^([0-9a-f]{4}|[0-9a-f]{32})$/i, {
  error: 'a UUID is 4 or 32 hex digits without dashes, e.g. `ff00`',
});
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, {
    error: 'a name is letters, digits, `-` and `_`, e.g. `garage-2`',
  })
  // Names are keys of plain objects: `constructor` is one that they all have.
  .refine((text) => !(text in {}), { error: 'this name has a meaning of its own here; take another' });
/** Only this machine, at a port that no known exporter of Prometheus has. */
const METRICS = '127.0.0.1:9469';

/** A span of a serial line; beyond its bounds Node's timers or the master's patience end. */
const lineSpan = (mostMs: number) =>
  duration.refine((ms) => ms <= mostMs, { error: `this is at most ${mostMs}ms` });
const adapter = z.string().regex(/^hci\d+$/, { error: 'an adapter is called `hci0`, `hci1` …' });

const battery = z.strictObject({
  id: name,
  bms: z.string(),
  address: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, {
      error: 'an address is six hex pairs in quotes, e.g. "A4:C1:38:00:00:01"; `bmsgate scan` shows them',
    })
    .transform((a) => a.toLowerCase())
    .optional(),
  cells: z.int().min(1).max(32),
  capacity_Ah: z.number().positive().max(10_000).optional(),
  charge_current_A: amperes.optional(),
  discharge_current_A: amperes.optional(),
  temperature: z.literal('none').optional(),
  service: bytes128.optional(),
  notify: bytes128.optional(),
  write: bytes128.optional(),
  capacity_scale: z.union([z.literal('auto'), z.literal(1), z.literal(10)]).optional(),
  unit: z.int().min(0).max(247).optional(),
  adapter: adapter.optional(),
  proxy: name.optional(),
  serial: absolute.optional(),
  baud: z.int().min(300).max(921_600).optional(),
  invert_current: z.boolean().optional(),
  password_file: absolute.optional(),
  passkey_file: absolute.optional(),
});

const proxy = z.strictObject({
  id: name,
  host: z.string().regex(/^[^\s/:]+$|^[0-9a-f:]+$/i, {
    error: 'a host is a name or an address, e.g. 192.168.1.40; its port is a key of its own',
  }),
  port: z.int().min(1).max(PORTS).default(6053),
  key_file: absolute.optional(),
  slots: z.int().min(1).max(32).optional(),
});

/** Ages may only be shortened; the one lengthening is `discharge_stale_after` (design, section 8). */
const freshness = z.strictObject({
  late: duration.optional(),
  lost: duration.optional(),
  ramp: duration.optional(),
  frozen_after: duration.optional(),
  discharge_stale_after: duration.optional(),
});

const cellV = z.number().min(0.5).max(5);
const days = z.union([z.literal('never'), z.number().positive().max(365)]);

/** How the bank is charged (bank reference, section 5); what is left out is the chemistry's. */
const charge = z.strictObject({
  bulk_V: cellV.optional(),
  float_V: cellV.optional(),
  balance_V: cellV.optional(),
  balance_every_days: days.optional(),
  recharge_every_days: z.number().positive().max(365).optional(),
  absorption: duration.optional(),
  after_full: z.enum(['float', 'stop']).optional(),
  force_charge: z
    .strictObject({ start_pct: z.number().min(0).max(50), stop_pct: z.number().min(1).max(90) })
    .refine(({ start_pct, stop_pct }) => stop_pct > start_pct, {
      error: '`stop_pct` must be above `start_pct`; raise it',
    })
    .optional(),
  hold_soc_until_full_pct: z.number().min(90).max(99.99).optional(),
  cable_drop_V: z.number().min(0).max(0.5).optional(),
});

const bank = z.strictObject({
  strings: z.array(z.array(z.string()).min(1)).min(1),
  chemistry: z.string().default('lfp'),
  series_soc: z.enum(['window', 'min']).default('window'),
  envelope: z.strictObject({
    charge_current_A: amperes,
    discharge_current_A: amperes,
    cell_max_V: z.number().positive().max(5),
    cell_min_V: z.number().positive().max(5),
  }),
  freshness: freshness.optional(),
  charge: charge.optional(),
  taper: z.enum(['curve', 'smooth']).optional(),
  combine: z.enum(['share', 'equal', 'sum']).optional(),
  on_partial_loss: z.enum(['reduce', 'hold', 'exclude', 'block']).optional(),
  reduce_for: duration.optional(),
  alarms: z.enum(['bank', 'any', 'all']).optional(),
  limit_by_soc: z.boolean().optional(),
  shunt: z.strictObject({ inverter: z.string() }).optional(),
});

const inverter = z.strictObject({
  id: name,
  profile: z.string(),
  can: z
    .string()
    .regex(/^[^\s/:]{1,15}$/, {
      error: 'a CAN interface is called `can0`, `vcan0` …; `ip -br link` lists them',
    })
    .optional(),
  serial: absolute.optional(),
  baud: z.int().min(300).max(921_600).optional(),
  parity: z.enum(['none', 'even', 'odd']).optional(),
  stop_bits: z.union([z.literal(1), z.literal(2)]).optional(),
  unit: z.int().min(1).max(247).optional(),
  tcp: listening('127.0.0.1:1502').optional(),
  reply_delay: z.union([z.literal('t3.5'), z.literal(0), lineSpan(50)]).optional(),
  idle: lineSpan(1000).optional(),
  local_echo: z.boolean().optional(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

const log = z.strictObject({
  level: z.enum(['trace', 'debug', 'info', 'notice', 'warn', 'error']).default('info'),
  files: z
    .strictObject({
      folder: absolute,
      max_MB: z.number().positive().max(1000).default(5),
      keep: z.int().min(1).max(100).default(3),
    })
    .optional(),
});

/** `gateway.yaml` (design, section 6). */
export const gatewaySchema = z.strictObject({
  batteries: z.array(battery).min(1).max(64),
  bank,
  inverters: z.array(inverter).min(1),
  bluetooth: z
    .strictObject({
      adapter: adapter.optional(),
      adapters: z.array(adapter).min(1).max(8).optional(),
      slots: z.int().min(1).max(32).optional(),
      stand_in: adapter.optional(),
      poll: duration.prefault('2s'),
      radio: z.enum(['hci', 'user-channel', 'bluez']).default('hci'),
      stack: z.enum(['stoprocent', 'abandonware']).default('stoprocent'),
      proxies: z.array(proxy).min(1).max(32).optional(),
    })
    .prefault({}),
  control: z.union([z.boolean(), z.strictObject({ raw: z.enum(['reads', 'any']) })]).optional(),
  log: log.prefault({}),
  metrics: z.strictObject({ listen: listening(METRICS).default(METRICS) }).optional(),
  web: webSchema.optional(),
  mqtt: mqtt.optional(),
  history: historySchema.optional(),
  alerts: alertsSchema.optional(),
  black_box: z.boolean().optional(),
});

/** The file as it was written, with its defaults; spans in ms. */
export type GatewayFile = z.output<typeof gatewaySchema>;
export type BatteryEntry = GatewayFile['batteries'][number];
export type InverterEntry = GatewayFile['inverters'][number];

/** What the schema cannot see: one problem a finding, at the place in the file. */
export type Check = (read: Reading<GatewayFile>) => readonly DocumentProblem[];
