// Was in gateway.yaml an Bank, Wechselrichtern und Diensten falsch ist (src/config).
import type { Sayings } from '../../gateway-said.ts';

const bank: Sayings = {
  'battery `{battery:quoted}` is not listed under `batteries`; list it or correct the name':
    'Batterie `{battery}` ist nicht unter `batteries` aufgeführt; aufführen oder den Namen berichtigen',
  'battery `{battery:quoted}` is used twice; a battery stands in one string, once':
    'Batterie `{battery}` ist doppelt verwendet; eine Batterie steht einmal in einem Strang',
  'battery `{battery:quoted}` stands in no string; name it in `bank.strings` or take it out':
    'Batterie `{battery}` steht in keinem Strang; in `bank.strings` aufführen oder weglassen',
  'this string has {cells:typed} cells in series, the first has {first:typed}; strings in parallel must have equally many':
    'dieser Strang hat {cells} Zellen in Reihe, der erste {first}; parallele Stränge müssen gleich viele haben',
  'inverter `{inverter:quoted}` is not listed under `inverters`; name the one that writes its current':
    'Wechselrichter `{inverter}` ist nicht unter `inverters` aufgeführt; den angeben, der seinen Strom schreibt',
  'chemistry `{chemistry:quoted}` is not known': 'Zellchemie `{chemistry}` ist nicht bekannt',
  'the points of a curve are [x, factor] with x rising; put them in order':
    'die Punkte einer Kurve sind [x, Faktor] mit steigendem x; ordnen',
  'voltages must rise: blind_below, under_voltage, empty, rebulk, float, bulk, over_voltage; correct their order':
    'Spannungen müssen steigen: blind_below, under_voltage, empty, rebulk, float, bulk, over_voltage; ihre Reihenfolge berichtigen',
  '{volts:typed} V is above {end:typed} V, the end of {chemistry:rest}; lower it':
    '{volts} V liegt über {end} V, dem Ende von {chemistry}; senken',
  '{volts:typed} V is below {end:typed} V, the end of {chemistry:rest}; raise it':
    '{volts} V liegt unter {end} V, dem Ende von {chemistry}; erhöhen',
  '{volts:typed} V is not below `cell_max_V` ({most:typed} V)':
    '{volts} V liegt nicht unter `cell_max_V` ({most} V)',
  '{volts:typed} V leaves nothing above {empty:typed} V, where {chemistry:rest} is empty; raise it':
    '{volts} V lässt nichts über {empty} V, wo {chemistry} leer ist; erhöhen',
  '{volts:typed} V leaves nothing below {full:typed} V, where {chemistry:rest} is full; lower it':
    '{volts} V lässt nichts unter {full} V, wo {chemistry} voll ist; senken',
  'the poll period is 1s to 5s; the promise on stale data rests on it':
    'der Abfragetakt ist 1s bis 5s; die Zusage zu veralteten Daten beruht darauf',
  '`{key:quoted}` is {least:typed}s to {most:typed}s; ages may be shortened, not lengthened':
    '`{key}` ist {least}s bis {most}s; Alter dürfen kürzer sein, nicht länger',
  '`stop_pct` must be above `start_pct`; raise it': '`stop_pct` muss über `start_pct` liegen; erhöhen',
};

const inverters: Sayings = {
  'inverter `{inverter:quoted}` is listed twice; give each inverter its own id':
    'Wechselrichter `{inverter}` ist doppelt aufgeführt; jedem Wechselrichter eine eigene ID geben',
  'inverter `{inverter:quoted}` has {wires:names}; give it one of {keys:ticks}':
    'Wechselrichter `{inverter}` hat {wires}; nur eines davon angeben: {keys}',
  'inverter `{inverter:quoted}` has no wire; give it one of {keys:ticks}':
    'Wechselrichter `{inverter}` hat keine Leitung; eines davon angeben: {keys}',
  '`{key:quoted}` belongs to a `serial` line': '`{key}` gehört zu einer `serial`-Leitung',
  '`unit` belongs to Modbus': '`unit` gehört zu Modbus',
  'profile `{profile:quoted}` speaks {codec} on a serial line; give `serial`':
    'Profil `{profile}` spricht {codec} auf einer seriellen Leitung; `serial` angeben',
  'profile `{profile:quoted}` has no addresses; take `unit` away':
    'Profil `{profile}` hat keine Adressen; `unit` weglassen',
  'profile `{profile:quoted}` speaks Modbus; give `serial` or `tcp`':
    'Profil `{profile}` spricht Modbus; `serial` oder `tcp` angeben',
  'profile `{profile:quoted}` speaks CAN; give `can: can0`':
    'Profil `{profile}` spricht CAN; `can: can0` angeben',
  '`{one:quoted}` and `{other:quoted}` share {wire:rest}, and {why:said}':
    '`{one}` und `{other}` teilen sich {wire}: {why}',
  '`{profile:quoted}` bears nobody else on its bus; give it a CAN interface of its own':
    '`{profile}` duldet niemand anderen auf seinem Bus; ihm eine eigene CAN-Schnittstelle geben',
  'both send frame {frame}; give one of them another CAN interface':
    'beide senden Telegramm {frame}; einem eine andere CAN-Schnittstelle geben',
  'one speaks {one}, the other {other}; use another line':
    'einer spricht {one}, der andere {other}; eine andere Leitung verwenden',
  'its protocol has no addresses to tell them apart; use another line':
    'ihr Protokoll hat keine Adressen, um sie zu unterscheiden; eine andere Leitung verwenden',
  'they want different line settings ({key}); make them equal or use another line':
    'sie wollen verschiedene Einstellungen der Leitung ({key}); angleichen oder eine andere Leitung verwenden',
  'both answer as unit {unit:typed}; give one of them another `unit`':
    'beide antworten als Adresse {unit}; einem ein anderes `unit` geben',
  'this is at most {most:typed}ms': 'das ist höchstens {most}ms',
  'a CAN interface is called `can0`, `vcan0` …; `ip -br link` lists them':
    'eine CAN-Schnittstelle heißt `can0`, `vcan0` …; `ip -br link` zeigt sie',
  'it speaks {spoken}, and this inverter is served {served}':
    'es spricht {spoken}, und dieser Wechselrichter wird mit {served} bedient',
};

