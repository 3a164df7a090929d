// A message with its places filled.

export type Places = Readonly<Record<string, string | number>>;
type Message = string | { readonly one: string; readonly other: string };

/** `{name}` becomes the value of that name. Of two forms `n` decides. */
export function said(message: Message | undefined, places: Places, language: string): string {
  if (message === undefined) return '';
  const { n } = places;
  const form =
    typeof message === 'string'
      ? message
      : typeof n === 'number' && new Intl.PluralRules(language).select(n) === 'one'
        ? message.one
        : message.other;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) =>
    places[name] === undefined ? whole : String(places[name]),
  );
}
