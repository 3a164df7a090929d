import { sentence } from '../model/errors.ts';

/**
 * For what is worth doing but never worth an inverter: what it throws ends nothing that comes behind it, and is said once.
 * `what`: for the sentence.
 */
export function apart(what: string, say: (sentence: string) => void) {
  let said = false;
  return <A extends readonly unknown[]>(work: (...given: A) => void): ((...given: A) => void) =>
    (...given) => {
      try {
        work(...given);
      } catch (error) {
        if (!said)
          say(
            `${what} failed, inverters are served as before: ${sentence(error)}; report it with the lines before it`,
          );
        said = true;
      }
    };
}
