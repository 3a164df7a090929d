// Was an einer Zahl oder einer Stelle in einem Profil falsch ist (src/profile/check/numbers.ts, slots.ts, describe.ts).
import type { Sayings } from '../../gateway-said.ts';

const scales: Sayings = {
  'a scale of 0 says nothing; write what one count is worth':
    'eine Skalierung von 0 sagt nichts; schreiben, was ein Zählschritt wert ist',
  '`{as:quoted}` with scale {scale:typed} holds {low:typed} to {high:typed}, `{signal:quoted}` needs {least:typed} to {most:typed}; take a wider type or a larger scale':
    '`{as}` mit Skalierung {scale} fasst {low} bis {high}, `{signal}` braucht {least} bis {most}; einen breiteren Typ oder eine größere Skalierung nehmen',
  '`{as:quoted}` with scale {scale:typed} and offset {offset:typed} holds {low:typed} to {high:typed}, `{signal:quoted}` needs {least:typed} to {most:typed}; take a wider type or a larger scale':
    '`{as}` mit Skalierung {scale} und Versatz {offset} fasst {low} bis {high}, `{signal}` braucht {least} bis {most}; einen breiteren Typ oder eine größere Skalierung nehmen',
  'one count is worth {scale:typed}, but `{signal:quoted}` hardly ever passes {most:typed}; take a smaller scale':
    'ein Zählschritt ist {scale} wert, aber `{signal}` geht kaum je über {most}; eine kleinere Skalierung nehmen',
  '`{signal:quoted}` is in {unit}, not {other:rest}; leave `unit` out and let `scale` say what one count is worth in {again}':
    '`{signal}` ist in {unit}, nicht in {other}; `unit` weglassen und mit `scale` sagen, was ein Zählschritt in {again} wert ist',
  '`{signal:quoted}` is in plain counts, not {other:rest}; leave `unit` out and let `scale` say what one count is worth':
    '`{signal}` ist eine bloße Anzahl, nicht in {other}; `unit` weglassen und mit `scale` sagen, was ein Zählschritt wert ist',
  '{value:typed} does not fit here; `{as:quoted}` would tell another number in its place':
    '{value} passt hier nicht; `{as}` würde stattdessen eine andere Zahl melden',
  '`min` is above `max`; exchange them': '`min` liegt über `max`; vertauschen',
  '`{signal:quoted}` is no counter, and would be told as another value; leave `modulo` out':
    '`{signal}` ist kein Zähler und würde als anderer Wert gemeldet; `modulo` weglassen',
};

const unknowns: Sayings = {
  'what happens when this signal is unknown is not said, or said twice; write either `required: true` or `unknown:` with what is sent then':
    'was geschieht, wenn dieses Signal unbekannt ist, steht nicht da oder doppelt; entweder `required: true` schreiben oder `unknown:` mit dem, was dann gesendet wird',
  'a single byte has no code for "invalid"; write the number that is sent when `{signal:quoted}` is unknown':
    'ein einzelnes Byte hat keinen Code für „ungültig“; die Zahl schreiben, die gesendet wird, wenn `{signal}` unbekannt ist',
  '`never` forbids what is sent when `{signal:quoted}` is unknown; write another `unknown` or `required: true`':
    '`never` verbietet, was gesendet wird, wenn `{signal}` unbekannt ist; ein anderes `unknown` oder `required: true` schreiben',
  'an inverter that does not know the code for "invalid" takes it for the highest limit; write `unknown: 0` or `required: true` for `{signal:quoted}`':
    'ein Wechselrichter, der den Code für „ungültig“ nicht kennt, hält ihn für die höchste Grenze; für `{signal}` `unknown: 0` oder `required: true` schreiben',
  'an unknown `{signal:quoted}` must not be told as a number; write `required: true`':
    'ein unbekanntes `{signal}` darf nicht als Zahl gemeldet werden; `required: true` schreiben',
  'an unknown limit allows nothing; write `unknown: 0` or `required: true` for `{signal:quoted}`':
    'eine unbekannte Grenze erlaubt nichts; für `{signal}` `unknown: 0` oder `required: true` schreiben',
};

