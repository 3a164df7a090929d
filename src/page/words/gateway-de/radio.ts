// Was mit dem Funk und den Verbindungen zu den Batterien geschieht (src/ble, src/wires/reports.ts).
import type { Sayings } from '../gateway-said.ts';

const recoveries: Sayings = {
  'recovery: {rung:said} tried for {battery}': 'Abhilfe für {battery} versucht: {rung}',
  'recovery: {rung:said} helped for {battery}': 'Abhilfe für {battery} hat geholfen: {rung}',
  'recovery: {rung:said} did not help for {battery}': 'Abhilfe für {battery} hat nicht geholfen: {rung}',
  'recovery: {rung:said} not possible for {battery}': 'Abhilfe für {battery} nicht möglich: {rung}',
  'recovery: {rung:said} tried for {battery}: {why:why}': 'Abhilfe für {battery} versucht: {rung}; {why}',
  'recovery: {rung:said} did not help for {battery}: {why:why}':
    'Abhilfe für {battery} hat nicht geholfen: {rung}; {why}',
  'recovery: {rung:said} not possible for {battery}: {why:why}':
    'Abhilfe für {battery} nicht möglich: {rung}; {why}',
  disconnect: 'neu verbinden',
  forget: 'Gerät vergessen',
  'power cycle': 'Adapter aus- und einschalten',
  restart: 'Funk neu starten',
  'stand-in': 'Ersatzadapter',
  '{radio} was away for {n:number} s': '{radio} war {n} s lang weg',
  'all its batteries are now on {adapter} and stay there until the next start':
    'alle Batterien laufen jetzt über {adapter} und bleiben dort bis zum nächsten Start',
  'see what `bmsgate doctor` says of {radio}': 'siehe, was `bmsgate doctor` zu {radio} sagt',
  'this radio remembers nothing of a unit': 'dieser Funk merkt sich nichts von einem Gerät',
  'this radio cannot be switched off and on from here':
    'dieser Funk lässt sich von hier aus nicht aus- und einschalten',
  '{battery} is on the air but cannot be read any more':
    '{battery} ist zu hören, lässt sich aber nicht mehr auslesen',
  'radio {radio} off': 'Funk {radio} ist aus',
  'radio {radio} missing': 'Funk {radio} fehlt',
  'radio {radio} off: {why:why}': 'Funk {radio} ist aus: {why}',
  'radio {radio} missing: {why:why}': 'Funk {radio} fehlt: {why}',
  'install it with `apt-get install bluez`': 'mit `apt-get install bluez` installieren',
  'give the service AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN, or use `bluetooth: { radio: bluez }`':
    'dem Dienst AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN geben, oder `bluetooth: { radio: bluez }` verwenden',
};

/** Was einer Verbindung geschah. */
const links: Sayings = {
  '{address}: connect failed: {why:why}': '{address}: Verbinden gescheitert: {why}',
  '{address}: discover failed: {why:why}': '{address}: Erkunden der Dienste gescheitert: {why}',
  '{address}: subscribe failed: {why:why}': '{address}: Abonnieren gescheitert: {why}',
  '{address}: write failed: {why:why}': '{address}: Schreiben gescheitert: {why}',
  '{address}: login failed: {why:why}': '{address}: Anmelden gescheitert: {why}',
  '{address}: forget failed: {why:why}': '{address}: Vergessen gescheitert: {why}',
  '{address}: scan failed: {why:why}': '{address}: Suche gescheitert: {why}',
  '{address}: power cycle failed: {why:why}': '{address}: Aus- und Einschalten gescheitert: {why}',
  'is it a BMS? look with `bmsgate inspect {address}`':
    'ist es ein BMS? nachsehen mit `bmsgate inspect {address}`',
  'not heard for {n:number} s: out of reach, off, or in use by a phone':
    'seit {n} s nicht gehört: außer Reichweite, aus, oder mit einem Handy verbunden',
  'no link within {n:number} s, and another unit waits':
    'keine Verbindung innerhalb von {n} s, und ein anderes Gerät wartet',
  'no complete answer for {n:number} s': 'seit {n} s keine vollständige Antwort',
  'it has no characteristics of {driver:rest}': 'es hat keine GATT-Merkmale von {driver}',
  'it answers no question of {driver:rest}': 'es beantwortet keine Frage von {driver}',
  'given back': 'zurückgegeben',
  'let go': 'losgelassen',
  'to be read again': 'wird wieder ausgelesen',
  'closed to try anew': 'geschlossen für einen neuen Versuch',
  'the battery is not connected': 'die Batterie ist nicht verbunden',
  'the adapter was away for {n:number} s': 'der Adapter war {n} s lang weg',
  'it did not end within {n:number} s': 'sie endete nicht innerhalb von {n} s',
  'no answer within {n:number} s': 'keine Antwort innerhalb von {n} s',
  'it was not heard on the air yet': 'es war noch nicht zu hören',
  'it was not heard: out of reach, off, or in use by a phone; close the app of its maker and go nearer':
    'nicht zu hören: außer Reichweite, aus, oder mit einem Handy verbunden; die Hersteller-App schließen und näher herangehen',
  'the link was lost: out of reach, or the battery closed it':
    'Verbindung verloren: außer Reichweite, oder die Batterie hat sie beendet',
  'the link was lost as soon as it was made': 'die Verbindung riss gleich nach dem Aufbau ab',
  'we closed the link': 'wir haben die Verbindung beendet',
  'we closed the line': 'wir haben die Leitung geschlossen',
  'it is opened at the next start': 'sie wird beim nächsten Start geöffnet',
  'out of reach (supervision time-out)': 'außer Reichweite (Zeitüberschreitung der Verbindung)',
  'the battery closed the link': 'die Batterie hat die Verbindung beendet',
  'the link could not be established': 'die Verbindung kam nicht zustande',
  'the link was lost (no reason given)': 'Verbindung verloren (kein Grund genannt)',
  'the link was lost ({reason:rest})': 'Verbindung verloren ({reason})',
  '{characteristic:rest} was not discovered': '{characteristic} wurde nicht gefunden',
  '{characteristic} is there twice, and only `radio: bluez` hears the first':
    '{characteristic} gibt es zweimal, und nur `radio: bluez` hört das erste',
  'no unit of {path} has it': 'kein Gerät an {path} hat sie',
  '{characteristic} was not answered': '{characteristic} blieb ohne Antwort',
  'the battery did not answer': 'die Batterie hat nicht geantwortet',
  'end of scan': 'Ende der Suche',
  'it is not open': 'nicht offen',
  'it was closed': 'geschlossen',
};

