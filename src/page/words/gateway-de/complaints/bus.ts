// Was an Telegrammen, Registern und Antworten eines Profils falsch ist (src/profile/check, src/profile/serial).
import type { Sayings } from '../../gateway-said.ts';

const frames: Sayings = {
  'a limit told so seldom stays in force too long; tell it at least every 10 s':
    'eine so selten gemeldete Grenze gilt zu lange; mindestens alle 10 s melden',
  '{n:typed} frames with {gap:typed} ms between them do not fit a beat of {every:typed} s; write a shorter `gap` or a longer `every`':
    '{n} Telegramme mit je {gap} ms Abstand passen nicht in einen Takt von {every} s; `gap` kürzer oder `every` länger schreiben',
  'no frame could keep time with the beat; write at most what `every` says':
    'kein Telegramm könnte den Takt halten; höchstens so viel schreiben wie in `every`',
  '{frame} is a frame that we send; correct one of the two':
    '{frame} ist ein Telegramm, das hier gesendet wird; eines von beiden berichtigen',
  'frame {frame} is described twice; join the two':
    'Telegramm {frame} ist doppelt beschrieben; beide zusammenlegen',
  '{frame} and the address do not fit 29 bits; lower the most that the option takes':
    '{frame} und die Adresse passen nicht in 29 Bits; den Höchstwert der Option senken',
  '{frame} does not fit 11 bits; add `extended: true` or correct it':
    '{frame} passt nicht in 11 Bits; `extended: true` ergänzen oder berichtigen',
  'this frame cannot keep time with a beat of {every:typed} s; write a multiple of it':
    'dieses Telegramm passt nicht zum Takt von {every} s; ein Vielfaches davon schreiben',
  'option `{option:quoted}` must be a number from 0 on': 'Option `{option}` muss eine Zahl ab 0 sein',
  'option `{option:quoted}` must be a choice of {ways:ticks}':
    'Option `{option}` muss eine Auswahl sein aus {ways}',
};

/** Der Dialog mit dem Wechselrichter. */
const talk: Sayings = {
  'there is no phase `{phase:quoted}`': 'es gibt keine Phase `{phase}`',
  'name it under `can.phases`': 'unter `can.phases` angeben',
  'name it under `serial.phases`': 'unter `serial.phases` angeben',
  'there is no question `{question:quoted}`': 'es gibt keine Frage `{question}`',
  'give a frame `when_asked` with this name, or a received frame that `asks` it':
    'einem Telegramm `when_asked` mit diesem Namen geben, oder einem empfangenen Telegramm `asks` damit',
  'nothing that is received starts this talk; add a frame under `receives`':
    'nichts Empfangenes beginnt diesen Dialog; unter `receives` ein Telegramm ergänzen',
};

const registers: Sayings = {
  'register {register} lies in no window; windows are {windows:windows}':
    'Register {register} liegt in keinem Fenster; Fenster sind {windows}',
  'a window begins at its lower end; write `from: {from}, to: {to:quoted}`':
    'ein Fenster beginnt an seinem unteren Ende; `from: {from}, to: {to}` schreiben',
  'this window overlaps {other:windows}; join the two':
    'dieses Fenster überschneidet sich mit {other}; beide zusammenlegen',
  '`{as:quoted}` fills half a register; say which with `byte: high` or `byte: low`':
    '`{as}` füllt ein halbes Register; mit `byte: high` oder `byte: low` angeben, welches',
  '`{as:quoted}` fills whole registers; leave `byte` out': '`{as}` füllt ganze Register; `byte` weglassen',
  '`data_age_s` needs a register of its own; write `as: u16`':
    '`data_age_s` braucht ein eigenes Register; `as: u16` schreiben',
  'register {register} is already taken; move one of the two':
    'Register {register} ist schon belegt; eines von beiden verschieben',
  '`{as:quoted}` needs register {register} too, which lies in no window; make the window larger':
    '`{as}` braucht auch Register {register}, das in keinem Fenster liegt; das Fenster vergrößern',
  'this profile has no unit {unit:typed}; its units are {units:names}':
    'dieses Profil hat keine Adresse {unit}; seine Adressen sind {units}',
};

/** Antworten auf einer seriellen Leitung. */
const answers: Sayings = {
  'byte {at:typed} lies before the first byte told here, which is {first:typed}; move it or correct `first`':
    'Byte {at} liegt vor dem ersten hier gemeldeten Byte, das ist {first}; verschieben oder `first` berichtigen',
  'command 0x{command} is answered twice; join the two':
    'Befehl 0x{command} wird doppelt beantwortet; beide zusammenlegen',
  'there is no option `{option:quoted}` of kind `{kind:quoted}`; add it under `options`':
    'es gibt keine Option `{option}` der Art `{kind}`; unter `options` ergänzen',
  'address {address:typed} is given twice; keep one of them':
    'Adresse {address} ist doppelt angegeben; nur eine behalten',
  'option `{option:quoted}` must stay within the addresses 1 to 254; correct its `min` and `max`':
    'Option `{option}` muss innerhalb der Adressen 1 bis 254 bleiben; ihr `min` und `max` berichtigen',
  'this command has an answer; take it away here or there':
    'dieser Befehl hat eine Antwort; hier oder dort weglassen',
  'this answer can grow to {n:typed} bytes, but a frame carries {most:typed}; take parts out, or put them into another answer':
    'diese Antwort kann {n} Bytes lang werden, ein Telegramm fasst {most}; Teile weglassen, oder in eine andere Antwort setzen',
};

export const bus: Sayings = { ...frames, ...talk, ...registers, ...answers };