const zeros: Sayings = {
  '`{signal:quoted}` must be able to reach 0; take {zero:typed} out of `never`':
    '`{signal}` muss 0 erreichen können; {zero} aus `never` herausnehmen',
  '`{signal:quoted}` must be able to reach 0; leave `min` out, or write `zero_raw: 1` where the inverter ignores a 0':
    '`{signal}` muss 0 erreichen können; `min` weglassen, oder `zero_raw: 1` schreiben, wo der Wechselrichter eine 0 übergeht',
  'only a current limit in counts of at most 0.1 A from 0 may have another zero':
    'nur eine Stromgrenze in Zählschritten von höchstens 0.1 A ab 0 darf eine andere Null haben',
  'a zero that is not 0 needs its evidence; add `evidence:` and a `note` that names it':
    'eine Null, die nicht 0 ist, braucht einen Beleg; `evidence:` ergänzen und eine `note`, die ihn nennt',
  'a CVL of 0 makes inverters empty the battery into the grid or stop; hold it (`as_is`) and let the currents fall to 0':
    'bei einer Ladespannungsgrenze von 0 entladen Wechselrichter die Batterie ins Netz oder schalten ab; sie halten (`as_is`) und die Ströme auf 0 sinken lassen',
  '`{signal:quoted}` is a limit; while a case holds it may be told as 0 or `as_is`':
    '`{signal}` ist eine Grenze; solange ein Fall gilt, darf sie als 0 oder `as_is` gemeldet werden',
  'only {signals:ticks} have a direction': 'nur {signals} haben eine Richtung',
};

const places: Sayings = {
  '`less` and `than` go together; name both numbers':
    '`less` und `than` gehören zusammen; beide Zahlen angeben',
  'nothing raises this bit': 'nichts setzt dieses Bit',
  'nothing raises this pair': 'nichts setzt dieses Bitpaar',
  'nothing raises this case': 'nichts führt zu diesem Fall',
  'give it one of {keys:ticks}': 'eines davon angeben: {keys}',
  '`bit` and `size` go together; name the lowest bit and how many there are':
    '`bit` und `size` gehören zusammen; das niedrigste Bit und die Anzahl angeben',
  'bits {first:typed} to {last:typed} do not lie in {room:typed} bits':
    'Bits {first} bis {last} liegen nicht in {room} Bits',
  '{value:typed} does not fit here; the largest code is {most:typed}':
    '{value} passt hier nicht; der größte Code ist {most}',
  '{place:said} is already taken by `{other:quoted}`; move one of them':
    '{place} ist schon belegt von `{other}`; eines von beiden verschieben',
  '`{name:quoted}` ends at byte {end:typed}, but {frame} has {n:typed} bytes (0 to {last:typed}); move it or make `length` larger':
    '`{name}` endet bei Byte {end}, aber {frame} hat {n} Bytes (0 bis {last}); verschieben oder `length` größer machen',
  '{place:said} reaches beyond its window; make the window larger':
    '{place} reicht über das Fenster hinaus; das Fenster vergrößern',
  'byte {bytes} of {frame}': 'Byte {bytes} von {frame}',
  'byte {bytes} bit {bit:typed} of {frame}': 'Byte {bytes} Bit {bit} von {frame}',
  'byte {bytes} bits {bits} of {frame}': 'Byte {bytes} Bits {bits} von {frame}',
  'register {register}': 'Register {register}',
  'register {register} bit {bit:typed}': 'Register {register} Bit {bit}',
  'register {register} bits {bits}': 'Register {register} Bits {bits}',
  'register {register}, low byte': 'Register {register}, niederwertiges Byte',
  'register {register}, high byte': 'Register {register}, höherwertiges Byte',
  'registers {first} to {last}': 'Register {first} bis {last}',
};

export const numbers: Sayings = { ...scales, ...unknowns, ...zeros, ...places };
