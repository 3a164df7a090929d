// The gateway itself as Home Assistant shows it: its inverters, its wires, its machine.
import { isStale } from '../model/freshness.ts';
import type { InverterHealth, WireCounter, WireHealth } from '../model/wire-health.ts';
import { binary, diagnostic, type Entity, type Known, quantities as q, sensor } from './entities.ts';

const hidden = { ...diagnostic, isHidden: true, isOptional: true } as const;

const inverterOf = (id: string, { health }: Known): InverterHealth | undefined =>
  health?.wires.flatMap(({ inverters }) => inverters).find((inverter) => inverter.id === id);

const isHeard = (inverter: InverterHealth | undefined): boolean | undefined =>
  inverter && (inverter.voice === 'heard' || inverter.voice === 'back');

function lastSeen(inverter: InverterHealth | undefined, { wallMs }: Known): string | undefined {
  if (inverter?.heardAtMs === undefined) return undefined;
  return new Date(Math.round(wallMs(inverter.heardAtMs) / 1000) * 1000).toISOString();
}

function inverterEntities(id: string): Entity[] {
  const at = (known: Known) => inverterOf(id, known);
  const key = (what: string) => `inverter_${id}_${what}`;
  return [
    binary(
      'changes',
      key('link'),
      `Inverter ${id} link`,
      'connectivity',
      (known) => isHeard(at(known)),
      diagnostic,
    ),
    sensor(
      'slow',
      key('last_seen'),
      `Inverter ${id} last seen`,
      q.moment,
      (known) => lastSeen(at(known), known),
      diagnostic,
    ),
    sensor(
      'changes',
      key('profile'),
      `Inverter ${id} profile`,
      q.text,
      (known) => at(known)?.profile,
      diagnostic,
    ),
  ];
}

/** Of all wires of these kinds together; unknown where there is none. */
function counted(isMeant: (wire: WireHealth) => boolean, counters: readonly WireCounter[]) {
  return ({ health }: Known): number | undefined => {
    const wires = health?.wires.filter(isMeant) ?? [];
    const counts = wires.flatMap(({ counts: all }) => counters.map((counter) => all[counter] ?? 0));
    return wires.length ? counts.reduce((sum, n) => sum + n, 0) : undefined;
  };
}

const canErrors = counted(({ kind }) => kind === 'can', ['refused', 'busOff', 'errorPassive', 'noAck']);
const modbusErrors = counted(
  ({ kind }) => kind === 'rtu' || kind === 'tcp',
  ['crcErrors', 'lateAnswers', 'malformed'],
);

const own: readonly Entity[] = [
  binary('changes', 'stale_data_signalled', 'Stale data signalled', 'problem', ({ bank }) =>
    bank && bank.freshness !== 'never' ? isStale(bank.freshness) : undefined,
  ),
  sensor('slow', 'can_errors', 'CAN errors', q.counted, canErrors, { ...diagnostic, isOptional: true }),
  sensor('slow', 'modbus_errors', 'Modbus errors', q.counted, modbusErrors, {
    ...diagnostic,
    isOptional: true,
  }),
  sensor(
    'machine',
    'uptime',
    'Uptime',
    q.duration,
    ({ nowMs, startedAtMs }) => (nowMs - startedAtMs) / 1000,
    hidden,
  ),
  sensor(
    'machine',
    'cpu_temperature',
    'CPU temperature',
    q.temperature,
    ({ machine }) => machine?.cpuTemperatureC,
    hidden,
  ),
  sensor('machine', 'disk_free', 'Disk free', q.dataSize, ({ machine }) => machine?.diskFreeMB, hidden),
];

export const gatewayEntities = (inverters: readonly string[]): readonly Entity[] => [
  ...inverters.flatMap(inverterEntities),
  ...own,
];