const services: Sayings = {
  'a UUID is 4 or 32 hex digits without dashes, e.g. `ff00`':
    'eine UUID besteht aus 4 oder 32 Hex-Ziffern ohne Bindestriche, z. B. `ff00`',
  'a name is letters, digits, `-` and `_`, e.g. `garage-2`':
    'ein Name besteht aus Buchstaben, Ziffern, `-` und `_`, z. B. `garage-2`',
  'a name is letters, digits, `-` and `_`, e.g. `phone`':
    'ein Name besteht aus Buchstaben, Ziffern, `-` und `_`, z. B. `phone`',
  'a name is up to 60 characters on one line, e.g. `Cellar`':
    'ein Name hat bis zu 60 Zeichen in einer Zeile, z. B. `Cellar`',
  'this name has a meaning of its own here; take another':
    'dieser Name hat hier eine eigene Bedeutung; einen anderen nehmen',
  'an address is six hex pairs in quotes, e.g. "A4:C1:38:00:00:01"; `bmsgate scan` shows them':
    'eine Adresse besteht aus sechs Hex-Paaren in Anführungszeichen, z. B. "A4:C1:38:00:00:01"; `bmsgate scan` zeigt sie',
  'a host is a name, e.g. `battery.example.org`': 'ein Host ist ein Name, z. B. `battery.example.org`',
  '`metrics` listens at port {port:typed}; take another port':
    'Port {port} ist schon der von `metrics`; einen anderen Port nehmen',
  'inverter `{inverter:quoted}` is served at port {port:typed}; take another port':
    'an Port {port} wird schon Wechselrichter `{inverter}` bedient; einen anderen Port nehmen',
  'this is 3d to 3660d': 'das ist 3d bis 3660d',
  '`minutes` is longer than `keep`; lower it, or raise `keep`':
    '`minutes` ist länger als `keep`; senken, oder `keep` erhöhen',
  'alert `{alert:quoted}` is listed twice; give each alert its own id':
    'Meldung `{alert}` ist doppelt aufgeführt; jeder eine eigene ID geben',
  'alert `{alert:quoted}` has no server; give it one of `webhook`, `ntfy`':
    'Meldung `{alert}` hat keinen Server; `webhook` oder `ntfy` angeben',
  'alert `{alert:quoted}` has two servers; give it one of `webhook`, `ntfy`':
    'Meldung `{alert}` hat zwei Server; nur `webhook` oder `ntfy` angeben',
  'write the whole address, beginning with `https://`':
    'die ganze Adresse schreiben, beginnend mit `https://`',
  'no name and password in an address; write the token into a file and name that in `token_file`':
    'kein Name und Passwort in einer Adresse; das Token in eine Datei schreiben und diese als `token_file` angeben',
  'over the internet only `https://`; `http://` is for addresses of your own net':
    'über das Internet nur `https://`; `http://` ist für Adressen im eigenen Netz',
  'write server and topic, as in `https://ntfy.sh/my-topic`; a topic is letters, digits, `-` and `_`':
    'Server und Thema schreiben, wie in `https://ntfy.sh/my-topic`; ein Thema besteht aus Buchstaben, Ziffern, `-` und `_`',
  'a password belongs to a user; give `username` too':
    'ein Passwort gehört zu einem Benutzer; auch `username` angeben',
  '`ca_file` belongs to TLS; write `mqtts://` in `url`, or take it out':
    '`ca_file` gehört zu TLS; in `url` `mqtts://` schreiben, oder es weglassen',
  '`{topic:quoted}` is where Home Assistant looks for devices; take another topic':
    'unter `{topic}` sucht Home Assistant Geräte; ein anderes Thema nehmen',
  'a topic is words with `/` between them, without spaces, `#` and `+`, e.g. `bmsgate` or `home/cellar`':
    'ein Thema besteht aus Wörtern mit `/` dazwischen, ohne Leerzeichen, `#` und `+`, z. B. `bmsgate` oder `home/cellar`',
  'write `mqtts://` or `mqtt://`, a host and if need be a port, e.g. "mqtts://broker.lan"; the user has a key of its own':
    '`mqtts://` oder `mqtt://` schreiben, einen Host und wenn nötig einen Port, z. B. "mqtts://broker.lan"; der Benutzer hat einen eigenen Schlüssel',
};

export const gatewayFile: Sayings = { ...bank, ...inverters, ...services };