/** Was einem Adapter oder BlueZ fehlt. */
const adapters: Sayings = {
  '{port}: {why:said}': '{port}: {why}',
  'bluetoothd does not run': 'bluetoothd läuft nicht',
  'start it with `systemctl enable --now bluetooth`': 'starten mit `systemctl enable --now bluetooth`',
  'the D-Bus system bus is not there': 'den D-Bus-Systembus gibt es nicht',
  'the D-Bus system bus is not there ({why:rest})': 'den D-Bus-Systembus gibt es nicht ({why})',
  'the D-Bus system bus is gone': 'der D-Bus-Systembus ist weg',
  'install the packages dbus and bluez and start them with `systemctl enable --now dbus bluetooth`':
    'die Pakete dbus und bluez installieren und mit `systemctl enable --now dbus bluetooth` starten',
  'add it to the group bluetooth with `usermod -aG bluetooth USER`':
    'ihn mit `usermod -aG bluetooth USER` in die Gruppe bluetooth aufnehmen',
  'the adapter is off': 'der Adapter ist aus',
  'switch it on with `rfkill unblock bluetooth` and `bluetoothctl power on`':
    'einschalten mit `rfkill unblock bluetooth` und `bluetoothctl power on`',
  'use {others:names} (bluetooth.adapter), or plug it in':
    '{others} verwenden (bluetooth.adapter), oder ihn einstecken',
  'plug one in': 'einen einstecken',
  'there is no such adapter': 'diesen Adapter gibt es nicht',
  'the adapter is not open': 'der Adapter ist nicht offen',
  'the radio was closed': 'der Funk wurde geschlossen',
  'BlueZ has removed it from its list': 'BlueZ hat es aus seiner Liste entfernt',
  'the passkey was refused; correct passkey_file of this battery':
    'der Passkey wurde abgelehnt; passkey_file dieser Batterie berichtigen',
  'the battery refused to be paired with; end its pairing with other devices':
    'die Batterie lässt sich nicht koppeln; ihre Kopplung mit anderen Geräten beenden',
  'the battery broke the pairing off; correct passkey_file of this battery':
    'die Batterie hat die Kopplung abgebrochen; passkey_file dieser Batterie berichtigen',
  'the pairing came to no end in its time; bring the adapter nearer to the battery':
    'die Kopplung wurde nicht rechtzeitig fertig; den Adapter näher an die Batterie bringen',
  'this user may not use BlueZ': 'dieser Benutzer darf BlueZ nicht verwenden',
  'BlueZ no longer knows it': 'BlueZ kennt es nicht mehr',
  'bluetoothd ended before it answered': 'bluetoothd endete, bevor es antwortete',
  'the battery wants to be paired with; give its passkey_file':
    'die Batterie verlangt eine Kopplung; ihre passkey_file angeben',
  '"{adapter}" is no adapter: name one as hci0, hci1, …':
    '„{adapter}“ ist kein Adapter: einen angeben wie hci0, hci1, …',
  'this kernel has no Bluetooth': 'dieser Kernel hat kein Bluetooth',
  'load it with `modprobe bluetooth btusb`, or run on a machine with Bluetooth':
    'mit `modprobe bluetooth btusb` laden, oder ein Gerät mit Bluetooth verwenden',
  'Bluetooth is not permitted to this user': 'dieser Benutzer darf Bluetooth nicht verwenden',
  'run as root, or give the service AmbientCapabilities=CAP_NET_RAW':
    'als root starten, oder dem Dienst AmbientCapabilities=CAP_NET_RAW geben',
  'the HCI user channel is not permitted to this user':
    'dieser Benutzer darf den HCI-User-Channel nicht verwenden',
  'give the service AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN, or use `bluetooth: { radio: hci }`':
    'dem Dienst AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN geben, oder `bluetooth: { radio: hci }` verwenden',
  'somebody else holds the adapter; the HCI user channel wants it down and to itself':
    'ein anderes Programm hat den Adapter; der HCI-User-Channel braucht ihn abgeschaltet und für sich allein',
  'stop bluetoothd (`systemctl disable --now bluetooth`) and take it down with `hciconfig {adapter} down`':
    'bluetoothd beenden (`systemctl disable --now bluetooth`) und ihn mit `hciconfig {adapter} down` abschalten',
  'the native part of @{stack}/noble is not built for this Node':
    'der native Teil von @{stack}/noble ist nicht für dieses Node gebaut',
  'run `npm run postinstall`, or choose the other bluetooth.stack':
    '`npm run postinstall` ausführen, oder den anderen bluetooth.stack wählen',
  'run `bmsgate doctor`': '`bmsgate doctor` ausführen',
  'the HCI user channel needs `bluetooth: { stack: stoprocent }`':
    'der HCI-User-Channel braucht `bluetooth: { stack: stoprocent }`',
};

export const radio: Sayings = { ...recoveries, ...links, ...adapters };
