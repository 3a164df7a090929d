// Was die Bank und ihre Batterien von sich sagen (src/bank, src/events).
import type { Sayings } from '../gateway-said.ts';

export const bank: Sayings = {
  'bank not complete: inverters are told nothing':
    'Bank noch nicht vollständig: Wechselrichter bekommen keine Daten',
  'bank late: limits may only fall': 'Daten der Bank verspätet: Grenzen dürfen nur sinken',
  'bank stale: inverters are told so, limits fall to zero':
    'Daten der Bank veraltet: Wechselrichter erfahren es, die Grenzen gehen auf null',
  'bank lost: inverters are told what their profile says':
    'keine Daten der Bank: Wechselrichter bekommen, was ihr Profil für diesen Fall vorsieht',
  'bank fresh': 'Daten der Bank wieder aktuell',

  'battery {battery} not heard yet': 'Batterie {battery} hat sich noch nicht gemeldet',
  'battery {battery} not heard yet: last heard {age:number} s ago':
    'Batterie {battery} hat sich noch nicht gemeldet: letzte Daten vor {age} s',
  'battery {battery} late': 'Daten von Batterie {battery} verspätet',
  'battery {battery} late: last heard {age:number} s ago':
    'Daten von Batterie {battery} verspätet: zuletzt vor {age} s',
  'battery {battery} stale': 'Daten von Batterie {battery} veraltet',
  'battery {battery} stale: last heard {age:number} s ago':
    'Daten von Batterie {battery} veraltet: zuletzt vor {age} s',
  'battery {battery} lost': 'keine Daten von Batterie {battery}',
  'battery {battery} lost: last heard {age:number} s ago':
    'keine Daten von Batterie {battery}: zuletzt vor {age} s',
  'battery {battery} does not count: {why:said}': 'Batterie {battery} zählt nicht: {why}',

  '{sort:said}: {alarm:alarm}': '{sort}: {alarm}',
  '{sort:said}: {alarm:alarm}, {value:measure}': '{sort}: {alarm}, {value}',
  '{sort:said}: {alarm:alarm} of battery {battery}': '{sort}: {alarm}, Batterie {battery}',
  '{sort:said}: {alarm:alarm} of battery {battery}, {value:measure}':
    '{sort}: {alarm}, Batterie {battery}, {value}',
  '{sort:said}: {alarm:alarm} of batteries {batteries:names}': '{sort}: {alarm}, Batterien {batteries}',
  '{sort:said}: {alarm:alarm} of batteries {batteries:measured}': '{sort}: {alarm}, Batterien {batteries}',
  protection: 'Schutzabschaltung',
  warning: 'Warnung',

  'charging blocked': 'Laden gesperrt',
  'discharging blocked': 'Entladen gesperrt',
  'charging blocked: {reason:reason}': 'Laden gesperrt: {reason}',
  'discharging blocked: {reason:reason}': 'Entladen gesperrt: {reason}',
  'charge current limit {value:number} A: {reason:reason}': 'Ladestromgrenze {value} A: {reason}',
  'discharge current limit {value:number} A: {reason:reason}': 'Entladestromgrenze {value} A: {reason}',
  'charge voltage limit {value:number} V: {reason:reason}': 'Ladespannungsgrenze {value} V: {reason}',
  'discharge voltage limit {value:number} V: {reason:reason}': 'Entladespannungsgrenze {value} V: {reason}',

  'inverter {inverter} charges with {sensed:number} A by its own measure, and is told {limit:number} A at most':
    'Wechselrichter {inverter} lädt nach eigener Messung mit {sensed} A, vorgegeben sind höchstens {limit} A',
  'inverter {inverter} discharges with {sensed:number} A by its own measure, and is told {limit:number} A at most':
    'Wechselrichter {inverter} entlädt nach eigener Messung mit {sensed} A, vorgegeben sind höchstens {limit} A',
  'it comes and goes': 'es kommt und geht',
  'not seen again since the gateway was started': 'seit dem Start des Gateways nicht mehr gesehen',

  // Hinweise der Bank.
  'parallel_voltage_spread: {batteries:names} stand further apart than one bus allows; check cables and fuses':
    'parallel_voltage_spread: {batteries} liegen weiter auseinander, als eine gemeinsame Sammelschiene zulässt; Leitungen und Sicherungen prüfen',
  'sign_suspect: the string of {battery} has run against the others for 10 min; check its shunt':
    'sign_suspect: Der Strom im Strang von {battery} läuft seit 10 min gegen die anderen; seinen Shunt prüfen',
  'the string of {battery} came back at another voltage: limits are cut until it has settled':
    'der Strang von {battery} kam mit anderer Spannung zurück: Die Grenzen sind gesenkt, bis er sich angeglichen hat',
  'the string of {battery} was last seen at another voltage: do not connect it by hand':
    'der Strang von {battery} hatte zuletzt eine andere Spannung: nicht von Hand zuschalten',
  'balance_timeout: absorption did not end within 4 h; check the cells':
    'balance_timeout: Die Absorption endete nicht innerhalb von 4 h; Zellen prüfen',
  'the shunt does not speak: the current is the sum of the packs':
    'der Shunt meldet nichts: Als Strom gilt die Summe der Batterien',
  '{battery} reports a {name} that cannot be believed; it is left out':
    '{battery} meldet für {name} einen unplausiblen Wert; er bleibt außen vor',
  'the values of {battery} have not moved for {n:number} min or more':
    'die Werte von {battery} bewegen sich seit mindestens {n} min nicht',
  'the limit of {battery} is a guess; set `{key}` of this battery':
    'die Grenze von {battery} ist geschätzt; für diese Batterie `{key}` setzen',

  // Warum eine Batterie nicht zählt.
  '{battery} is frozen: its values stand still while another instrument sees a current more than {n:number} A away':
    '{battery} steht: Die Werte bewegen sich nicht, während ein anderes Messgerät einen Strom sieht, der um mehr als {n} A abweicht',
  '{battery} is frozen: at {current:number} A or more no voltage and no charge has moved for {n:number} min':
    '{battery} steht: Bei {current} A oder mehr hat sich seit {n} min weder Spannung noch Ladung bewegt',
  '{battery} tells neither current nor SoC, so the bank cannot count it; name a BMS that does in its place':
    '{battery} meldet weder Strom noch SoC, darum kann die Bank nicht mit ihr rechnen; an ihrer Stelle ein BMS angeben, das beides meldet',
  '{battery} tells no current, so the bank cannot count it; name a BMS that does in its place':
    '{battery} meldet keinen Strom, darum kann die Bank nicht mit ihr rechnen; an ihrer Stelle ein BMS angeben, das ihn meldet',
  '{battery} tells no SoC, so the bank cannot count it; name a BMS that does in its place':
    '{battery} meldet keinen SoC, darum kann die Bank nicht mit ihr rechnen; an ihrer Stelle ein BMS angeben, das ihn meldet',
  '{battery} does not report {lacking:listed} that can be believed':
    '{battery} meldet keine plausiblen Werte für: {lacking}',
  'connect a sensor, or set `temperature: none` for this battery if it has none':
    'einen Fühler anschließen, oder für diese Batterie `temperature: none` setzen, falls sie keinen hat',
  voltage: 'Spannung',
  current: 'Strom',
  SoC: 'SoC',
  'cell voltages': 'Zellspannungen',
  'cell temperature': 'Zelltemperatur',
  "{battery} reports {cells:number} cells, {configured:number} are configured: output stops; correct `cells` or the battery's address":
    '{battery} meldet {cells} Zellen, eingestellt sind {configured}: Die Ausgabe ist gestoppt; `cells` oder die Adresse der Batterie berichtigen',
};
