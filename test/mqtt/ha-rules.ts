// What Home Assistant takes and what it does not, from its own documents (reference, sections 2 to 4). Shares nothing with the product.

type Words = Readonly<Record<string, unknown>>;
const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;

/** Units by device class of a sensor; a class without units takes none. */
const units: Readonly<Record<string, readonly string[]>> = {
  battery: ['%'],
  voltage: ['V', 'mV'],
  current: ['A', 'mA'],
  power: ['W', 'kW'],
  energy: ['kWh', 'Wh'],
  energy_storage: ['kWh', 'Wh'],
  temperature: ['°C'],
  temperature_delta: ['K', '°C'],
  duration: ['s', 'ms', 'min', 'h', 'd'],
  signal_strength: ['dBm'],
  data_size: ['MB', 'GB', 'kB', 'B'],
  timestamp: [],
  enum: [],
};

const stateClasses: Readonly<Record<string, readonly string[]>> = {
  energy: ['total_increasing', 'total'],
  energy_storage: ['measurement'],
  timestamp: [],
  enum: [],
};

const binaryClasses = [
  'problem',
  'connectivity',
  'battery_charging',
  'power',
  'heat',
  'running',
  'update',
  'safety',
  'battery',
];
const classlessUnits = ['%', 'Ah', 'K', undefined];
const known = new Set([
  'platform',
  'unique_id',
  'default_entity_id',
  'name',
  'device_class',
  'unit_of_measurement',
  'state_class',
  'suggested_display_precision',
  'entity_category',
  'enabled_by_default',
  'options',
  'value_template',
  'state_topic',
  'availability',
  'expire_after',
]);

const isTopic = (value: unknown): boolean => isText(value) && !/[#+\0]/.test(value) && value.length < 200;
const isTopicList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => isWords(entry) && isTopic(entry.topic));

function sensorFaults(c: Words): string[] {
  const { device_class: kind, unit_of_measurement: unit, state_class: state, options } = c;
  const faults: string[] = [];
  const must = (holds: boolean, what: string) => holds || faults.push(what);
  if (kind === undefined)
    must(classlessUnits.includes(unit as string | undefined), `unit ${unit} without a class`);
  else {
    const allowed = units[String(kind)];
    must(allowed !== undefined, `unknown device class ${kind}`);
    must(allowed?.length ? allowed.includes(String(unit)) : unit === undefined, `${kind} in ${unit}`);
    const classes = stateClasses[String(kind)] ?? ['measurement'];
    must(classes.length ? classes.includes(String(state)) : state === undefined, `${kind} with ${state}`);
  }
  must(
    [undefined, 'measurement', 'total', 'total_increasing'].includes(state as string | undefined),
    `state class ${state}`,
  );
  if (options !== undefined) {
    must(kind === 'enum', 'options without enum');
    must(Array.isArray(options) && options.length > 0 && options.every(isText), 'empty options');
    must(Array.isArray(options) && new Set(options).size === options.length, 'an option twice');
  } else must(kind !== 'enum', 'enum without options');
  must(unit === undefined || unit !== '', 'blank unit');
  return faults;
}

const binaryFaults = ({
  device_class: kind,
  unit_of_measurement: unit,
  state_class: state,
}: Words): string[] => [
  ...(kind === undefined || binaryClasses.includes(String(kind)) ? [] : [`unknown device class ${kind}`]),
  ...(unit === undefined && state === undefined ? [] : ['a binary sensor has no unit']),
];

function componentFaults(key: string, c: unknown): string[] {
  if (!isWords(c)) return [`${key} is no map`];
  const faults: string[] = [];
  const must = (holds: boolean, what: string) => holds || faults.push(`${key}: ${what}`);
  must(c.platform === 'sensor' || c.platform === 'binary_sensor', `platform ${c.platform}`);
  if (Object.keys(c).length === 1) return faults;
  must(isText(c.unique_id), 'no unique_id');
  must(c.name === null || isText(c.name), 'no name');
  must(isTopic(c.state_topic), 'no state topic');
  must(
    Object.keys(c).every((k) => known.has(k)),
    `unknown keys ${Object.keys(c).filter((k) => !known.has(k))}`,
  );
  must(!Object.keys(c).some((k) => k.includes('command')), 'a command topic');
  must(
    new RegExp(`^${c.platform}\\.[a-z0-9_]{1,200}$`).test(String(c.default_entity_id)),
    `entity id ${c.default_entity_id}`,
  );
  must(
    c.entity_category === undefined || c.entity_category === 'diagnostic',
    `category ${c.entity_category}`,
  );
  must(
    c.enabled_by_default === undefined || typeof c.enabled_by_default === 'boolean',
    'enabled is no boolean',
  );
  must(c.availability === undefined || isTopicList(c.availability), 'availability is no list of topics');
  const { suggested_display_precision: precision, expire_after: expires } = c;
  must(precision === undefined || Number.isInteger(precision), `precision ${precision}`);
  must(
    expires === undefined || (Number.isInteger(expires) && Number(expires) > 0),
    `expires after ${expires}`,
  );
  must(
    (expires === undefined) === (c.state_class === 'total_increasing'),
    'expire_after of a counter, or none elsewhere',
  );
  const own = c.platform === 'sensor' ? sensorFaults(c) : binaryFaults(c);
  return [...faults, ...own.map((fault) => `${key}: ${fault}`)];
}

function deviceFaults(device: unknown): string[] {
  if (!isWords(device)) return ['no device'];
  const { identifiers, name, via_device: parent } = device;
  return [
    ...(Array.isArray(identifiers) && identifiers.length > 0 && identifiers.every(isText)
      ? []
      : ['no identifiers']),
    ...(isText(name) ? [] : ['no name']),
    ...(parent === undefined || isText(parent) ? [] : ['a parent without name']),
  ];
}

/** Everything that Home Assistant would refuse, or be confused by. */
export function discoveryFaults(topic: string, payload: string): string[] {
  const [, objectId] = /^[^/]+(?:\/[^/]+)*\/device\/([^/]+)\/config$/.exec(topic) ?? [];
  const faults =
    objectId !== undefined && /^[A-Za-z0-9_-]+$/.test(objectId) ? [] : [`illegal topic ${topic}`];
  if (Buffer.byteLength(payload) > 64 * 1024) faults.push('more than 64 kB');
  const config: unknown = JSON.parse(payload);
  if (!isWords(config)) return [...faults, 'no map'];
  const { device, origin, components, availability, availability_mode: mode, ...rest } = config;
  if (Object.keys(rest).length) faults.push(`unknown keys ${Object.keys(rest)}`);
  if (!isWords(origin) || !isText(origin.name)) faults.push('no origin');
  if (!isTopicList(availability) || mode !== 'all')
    faults.push('availability is no list of topics with mode all');
  if (!isWords(components) || Object.keys(components).length === 0) return [...faults, 'no components'];
  const ids = Object.values(components).flatMap((c) =>
    isWords(c) && isText(c.unique_id) ? [c.unique_id] : [],
  );
  if (new Set(ids).size !== ids.length) faults.push('a unique_id twice');
  return [
    ...faults,
    ...deviceFaults(device),
    ...Object.entries(components).flatMap(([k, c]) => componentFaults(k, c)),
  ];
}
