// Was ein Master abfragt (src/wires/asked-words.ts).
import type { Sayings } from '../gateway-said.ts';

export const masters: Sayings = {
  'the master of {wire} asks unit {unit:number} {asked:asked}':
    'der Master von {wire} fragt bei Adresse {unit}: {asked}',
  'the master of {wire} asks the battery {asked:asked}': 'der Master von {wire} fragt die Batterie: {asked}',
  'the master of {wire} asks unit {unit:number} {asked:asked}, a function that its profile does not offer (exception 1); give the inverter the profile that it expects, or set it to this battery':
    'der Master von {wire} fragt bei Adresse {unit}: {asked}; diese Funktion bietet das Profil nicht (Ausnahme 1); dem Wechselrichter das Profil geben, das er erwartet, oder ihn auf diese Batterie einstellen',
  'the master of {wire} asks the battery {asked:asked}, a function that its profile does not offer (exception 1); give the inverter the profile that it expects, or set it to this battery':
    'der Master von {wire} fragt die Batterie: {asked}; diese Funktion bietet das Profil nicht (Ausnahme 1); dem Wechselrichter das Profil geben, das er erwartet, oder ihn auf diese Batterie einstellen',
  'the master of {wire} asks unit {unit:number} {asked:asked}, which its profile does not have (exception 2); give the inverter the profile that it expects, or set it to this battery':
    'der Master von {wire} fragt bei Adresse {unit}: {asked}; das hat das Profil nicht (Ausnahme 2); dem Wechselrichter das Profil geben, das er erwartet, oder ihn auf diese Batterie einstellen',
  'the master of {wire} asks the battery {asked:asked}, which its profile does not have (exception 2); give the inverter the profile that it expects, or set it to this battery':
    'der Master von {wire} fragt die Batterie: {asked}; das hat das Profil nicht (Ausnahme 2); dem Wechselrichter das Profil geben, das er erwartet, oder ihn auf diese Batterie einstellen',
  'the master of {wire} asks unit {unit:number} {asked:asked}, in a quantity or with a value that cannot be (exception 3); give the inverter the profile that it expects, or set it to this battery':
    'der Master von {wire} fragt bei Adresse {unit}: {asked}; Anzahl oder Wert sind nicht möglich (Ausnahme 3); dem Wechselrichter das Profil geben, das er erwartet, oder ihn auf diese Batterie einstellen',
  'the master of {wire} asks the battery {asked:asked}, in a quantity or with a value that cannot be (exception 3); give the inverter the profile that it expects, or set it to this battery':
    'der Master von {wire} fragt die Batterie: {asked}; Anzahl oder Wert sind nicht möglich (Ausnahme 3); dem Wechselrichter das Profil geben, das er erwartet, oder ihn auf diese Batterie einstellen',

  'for command {code}': 'Befehl {code}',
  'for function {code:number}': 'Funktion {code}',
  'for function {code:number} {first}': 'Funktion {code}, {first}',
  'for function {code:number} {first} to {last}': 'Funktion {code}, {first} bis {last}',
  'for coils': 'Coils',
  'for coils {first}': 'Coil {first}',
  'for coils {first} to {last}': 'Coils {first} bis {last}',
  'for discrete inputs': 'diskrete Eingänge',
  'for discrete inputs {first}': 'diskreter Eingang {first}',
  'for discrete inputs {first} to {last}': 'diskrete Eingänge {first} bis {last}',
  'for holding registers': 'Holding-Register',
  'for holding registers {first}': 'Holding-Register {first}',
  'for holding registers {first} to {last}': 'Holding-Register {first} bis {last}',
  'for input registers': 'Input-Register',
  'for input registers {first}': 'Input-Register {first}',
  'for input registers {first} to {last}': 'Input-Register {first} bis {last}',
  'to write coil': 'Coil schreiben',
  'to write coil {first}': 'Coil {first} schreiben',
  'to write coil {first} to {last}': 'Coil {first} bis {last} schreiben',
  'to write register': 'Register schreiben',
  'to write register {first}': 'Register {first} schreiben',
  'to write register {first} to {last}': 'Register {first} bis {last} schreiben',
  'to write coils': 'Coils schreiben',
  'to write coils {first}': 'Coils {first} schreiben',
  'to write coils {first} to {last}': 'Coils {first} bis {last} schreiben',
  'to write registers': 'Register schreiben',
  'to write registers {first}': 'Register {first} schreiben',
  'to write registers {first} to {last}': 'Register {first} bis {last} schreiben',
  'for its server id': 'Server-ID',
  'to change register': 'Register ändern',
  'to change register {first}': 'Register {first} ändern',
  'to change register {first} to {last}': 'Register {first} bis {last} ändern',
  'to write and read registers': 'Register schreiben und lesen',
  'to write and read registers {first}': 'Register {first} schreiben und lesen',
  'to write and read registers {first} to {last}': 'Register {first} bis {last} schreiben und lesen',
  'for its identification': 'Identifikation',
  'once so far': 'bisher einmal',
  '{n:number} times so far': 'bisher {n}-mal',
  'once a minute': 'einmal je Minute',
  '{n:number} times a minute': '{n}-mal je Minute',
  'and {n:number} more': 'und {n} weitere',
};
