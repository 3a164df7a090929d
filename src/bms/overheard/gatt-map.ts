import { entriesOf, OP, uuidOf, word } from './att.ts';

interface Service {
  readonly first: number;
  readonly last: number;
  readonly uuid: string;
}

/** What one server's attributes are, as far as a client was overheard asking; a phone that knows them asks nothing. */
export interface GattMap {
  readonly services: readonly Service[];
  /** The type of an attribute, by its handle; of a characteristic's value the characteristic's UUID. */
  readonly uuids: ReadonlyMap<number, string>;
  /** What the client asked last, which its answer does not repeat. */
  readonly asked: Uint8Array;
  readonly mtu?: number;
}

export const nothingKnown: GattMap = { services: [], uuids: new Map(), asked: new Uint8Array() };

const CHARACTERISTIC = '2803';
const PRIMARY_SERVICE = '2800';
/** What a client writes to be told of changes. */
export const NOTIFY_SWITCH = '2902';

const withServices = (map: GattMap, more: readonly Service[]): GattMap => ({
  ...map,
  services: [...map.services.filter(({ first }) => more.every((m) => m.first !== first)), ...more],
});

const withUuids = (map: GattMap, more: readonly (readonly [number, string | undefined])[]): GattMap => ({
  ...map,
  uuids: new Map([
    ...map.uuids,
    ...more.flatMap(([handle, uuid]) => (uuid ? [[handle, uuid] as const] : [])),
  ]),
});

/** Entries: first handle, last handle, UUID. */
function learnGroups(map: GattMap, answer: Uint8Array): GattMap {
  if (uuidOf(map.asked.subarray(5)) !== PRIMARY_SERVICE) return map;
  const services = entriesOf(answer.subarray(2), answer[1] ?? 0).flatMap((entry) => {
    const uuid = uuidOf(entry.subarray(4));
    return uuid ? [{ first: word(entry, 0), last: word(entry, 2), uuid }] : [];
  });
  return withServices(map, services);
}

/** The UUID stands in the question; entries are the first and last handle. */
function learnFound(map: GattMap, answer: Uint8Array): GattMap {
  const uuid = uuidOf(map.asked.subarray(7));
  if (uuidOf(map.asked.subarray(5, 7)) !== PRIMARY_SERVICE || !uuid) return map;
  const services = entriesOf(answer.subarray(1), 4).map((entry) => ({
    first: word(entry, 0),
    last: word(entry, 2),
    uuid,
  }));
  return withServices(map, services);
}

/** Declarations: handle, then properties, handle of the value, UUID (vol 3 part G, 3.3.1). */
function learnCharacteristics(map: GattMap, answer: Uint8Array): GattMap {
  if (uuidOf(map.asked.subarray(5)) !== CHARACTERISTIC) return map;
  const entries = entriesOf(answer.subarray(2), answer[1] ?? 0);
  return withUuids(
    map,
    entries.map((entry) => [word(entry, 3), uuidOf(entry.subarray(5))]),
  );
}

/** Entries: handle and type; format 1 has short UUIDs, format 2 long ones. */
function learnInformation(map: GattMap, answer: Uint8Array): GattMap {
  const length = { 1: 4, 2: 18 }[answer[1] ?? 0] ?? 0;
  return withUuids(
    map,
    entriesOf(answer.subarray(2), length).map((entry) => [word(entry, 0), uuidOf(entry.subarray(2))]),
  );
}

/** Both sides say what they can; the smaller counts (vol 3 part F, 3.4.2). */
const learnMtu = (map: GattMap, answer: Uint8Array): GattMap =>
  map.asked[0] === OP.askMtu && answer.length === 3
    ? { ...map, mtu: Math.max(23, Math.min(word(map.asked, 1), word(answer, 1))) }
    : map;

const lessons: {
  readonly [op: number]: { readonly asks: number; readonly learn: (map: GattMap, a: Uint8Array) => GattMap };
} = {
  [OP.mtu]: { asks: OP.askMtu, learn: learnMtu },
  [OP.information]: { asks: 0x04, learn: learnInformation },
  [OP.foundByTypeValue]: { asks: OP.findByTypeValue, learn: learnFound },
  [OP.typeValues]: { asks: OP.readByType, learn: learnCharacteristics },
  [OP.groups]: { asks: OP.readByGroup, learn: learnGroups },
};

/** The map after one more packet between a client and this server. Values and commands teach nothing. */
export function learn(map: GattMap, att: Uint8Array): GattMap {
  const [op = 0] = att;
  const lesson = lessons[op];
  if (lesson) return lesson.asks === map.asked[0] ? lesson.learn(map, att) : map;
  const isQuestion = Object.values(lessons).some(({ asks }) => asks === op);
  return isQuestion ? { ...map, asked: att } : map;
}

export const serviceOf = ({ services }: GattMap, handle: number): string | undefined =>
  services.find(({ first, last }) => first <= handle && handle <= last)?.uuid;
