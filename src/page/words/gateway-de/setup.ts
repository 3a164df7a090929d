// Was die Selbstprüfung der Ersteinrichtung findet (src/firststart, src/commands/doctor).
import type { Sayings } from '../gateway-said.ts';

const judged: Sayings = {
  'gateway file': 'Gateway-Datei',
  'self-test': 'Selbstprüfung',
  clock: 'Uhr',
  disk: 'Datenträger',
  'battery {battery}': 'Batterie {battery}',
  'passes its check; every profile proves its own examples':
    'ist in Ordnung; jedes Profil besteht seine eigenen Beispiele',
  'the gateway file can be written': 'die Gateway-Datei kann geschrieben werden',
  'may not be written': 'darf nicht beschrieben werden',
  'sudo chown $USER {folder}, or start the setup with sudo':
    'sudo chown $USER {folder}, oder die Einrichtung mit sudo starten',
  'is free for Modbus TCP': 'ist frei für Modbus TCP',
  'cannot be listened at': 'lässt sich nicht öffnen',
  '`ss -ltnp sport = :{port:number}` shows who listens there; stop it, or take another port':
    '`ss -ltnp sport = :{port}` zeigt, wer dort lauscht; beenden, oder einen anderen Port nehmen',
  'switch it on, go nearer, close the app of its maker (one client at a time), then test again':
    'einschalten, näher herangehen, die Hersteller-App schließen (es geht nur eine Verbindung), dann erneut prüfen',
  'does not answer': 'antwortet nicht',
  'reports {cells:number} cells, {written:number} are written':
    'meldet {cells} Zellen, angegeben sind {written}',
  'go back to the batteries and correct the number of cells':
    'zurück zu den Batterien und die Zellenzahl berichtigen',
  'answers: {cells:number} cells, {volts:unknown} V, {soc:unknown} %':
    'antwortet: {cells} Zellen, {volts} V, {soc} %',
  'the radio process ended ({why:rest}); try again': 'der Funkprozess endete ({why}); erneut versuchen',
  '{radio} is {state:state}': '{radio} ist {state}',
  'this MQTT broker lets the gateway in': 'dieser MQTT-Broker lässt das Gateway herein',
  'nobody waited for it any more': 'niemand wartete mehr darauf',
};

