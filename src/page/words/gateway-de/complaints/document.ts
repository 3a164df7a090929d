// Was an einer Stelle einer Datei steht und was dort stehen soll (src/profile/issue.ts, document.ts, options.ts, …).
import type { Sayings } from '../../gateway-said.ts';

/** Was mehrere sagen. */
const clauses: Sayings = {
  '{file:path}:{line:typed}:{column:typed}: {why:said}': '{file}:{line}:{column}: {why}',
  'correct it': 'berichtigen',
  'correct one of them': 'eines von beiden berichtigen',
  'take it out': 'weglassen',
  'take this out': 'das weglassen',
  'call it otherwise': 'anders nennen',
  'did you mean `{name:quoted}`?': 'ist `{name}` gemeint?',
};

const values: Sayings = {
  'unknown key `{key:quoted}`': 'unbekannter Schlüssel `{key}`',
  'known here: {names:names}': 'hier gibt es: {names}',
  'known here: none': 'hier gibt es keine',
  'if it belongs to the text before it, put that text into quotes':
    'gehört er zum Text davor, diesen Text in Anführungszeichen setzen',
  'a key here cannot be called `{key:quoted}`': 'ein Schlüssel kann hier nicht `{key}` heißen',
  '{item:item} is {value:stands}': '{item} ist {value}',
  'entry {n:typed} is missing': 'Eintrag {n} fehlt',
  'add it: {form:form}': 'ergänzen: {form}',
  'add it: one of {values:ticks}': 'ergänzen, eines davon: {values}',
  'add it': 'ergänzen',
  'write {form:form}': '{form} schreiben',
  'write one of {values:ticks}': 'eines davon schreiben: {values}',
  'write at least {n:typed}': 'mindestens {n} schreiben',
  'write at most {n:typed}': 'höchstens {n} schreiben',
  'write more than {n:typed}': 'mehr als {n} schreiben',
  'write less than {n:typed}': 'weniger als {n} schreiben',
  'give it at least {n:typed} characters': 'mindestens {n} Zeichen angeben',
  'give it at most {n:typed} characters': 'höchstens {n} Zeichen angeben',
  'give it at least {n:typed} entries': 'mindestens {n} angeben',
  'give it at most {n:typed} entries': 'höchstens {n} angeben',
};

/** Wie ein Wert auszusehen hat. */
const shapes: Sayings = {
  'this is no time span; write one like `500ms`, `2s`, `10m`, `1h` or `400d`':
    'das ist keine Zeitspanne; eine schreiben wie `500ms`, `2s`, `10m`, `1h` oder `400d`',
  'write a time span from {least} to {most}': 'eine Zeitspanne von {least} bis {most} schreiben',
  'write host and port, e.g. "{example:rest}"': 'Host und Port schreiben, z. B. "{example}"',
  'a port is 1 to {most:typed}': 'ein Port ist 1 bis {most}',
  'write the whole path, beginning with `/`': 'den ganzen Pfad schreiben, beginnend mit `/`',
};

const whole: Sayings = {
  'the file is larger than 1 MB; split it or take out what is not needed':
    'die Datei ist größer als 1 MB; aufteilen oder weglassen, was nicht gebraucht wird',
  'these bytes are no UTF-8; save the file as UTF-8':
    'diese Bytes sind kein UTF-8; die Datei als UTF-8 speichern',
  'key `{key:quoted}` is given twice; keep one of them':
    'Schlüssel `{key}` ist doppelt angegeben; nur einen behalten',
  'a key cannot be called `__proto__`': 'ein Schlüssel kann nicht `__proto__` heißen',
  'aliases (`*name`) are not taken here; write the value out':
    'Aliasse (`*name`) gehen hier nicht; den Wert ausschreiben',
  'the document is not a map; begin it with lines of the form `key: value`':
    'das Dokument ist keine Zuordnung; mit Zeilen der Form `key: value` beginnen',
  'a second document begins here; keep one of them': 'hier beginnt ein zweites Dokument; nur eines behalten',
  'lists and maps lie too deep inside each other; flatten them':
    'Listen und Zuordnungen sind zu tief verschachtelt; flacher schreiben',
};

/** Einstellungen, die ein Profil anbietet. */
const options: Sayings = {
  'profile `{profile:quoted}`: {why:said}': 'Profil `{profile}`: {why}',
  'unknown option `{name:quoted}`': 'unbekannte Option `{name}`',
  'this profile has {names:names}': 'dieses Profil hat {names}',
  'this profile has none': 'dieses Profil hat keine',
  'option `{name:quoted}` is `{value:quoted}`': 'Option `{name}` ist `{value}`',
  'option `{name:quoted}` is the number `{value:quoted}`': 'Option `{name}` ist die Zahl `{value}`',
  'option `{name:quoted}` is the word `{value:quoted}`': 'Option `{name}` ist das Wort `{value}`',
  "put it in quotes, e.g. `{option}: '{value:quoted}'`":
    "in Anführungszeichen setzen, z. B. `{option}: '{value}'`",
  'write a whole number from {least:typed} to {most:typed}':
    'eine ganze Zahl von {least} bis {most} schreiben',
  'write a number from {least:typed} to {most:typed}': 'eine Zahl von {least} bis {most} schreiben',
};

export const document: Sayings = { ...clauses, ...values, ...shapes, ...whole, ...options };
