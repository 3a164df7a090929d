// Was an Antworten einer Batterie nicht stimmt (src/bms).
import type { Sayings } from '../gateway-said.ts';

export const bms: Sayings = {
  '{value:number} {unit:rest} cannot be': '{value} {unit} kann nicht sein',
  'cell {cell:number} cannot have {value:number} V': 'Zelle {cell} kann keine {value} V haben',
  'cell {cell:number} reads 0 V': 'Zelle {cell} zeigt 0 V',
  'the pack reads {pack:number} V, its cells add up to {sum:number} V':
    'die Batterie zeigt {pack} V, ihre Zellen ergeben zusammen {sum} V',
  '{n:number} bytes belong to no intact frame': '{n} Bytes gehören zu keinem unbeschädigten Telegramm',
  'not understood: {why:why}': 'nicht verstanden: {why}',
  'unit {unit:number} answers while unit {asked:number} is asked':
    'Gerät {unit} antwortet, gefragt ist Gerät {asked}',
  'answers {answers:rest} while {asked:rest} is asked': 'antwortet mit {answers}, gefragt ist {asked}',
  'answers function {function} while {asked} is asked':
    'antwortet mit Funktion {function}, gefragt ist {asked}',
  'answers with {n:number} data bytes while {wanted:number} are asked':
    'antwortet mit {n} Datenbytes, gefragt sind {wanted}',
  'answers {n:number} data bytes while {wanted:number} from {register:rest} are asked':
    'antwortet mit {n} Datenbytes, gefragt sind {wanted} ab {register}',
  'answers another question than is asked': 'antwortet auf eine andere Frage',
  '{n:number} data bytes are no answer we know': '{n} Datenbytes sind keine bekannte Antwort',
  '{n:number} data bytes of unit {unit:number} are no answer we know':
    '{n} Datenbytes von Gerät {unit} sind keine bekannte Antwort',
  '{n:number} words from {register:rest} are no answer we know':
    '{n} Worte ab {register} sind keine bekannte Antwort',
  '{register:rest} with status {status:number} is no answer we know':
    '{register} mit Status {status} ist keine bekannte Antwort',
  '{command} is no answer we know': '{command} ist keine bekannte Antwort',
  'command 0x{command} is no answer we know': 'Befehl 0x{command} ist keine bekannte Antwort',
  '{register:rest} cannot have {n:number} data bytes': '{register} kann keine {n} Datenbytes haben',
  '{register:rest} refused: {why:said}': '{register} abgelehnt: {why}',
  'frame {n:number} of 0x{command} came while frame {due:number} was due':
    'Telegramm {n} von 0x{command} kam, als Telegramm {due} an der Reihe war',
  'unit {unit:number} refused: {why:said}': 'Gerät {unit} hat abgelehnt: {why}',
  'the write was refused: {why:said}': 'der Schreibzugriff wurde abgelehnt: {why}',
  'the read was refused: {why:said}': 'der Lesezugriff wurde abgelehnt: {why}',
  'the echo is not what was written': 'das Echo ist nicht, was geschrieben wurde',
  'unknown function': 'unbekannte Funktion',
  'unknown register': 'unbekanntes Register',
  'wrong count': 'falsche Anzahl',
  'its own failure': 'eigener Fehler',
  'needs time': 'braucht Zeit',
  busy: 'beschäftigt',
  'no way to it': 'kein Weg dorthin',
  'the unit behind it is silent': 'das Gerät dahinter schweigt',
  'Modbus exception {code:number}': 'Modbus-Ausnahme {code}',
  'not allowed': 'nicht erlaubt',
  'checksum of the request is wrong': 'Prüfsumme der Anfrage falsch',
  'wrong password': 'falsches Passwort',
  'a status of {n:number} bytes cannot have {cells:number} cells and {sensors:number} sensors':
    'ein Status von {n} Bytes kann nicht {cells} Zellen und {sensors} Fühler haben',
  'a status cannot have {n:number} bytes': 'ein Status kann keine {n} Bytes haben',
  'a status without a cell cannot be': 'einen Status ohne Zelle kann es nicht geben',
  'an A5 board cannot have {cells:number} cells': 'ein A5-BMS kann keine {cells} Zellen haben',
  'a D2 board cannot have {cells:number} cells': 'ein D2-BMS kann keine {cells} Zellen haben',
  'a P81 board cannot have {cells:number} cells': 'ein P81-BMS kann keine {cells} Zellen haben',
  'cells came before their number was told (0x94)': 'Zellen kamen, bevor ihre Anzahl gemeldet war (0x94)',
  'temperatures came before their number was told (0x94)':
    'Temperaturen kamen, bevor ihre Anzahl gemeldet war (0x94)',
  'a frame from {sender} is no answer of the battery':
    'ein Telegramm von {sender} ist keine Antwort der Batterie',
  'a {part} frame of {n:number} data bytes does not hold':
    'ein {part}-Telegramm mit {n} Datenbytes stimmt nicht',
  'the {part} answer names no possible number of cells': 'die Antwort {part} nennt keine mögliche Zellenzahl',
  'unit {unit:number} has not told its number of cells':
    'Gerät {unit} hat seine Zellenzahl noch nicht gemeldet',
  'unit {unit:number} tells no possible number of cells': 'Gerät {unit} meldet keine mögliche Zellenzahl',
  'a request, not an answer': 'eine Frage, keine Antwort',
  'answers no request of this dialect': 'antwortet auf keine Frage dieses Dialekts',
  'frame type {type} is no answer to device info': 'Telegrammtyp {type} ist keine Antwort auf die Geräteinfo',
  'frame type {type} is no answer to what is asked': 'Telegrammtyp {type} ist keine Antwort auf die Frage',
  'cells, their mean and the voltage of the pack agree in none of the layouts 24S, 32S and JK04':
    'Zellen, ihr Mittel und die Spannung der Batterie passen in keiner der Anordnungen 24S, 32S und JK04 zusammen',
  'the unit does not take the app key; it is of a kind we do not know':
    'das Gerät nimmt den App-Schlüssel nicht; seine Art ist nicht bekannt',
  'the password is wrong; correct the battery’s `password_file` (six digits, as in the app)':
    'das Passwort ist falsch; `password_file` der Batterie berichtigen (sechs Ziffern, wie in der App)',
  'the unit took the password and not the second key; it is of a kind we do not know':
    'das Gerät nahm das Passwort, aber nicht den zweiten Schlüssel; seine Art ist nicht bekannt',
  '{n:number} batteries take turns on {slots:number} links of {radio}; what is known of each is at most {age:number} s old':
    '{n} Batterien teilen sich {slots} Verbindungen von {radio}; was von jeder bekannt ist, ist höchstens {age} s alt',
};
