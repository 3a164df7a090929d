import { GatewayError } from '../model/errors.ts';

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `--option manufacturer=DYNESS --option temperature=none` as names and values. */
export const settingsOf = (given: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1)
        throw new GatewayError('REFUSED', {
          message: `\`--option ${text}\` has no value; write it as --option name=value`,
        });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
