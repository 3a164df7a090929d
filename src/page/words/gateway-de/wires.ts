// Was auf den Leitungen zu den Wechselrichtern geschieht (src/wires, src/can, src/model).
import type { Sayings } from '../gateway-said.ts';

export const wires: Sayings = {
  'inverter is served': 'Wechselrichter wird bedient',
  'inverter {inverter} is silent': 'Wechselrichter {inverter} meldet sich nicht mehr',
  'inverter {inverter} speaks, but asks for neither limits nor SoC: it is not told them':
    'Wechselrichter {inverter} sendet, fragt aber weder Grenzen noch SoC ab: Er bekommt sie nicht',
  'inverter {inverter} is heard': 'Wechselrichter {inverter} meldet sich',
  'inverter {inverter} is told nothing yet': 'Wechselrichter {inverter} bekommt noch keine Daten',
  'inverter {inverter} is answered with exception {code:number}':
    'Wechselrichter {inverter} bekommt als Antwort die Modbus-Ausnahme {code}',
  'inverter {inverter} is told nothing: {why:said}': 'Wechselrichter {inverter} bekommt keine Daten: {why}',
  'inverter {inverter} is told nothing: the bank does not have {names:names}, which profile {profile} requires':
    'Wechselrichter {inverter} bekommt keine Daten: Die Bank hat {names} nicht, Profil {profile} verlangt es',
  'never heard': 'noch nie Daten der Bank',
  lost: 'keine Daten der Bank',
  'out of date': 'Daten der Bank veraltet',
  'inverter sends a frame that is too short: it changes nothing':
    'Wechselrichter sendet ein zu kurzes Telegramm: Es ändert nichts',
  'inverter silent: it is told nothing until it is heard again':
    'Wechselrichter meldet sich nicht mehr: Er bekommt keine Daten, bis er sich wieder meldet',
  'talk with the inverter begins': 'der Dialog mit dem Wechselrichter beginnt',
  'talk with the inverter goes on': 'der Dialog mit dem Wechselrichter geht weiter',

  '{codec} open': '{codec} offen',
  '{codec} back': '{codec} wieder da',
  'CAN bus-off on {wire}: {why:why}': 'CAN-Bus-Off auf {wire}: {why}',
  'CAN no-ack on {wire}: {why:why}': 'CAN auf {wire} wird nicht quittiert: {why}',
  'CAN error-passive on {wire}: {why:why}': 'CAN auf {wire} error-passive: {why}',
  '{codec} unavailable on {wire}: {why:why}': '{codec} auf {wire} nicht verfügbar: {why}',
  'answer failed: {why:rest}': 'Antwort gescheitert: {why}',

  'the interface is down': 'die Schnittstelle ist abgeschaltet',
  'ip link set {name} up': 'ip link set {name} up',
  'ip link set {name} up type can bitrate 500000 restart-ms 100':
    'ip link set {name} up type can bitrate 500000 restart-ms 100',
  'there is no such interface': 'diese Schnittstelle gibt es nicht',
  'ip link add dev {name} type vcan && ip link set {again} up':
    'ip link add dev {name} type vcan && ip link set {again} up',
  'plug the adapter in or load its overlay (`ip -br link` lists what there is), then `{command:rest}`':
    'Adapter einstecken oder sein Overlay laden (`ip -br link` zeigt, was da ist), dann `{command}`',
  'this is not a CAN interface': 'das ist keine CAN-Schnittstelle',
  'name one that `ip -details link` shows as can or vcan':
    'eine angeben, die `ip -details link` als can oder vcan zeigt',
  'the controller is bus-off': 'der Controller ist im Bus-Off',
  'the controller is bus-off and never heard a frame: most likely the bit rate, or CAN_H and CAN_L swapped':
    'der Controller ist im Bus-Off und hat nie ein Telegramm gehört: wahrscheinlich falsche Bitrate, oder CAN_H und CAN_L vertauscht',
  'check wiring, termination and bit rate': 'Verdrahtung, Abschluss und Bitrate prüfen',
  'it restarts by itself after `{command:rest}`': 'er startet von selbst neu nach `{command}`',
  'nobody on the bus acknowledges': 'niemand auf dem Bus quittiert',
  'check that the inverter is on, the plug and pin-out, 120 ohm at both ends and the bit rate':
    'prüfen: Wechselrichter eingeschaltet, Stecker und Belegung, 120 Ohm an beiden Enden, Bitrate',
  'the controller counts many errors (error-passive)': 'der Controller zählt viele Fehler (error-passive)',
  'the controller counts many errors (error-passive) and never heard a frame: most likely the bit rate, or CAN_H and CAN_L swapped':
    'der Controller zählt viele Fehler (error-passive) und hat nie ein Telegramm gehört: wahrscheinlich falsche Bitrate, oder CAN_H und CAN_L vertauscht',
  'see `bmsgate doctor`': 'siehe `bmsgate doctor`',
  'the interface stopped': 'die Schnittstelle ist gestoppt',
  'the CAN driver `socketcan` is not built for this Node':
    'der CAN-Treiber `socketcan` ist nicht für dieses Node gebaut',
  'install python3, make and g++, then run `npm run postinstall`':
    'python3, make und g++ installieren, dann `npm run postinstall`',
  'it cannot be opened ({why:rest})': 'sie lässt sich nicht öffnen ({why})',
  'another bmsgate speaks on {wire}; stop it (`systemctl stop bmsgate`) or name another interface':
    'ein anderes bmsgate sendet auf {wire}; jenes beenden (`systemctl stop bmsgate`) oder eine andere Schnittstelle angeben',
  'run `modprobe can_raw`': '`modprobe can_raw` ausführen',

  'there is no such serial port': 'diesen seriellen Anschluss gibt es nicht',
  'plug the adapter in, or look for its name in /dev/serial/by-id':
    'Adapter einstecken, oder seinen Namen in /dev/serial/by-id suchen',
  'permission denied': 'Zugriff verweigert',
  'add the user to the group dialout: sudo usermod -aG dialout <user>':
    'den Benutzer in die Gruppe dialout aufnehmen: sudo usermod -aG dialout <user>',
  'another program holds the port': 'ein anderes Programm hat den Anschluss',
  'stop that program (sudo fuser -v shows it)': 'dieses Programm beenden (sudo fuser -v zeigt es)',
  'this is not a serial port': 'das ist kein serieller Anschluss',
  'name the adapter under /dev/serial/by-id': 'den Adapter unter /dev/serial/by-id angeben',
  'the adapter was unplugged': 'der Adapter wurde abgezogen',
  'plug it in again': 'wieder einstecken',
  'it is reopened by itself': 'er wird von selbst wieder geöffnet',
  'look at the kernel log (dmesg) for the reason': 'den Grund zeigt das Kernel-Log (dmesg)',
  'serial lines need Linux': 'serielle Leitungen brauchen Linux',
  'hung up': 'aufgelegt',
  '{key} {port}: {why:said}': '{key} {port}: {why}',
  'correct {key}:': '{key} berichtigen:',
  'the port is in use': 'der Port ist belegt',
  'stop the other program (sudo ss -ltnp shows it) or choose another port':
    'das andere Programm beenden (sudo ss -ltnp zeigt es) oder einen anderen Port wählen',
  'choose a port above 1023, or allow it with AmbientCapabilities=CAP_NET_BIND_SERVICE':
    'einen Port über 1023 wählen, oder ihn mit AmbientCapabilities=CAP_NET_BIND_SERVICE erlauben',
  'this machine does not have that address': 'diese Adresse hat das Gerät nicht',
  'listen on 0.0.0.0 or one of its addresses': '0.0.0.0 oder eine seiner Adressen angeben',

  '{n:number} of {all:number} frames on {wire} in the last minute were damaged; check A/B, bias, termination and baud':
    '{n} von {all} Telegrammen auf {wire} waren in der letzten Minute beschädigt; A/B, Bias-Widerstände, Abschluss und Baudrate prüfen',
  'no frame on {wire} was damaged for a minute': 'auf {wire} war eine Minute lang kein Telegramm beschädigt',
  'nothing on {wire} is a frame: {n:number} bytes in the last minute and no request; check baud, parity, A/B and which protocol the inverter is set to':
    'nichts auf {wire} ist ein Telegramm: {n} Bytes in der letzten Minute und keine Anfrage; Baudrate, Parität, A/B und das am Wechselrichter eingestellte Protokoll prüfen',
  '{wire} is not only noise any more': 'auf {wire} ist nicht mehr nur Rauschen',
  '{wire} has been silent for a minute': 'auf {wire} ist es seit einer Minute still',
  '{n:number} of {all:number} answers on {wire} in the last minute were late or not sent; see what else this machine does (`top`), and that the master waits before it asks again':
    '{n} von {all} Antworten auf {wire} kamen in der letzten Minute zu spät oder gar nicht; nachsehen, was das Gerät sonst tut (`top`), und ob der Master wartet, bevor er wieder fragt',
  'answers on {wire} were in time for a minute': 'Antworten auf {wire} waren eine Minute lang pünktlich',
  '{n:number} of {all:number} beats on {wire} in the last minute left more than {late:number} ms late; see what else this machine does (`top`)':
    '{n} von {all} Sendungen auf {wire} gingen in der letzten Minute mehr als {late} ms zu spät hinaus; nachsehen, was das Gerät sonst tut (`top`)',
  'beats on {wire} were in time for a minute': 'Sendungen auf {wire} waren eine Minute lang pünktlich',

  'profile is taken: {changes:rest}': 'Profil ist übernommen; es ändert: {changes}',
  'profile is taken: not known, the bank cannot be told yet':
    'Profil ist übernommen; was es ändert, ist nicht bekannt: Es gibt noch keine Daten der Bank',
  'profile is taken: -': 'Profil ist übernommen; auf der Leitung ändert es nichts',
  'profile is refused, the one in force goes on: {why:why}':
    'Profil ist abgelehnt, das bisherige gilt weiter: {why}',
  'profile is dropped, the last good one is back: {why:why}':
    'Profil ist verworfen, das letzte gültige gilt wieder: {why}',
  'it requires {missing:names}, which the bank does not have': 'es verlangt {missing}, die Bank hat es nicht',
  'it cannot be encoded: {why:rest}': 'es lässt sich nicht kodieren: {why}',
};
