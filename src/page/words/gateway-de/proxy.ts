// Was ein Bluetooth-Proxy (ESPHome) von sich sagt (src/ble/esphome*.ts).
import type { Sayings } from '../gateway-said.ts';

export const proxy: Sayings = {
  'Bluetooth proxy {at}: {why:why}': 'Bluetooth-Proxy {at}: {why}',
  'nothing listens on that port': 'auf diesem Port antwortet niemand',
  'look whether its YAML has `api:` and whether this is the address of the ESP32':
    'nachsehen, ob sein YAML `api:` hat und ob das die Adresse des ESP32 ist',
  'that name is not known in this network': 'dieser Name ist im Netz nicht bekannt',
  'give the ESP32 a fixed IP address and name that one':
    'dem ESP32 eine feste IP-Adresse geben und diese eintragen',
  'it does not answer': 'er antwortet nicht',
  'look whether the ESP32 has power and is in the same network':
    'nachsehen, ob der ESP32 Strom hat und im selben Netz ist',
  'it closed the connection': 'er hat die Verbindung beendet',
  'it is opened again by itself': 'sie wird von selbst wieder geöffnet',
  'if that goes on, look at the log of the ESP32': 'hält das an: ins Log des ESP32 sehen',
  'look at the log of the ESP32 for the reason': 'den Grund zeigt das Log des ESP32',
  'we closed the connection': 'wir haben die Verbindung beendet',
  'the proxy gave it up': 'der Proxy hat es aufgegeben',
  'all {n:number} connections of the proxy are taken; raise `connection_slots` in its YAML or add a second proxy':
    'alle {n} Verbindungen des Proxys sind belegt; `connection_slots` in seinem YAML erhöhen oder einen zweiten Proxy dazunehmen',
  "copy the key from the proxy's YAML (`api: encryption: key:`) into its `key_file`":
    'den Schlüssel aus dem YAML des Proxys (`api: encryption: key:`) in seine `key_file` kopieren',
  'look whether this address is an ESPHome device with `api:` in its YAML':
    'nachsehen, ob an dieser Adresse ein ESPHome-Gerät mit `api:` im YAML ist',
  'it wants its encryption key': 'er verlangt seinen Schlüssel',
  'it does not speak the ESPHome API': 'er spricht die ESPHome-API nicht',
  'what it sends is no ESPHome message': 'was er sendet, ist keine ESPHome-Nachricht',
  'it has no encryption key, but its `key_file` is configured':
    'er hat keinen Schlüssel, aber seine `key_file` ist eingestellt',
  "add `api: encryption: key:` to the proxy's YAML, or take `key_file` away":
    '`api: encryption: key:` ins YAML des Proxys eintragen, oder `key_file` weglassen',
  'the encryption key is wrong': 'der Schlüssel ist falsch',
  'a message was damaged on the way': 'eine Nachricht wurde unterwegs beschädigt',
  'it wants another encryption': 'er verlangt eine andere Verschlüsselung',
  'its `key_file` holds no encryption key (32 bytes in base64)':
    'seine `key_file` enthält keinen Schlüssel (32 Bytes in Base64)',
  'its message {id:number} cannot be read': 'seine Nachricht {id} ist nicht lesbar',
  'update bmsgate, or the firmware of the ESP32': 'bmsgate oder die Firmware des ESP32 aktualisieren',
  'update bmsgate': 'bmsgate aktualisieren',

  'the link was closed': 'die Verbindung wurde beendet',
  'the proxy closed the link': 'der Proxy hat die Verbindung beendet',
  'the attempt was cancelled': 'der Versuch wurde abgebrochen',
  'the proxy has no link to it any more': 'der Proxy hat keine Verbindung mehr zu ihr',
  'reading is not permitted': 'Lesen ist nicht erlaubt',
  'writing is not permitted': 'Schreiben ist nicht erlaubt',
  'it wants to be paired': 'sie verlangt eine Kopplung',
  'it does not support that': 'das unterstützt sie nicht',
  'it does not take that many bytes': 'so viele Bytes nimmt sie nicht',
  'it wants an encrypted link': 'sie verlangt eine verschlüsselte Verbindung',
  'the link was lost (the proxy gives reason {reason:rest})':
    'Verbindung verloren (der Proxy nennt Grund {reason})',
  'it refused (error {error:number})': 'abgelehnt (Fehler {error})',

  'it speaks version {version} of its API, not {ours}':
    'er spricht Version {version} seiner API, nicht {ours}',
  'it wants a password': 'er verlangt ein Passwort',
  'give its YAML `api: encryption: key:` in place of `password:`':
    'in seinem YAML `password:` durch `api: encryption: key:` ersetzen',
  'it is an ESPHome device without a Bluetooth proxy': 'ein ESPHome-Gerät ohne Bluetooth-Proxy',
  'add `bluetooth_proxy: active: true` to its YAML': '`bluetooth_proxy: active: true` in sein YAML eintragen',
  'it only listens and makes no connections': 'er hört nur zu und verbindet nicht',
  'set `bluetooth_proxy: active: true` in its YAML': 'in seinem YAML `bluetooth_proxy: active: true` setzen',
  'its firmware is too old': 'seine Firmware ist zu alt',
  'install it anew with ESPHome 2023.7 or newer': 'mit ESPHome 2023.7 oder neuer neu aufspielen',
  'it serves another program already': 'er bedient schon ein anderes Programm',
  'take this proxy out of that program (Home Assistant, or a second gateway): a proxy has one client':
    'den Proxy aus jenem Programm (Home Assistant oder ein zweites Gateway) entfernen: Er bedient nur eines',
  'it has been silent for {n:number} s after a ping': 'seit {n} s keine Antwort auf einen Ping',
  'look whether the ESP32 has power and a good Wi-Fi signal':
    'nachsehen, ob der ESP32 Strom und gutes WLAN hat',
  'it took its leave, as it does before a restart': 'er hat sich abgemeldet, wie vor einem Neustart',
  'it has passed on nothing for {n:number} s': 'seit {n} s hat er nichts weitergegeben',
  'take this proxy out of any other program (Home Assistant, or a second gateway): a proxy has one client':
    'den Proxy aus jedem anderen Programm (Home Assistant oder ein zweites Gateway) entfernen: Er bedient nur eines',
};
