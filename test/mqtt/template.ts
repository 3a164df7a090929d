// The little of Jinja that is used, by the letter: a key that is not there is a fault, as it would be a warning in Home Assistant.

const FORM = /^\{\{ value_json(?:\.(\w+)|\['([\w-]+)'\]) \}\}$/;

/** What Home Assistant makes of a payload; a JSON null is the text `None`. Throws where it would complain. */
export function rendered(template: string, payload: string): string {
  const found = FORM.exec(template);
  const key = found?.[1] ?? found?.[2];
  if (key === undefined) throw new Error(`no template: ${template}`);
  const values: unknown = JSON.parse(payload);
  if (typeof values !== 'object' || values === null || !Object.hasOwn(values, key))
    throw new Error(`no ${key} in ${payload}`);
  const value = (values as Record<string, unknown>)[key];
  if (value === null) return 'None';
  if (typeof value === 'object' || typeof value === 'boolean')
    throw new Error(`${key} is ${JSON.stringify(value)}`);
  return String(value);
}