const machine: Sayings = {
  'this kernel has Bluetooth sockets': 'dieser Kernel hat Bluetooth-Sockets',
  'this kernel has no Bluetooth sockets': 'dieser Kernel hat keine Bluetooth-Sockets',
  'is there; whether it is up cannot be told': 'ist da; ob er läuft, ist nicht festzustellen',
  'is up, and the user channel needs it down': 'ist eingeschaltet, der User-Channel braucht ihn abgeschaltet',
  'is down, as the user channel needs it': 'ist abgeschaltet, wie der User-Channel es braucht',
  'is up': 'ist eingeschaltet',
  'is up, {state}': 'ist eingeschaltet, {state}',
  'is up (virtual)': 'ist eingeschaltet (virtuell)',
  'is down': 'ist abgeschaltet',
  'is not there': 'ist nicht da',
  'there is no Bluetooth adapter': 'es gibt keinen Bluetooth-Adapter',
  'set bluetooth.adapter to {others:names}, or plug {name} in':
    'bluetooth.adapter auf {others} setzen, oder {name} einstecken',
  'plug one in; `dmesg | grep -i bluetooth` shows what the kernel saw':
    'einen einstecken; `dmesg | grep -i bluetooth` zeigt, was der Kernel sah',
  runs: 'läuft',
  'does not run': 'läuft nicht',
  'runs beside the gateway on the same adapter; connects may hang':
    'läuft neben dem Gateway am selben Adapter; Verbindungen können hängen bleiben',
  'sudo systemctl disable --now bluetooth (if nothing else on this machine needs it)':
    'sudo systemctl disable --now bluetooth (wenn sonst nichts auf diesem Gerät es braucht)',
  'does not run; the gateway has the adapter to itself': 'läuft nicht; das Gateway hat den Adapter für sich',
  '{user} may use the adapter': '{user} darf den Adapter verwenden',
  '{user} may not use the adapter directly; the service may':
    '{user} darf den Adapter nicht direkt verwenden; der Dienst darf es',
  'run `scan`, `inspect` and `record` with sudo': '`scan`, `inspect` und `record` mit sudo ausführen',
  loads: 'lässt sich laden',
  'does not load: it is not built for this Node': 'lässt sich nicht laden: nicht für dieses Node gebaut',
  '`ip` cannot be asked': '`ip` lässt sich nicht befragen',
  'check bit rate, CAN_H and CAN_L, and 120 ohm at both ends; it restarts by itself':
    'Bitrate, CAN_H und CAN_L und 120 Ohm an beiden Enden prüfen; er startet von selbst neu',
  'the controller counts errors ({state})': 'der Controller zählt Fehler ({state})',
  'the controller counts errors ({state}) and never heard a frame: most likely the bit rate, or CAN_H and CAN_L swapped':
    'der Controller zählt Fehler ({state}) und hat nie ein Telegramm gehört: wahrscheinlich falsche Bitrate, oder CAN_H und CAN_L vertauscht',
  'check that the inverter is on, the plug, the bit rate, and 120 ohm at both ends':
    'prüfen: Wechselrichter eingeschaltet, Stecker, Bitrate, 120 Ohm an beiden Enden',
  'runs at {rate:number} bit/s, the profile needs {wanted:number}':
    'läuft mit {rate} Bit/s, das Profil braucht {wanted}',
  'does not come back after bus-off (restart-ms 0)': 'kommt nach einem Bus-Off nicht zurück (restart-ms 0)',
  '{n:number} frames may wait here and go out late':
    '{n} Telegramme können hier warten und zu spät hinausgehen',
  'is not a CAN interface': 'ist keine CAN-Schnittstelle',
  'name one that `ip -details link` shows as link/can':
    'eine angeben, die `ip -details link` als link/can zeigt',
  'plug the adapter in, or add its overlay (docs/install.md, "A CAN HAT") and reboot':
    'Adapter einstecken, oder sein Overlay eintragen (docs/install.md, „A CAN HAT“) und neu starten',
  'nothing tells whether it is right': 'ob sie stimmt, ist nicht festzustellen',
  'date (compare it yourself)': 'date (selbst vergleichen)',
  'is synchronised': 'ist synchronisiert',
  'is not synchronised; times in logs are wrong, ages are not':
    'ist nicht synchronisiert; Zeiten im Log sind falsch, Alter nicht',
  '{folder} is not there': '{folder} ist nicht da',
  '{n:number} MB are free under {folder}': '{n} MB sind frei unter {folder}',
  'sudo journalctl --vacuum-size=100M; `sudo du -xh / | sort -h | tail` shows what is large':
    'sudo journalctl --vacuum-size=100M; `sudo du -xh / | sort -h | tail` zeigt, was groß ist',
  'has no room left': 'ist voll',
  'belongs to somebody else': 'gehört jemand anderem',
  'has room; a restart keeps the age of the data': 'hat Platz; das Datenalter übersteht einen Neustart',
  'sudo usermod -aG dialout {user}, then log in again': 'sudo usermod -aG dialout {user}, dann neu anmelden',
  'the adapter holds bytes back for {n:number} ms': 'der Adapter hält Bytes {n} ms zurück',
  'echo 1 | sudo tee {file}, or install 60-bmsgate-rs485.rules':
    'echo 1 | sudo tee {file}, oder 60-bmsgate-rs485.rules installieren',
  'a login console uses this port': 'eine Login-Konsole belegt diesen Anschluss',
  'the kernel switches the direction (RS485 mode in the device tree)':
    'der Kernel schaltet die Richtung um (RS485-Modus im Device Tree)',
  'is a UART of this machine without RS485 mode in the device tree: the transceiver must switch the direction itself':
    'ist ein UART dieses Geräts ohne RS485-Modus im Device Tree: Der Transceiver muss die Richtung selbst umschalten',
  'nothing, if the HAT has automatic direction; else switch the mode on as docs/wires.md says, "Who switches the direction"':
    'nichts, wenn der HAT die Richtung selbst umschaltet; sonst den Modus einschalten wie in docs/wires.md, „Who switches the direction“',
  'is a USB adapter ({driver:rest}), which switches the direction itself':
    'ist ein USB-Adapter ({driver}), der die Richtung selbst umschaltet',
  '`ls -l /dev/serial/by-id /dev/rs485-*` shows what is; correct `serial:` or plug the adapter in':
    '`ls -l /dev/serial/by-id /dev/rs485-*` zeigt, was da ist; `serial:` berichtigen oder den Adapter einstecken',
  '{user} may not open it': '{user} darf ihn nicht öffnen',
  'may be opened': 'lässt sich öffnen',
};

export const setup: Sayings = { ...judged, ...machine };
