// Was an einem Profil falsch ist, Zahlen und Stellen ausgenommen (src/profile).
import type { Sayings } from '../../gateway-said.ts';

/** Wie etwas heißt und wohin es gehört. */
const entries: Sayings = {
  'unknown signal `{name:quoted}`': 'unbekanntes Signal `{name}`',
  'unknown alarm `{name:quoted}`': 'unbekannter Alarm `{name}`',
  'unknown fault `{name:quoted}`': 'unbekannte Störung `{name}`',
  'unknown error `{name:quoted}`': 'unbekannter Fehler `{name}`',
  'unknown status `{name:quoted}`': 'unbekannter Zustand `{name}`',
  'unknown freshness `{name:quoted}`': 'unbekannte Datenstufe `{name}`',
  'known: {names:names}': 'es gibt: {names}',
  '`{name:quoted}` is no number': '`{name}` ist keine Zahl',
  '`{name:quoted}` is no numbers': '`{name}` ist keine Zahlenreihe',
  '`{name:quoted}` is no flag': '`{name}` ist kein Flag',
  '`{name:quoted}` is no text': '`{name}` ist kein Text',
  'put it under `signals`': 'unter `signals` eintragen',
  'put it under `lists`': 'unter `lists` eintragen',
  'put it under `texts`': 'unter `texts` eintragen',
  'put it into the `flags` of a bit': 'in die `flags` eines Bits eintragen',
  'name the alarms in the `alarms` or `warnings` of a bit':
    'die Alarme in `alarms` oder `warnings` eines Bits angeben',
  'name the faults in the `faults` of a bit': 'die Störungen in `faults` eines Bits angeben',
  'name the errors in the `errors` of a bit': 'die Fehler in `errors` eines Bits angeben',
  'bind a bit to it with `since` or `until`': 'ein Bit mit `since` oder `until` daran binden',
  'name its values in the `status` of a case under `codes`':
    'seine Werte im `status` eines Falls unter `codes` angeben',
  'an id is small letters, digits and dashes, e.g. `pylontech-lv`':
    'eine ID besteht aus Kleinbuchstaben, Ziffern und Bindestrichen, z. B. `pylontech-lv`',
  "a version is three numbers in quotes, e.g. '1.2.0'":
    "eine Version besteht aus drei Zahlen in Anführungszeichen, z. B. '1.2.0'",
  'an option is called by letters and digits that begin with a small one, e.g. `frame_set`':
    'eine Option heißt mit Buchstaben und Ziffern, der erste ein Kleinbuchstabe, z. B. `frame_set`',
  'a place is a frame id, a register address or a command, e.g. `0x351`; of a frame with a `part` its value behind a slash, e.g. `0x3D0/2`':
    'eine Stelle ist eine Telegramm-ID, eine Registeradresse oder ein Befehl, z. B. `0x351`; bei einem Telegramm mit `part` dessen Wert hinter einem Schrägstrich, z. B. `0x3D0/2`',
  "write bytes as a text, e.g. '50 4E'; without quotes YAML reads a number":
    "Bytes als Text schreiben, z. B. '50 4E'; ohne Anführungszeichen liest YAML eine Zahl",
  "these are no bytes; write two hex digits each, e.g. '50 4E'":
    "das sind keine Bytes; je zwei Hex-Ziffern schreiben, z. B. '50 4E'",
  'a byte has bits 0 to 7; write `as: u16` for a bit of two bytes':
    'ein Byte hat Bits 0 bis 7; für ein Bit von zwei Bytes `as: u16` schreiben',
};

/** Das Profil als Ganzes, und was es sicher macht. */
const whole: Sayings = {
  'nothing here tells `{signal:quoted}`; add it, or name it under `lacks:` if the protocol has no place for it':
    'nichts hier meldet `{signal}`; ergänzen, oder unter `lacks:` nennen, wenn das Protokoll keinen Platz dafür hat',
  'option `{option:quoted}` stands in for the signal of that name, which is a {kind}; make it one or call it otherwise':
    'Option `{option}` steht für das Signal dieses Namens, und das ist von der Art `{kind}`; dazu machen oder anders nennen',
  'a profile serves one bus; put `{one}:` and `{other}:` into two profiles':
    'ein Profil bedient einen Bus; `{one}:` und `{other}:` auf zwei Profile aufteilen',
  'this profile serves no bus; add `can:`, `modbus:` or `serial:`':
    'dieses Profil bedient keinen Bus; `can:`, `modbus:` oder `serial:` ergänzen',
  'CAN has no exception to answer with; write `hold` or `silent`':
    'CAN kann nicht mit einer Ausnahme antworten; `hold` oder `silent` schreiben',
  'this protocol has no exception to answer with; write `hold` or `silent`':
    'dieses Protokoll kann nicht mit einer Ausnahme antworten; `hold` oder `silent` schreiben',
  '`{signal:quoted}` is left out while something in it is unknown':
    '`{signal}` entfällt, solange etwas darin unbekannt ist',
  '`{signal:quoted}` is told only once, when the talk starts':
    '`{signal}` wird nur einmal gemeldet, wenn der Dialog beginnt',
  '`{signal:quoted}` waits for a phase that nothing leads to':
    '`{signal}` wartet auf eine Phase, zu der nichts führt',
  'tell it in a place that is always told as well': 'auch an einer Stelle melden, die immer gemeldet wird',
  'under {settings:settings} nothing tells `{signal:quoted}`; tell it under every setting':
    'mit {settings} meldet nichts `{signal}`; mit jeder Einstellung melden',
  '`{option:quoted}` `{value:quoted}`': '`{option}` `{value}`',
  '`{option:quoted}` another value': '`{option}` mit einem anderen Wert',
  'nothing here would show an inverter that the data is old; tell a limit, or raise a bit `since: stale`':
    'nichts hier zeigt einem Wechselrichter, dass die Daten alt sind; eine Grenze melden, oder ein Bit `since: stale` setzen',
  'something else than `{signal:quoted}` raises this permission as well; keep the two apart':
    'noch etwas anderes als `{signal}` setzt diese Erlaubnis; beides trennen',
};

const examples: Sayings = {
  "the example's `given` lacks {signals:ticks}; add it": 'in `given` des Beispiels fehlt {signals}; ergänzen',
  'this profile sends no {frame} then': 'dieses Profil sendet dann kein {frame}',
  'it sends {frames:names}': 'es sendet {frames}',
  'not all of these registers exist; they must lie in one window':
    'nicht alle diese Register gibt es; sie müssen in einem Fenster liegen',
  'this profile answers no such command; it answers {commands:names}':
    'dieses Profil beantwortet diesen Befehl nicht; es beantwortet {commands}',
  'the example does not match: {place} should be {wanted:rest}, but is {is:rest}; correct the profile or the example':
    'das Beispiel stimmt nicht: {place} sollte {wanted} sein, ist aber {is}; Profil oder Beispiel berichtigen',
};

export const profile: Sayings = { ...entries, ...whole, ...examples };
