// Was in gateway.yaml an Batterien, Funk und Leitungen falsch ist (src/config).
import type { Sayings } from '../../gateway-said.ts';

const ways: Sayings = {
  'battery `{battery:quoted}` is listed twice; give each battery its own id':
    'Batterie `{battery}` ist doppelt aufgeführt; jeder Batterie eine eigene ID geben',
  'BMS `{bms:quoted}` is not known': 'BMS `{bms}` ist nicht bekannt',
  'known are: {names:names}': 'bekannt sind: {names}',
  'battery `{battery:quoted}` has no way to it; give it an `address`, or a `serial` line':
    'zu Batterie `{battery}` führt kein Weg; ihr eine `address` oder eine `serial`-Leitung geben',
  'a `{bms:quoted}` is read without a password': '`{bms}` wird ohne Passwort ausgelesen',
  'a `{bms:quoted}` has one scale; take this out (it is for {families:names})':
    '`{bms}` hat nur eine Skalierung; das weglassen (es ist für {families})',
  '`baud` belongs to a `serial` line': '`baud` gehört zu einer `serial`-Leitung',
  'a battery on a `serial` line has no Bluetooth address; take one of the two out':
    'eine Batterie an einer `serial`-Leitung hat keine Bluetooth-Adresse; eines von beiden weglassen',
  '`{key:quoted}` belongs to Bluetooth': '`{key}` gehört zu Bluetooth',
  'a `{bms:quoted}` is read over Bluetooth only; on a wire: {families:names}':
    '`{bms}` wird nur über Bluetooth ausgelesen; an einer Leitung gehen: {families}',
  'a `{bms:quoted}` has no units': '`{bms}` spricht nur für sich selbst',
};

const addresses: Sayings = {
  'batteries `{one:quoted}` and `{other:quoted}` have one address':
    'Batterien `{one}` und `{other}` haben dieselbe Adresse',
  'batteries `{one:quoted}` and `{other:quoted}` have one line':
    'Batterien `{one}` und `{other}` haben dieselbe Leitung',
  'batteries `{one:quoted}` and `{other:quoted}` have one address but not one `bms`':
    'Batterien `{one}` und `{other}` haben dieselbe Adresse, aber nicht dasselbe `bms`',
  'batteries `{one:quoted}` and `{other:quoted}` have one line but not one `bms`':
    'Batterien `{one}` und `{other}` haben dieselbe Leitung, aber nicht dasselbe `bms`',
  'batteries `{one:quoted}` and `{other:quoted}` have one address but not one radio':
    'Batterien `{one}` und `{other}` haben dieselbe Adresse, aber nicht denselben Funk',
  'one link serves both': 'eine Verbindung bedient beide',
  'correct it, or give each its own `unit` where one module speaks for several packs':
    'berichtigen, oder jeder ihr eigenes `unit` geben, wenn ein Modul für mehrere spricht',
  'address {address} belongs to battery `{battery:quoted}`, and a `{bms:quoted}` has one of its own':
    'Adresse {address} gehört zu Batterie `{battery}`, und ein `{bms}` hat eine eigene',
  'battery `{battery:quoted}` is on this line already, and a `{bms:quoted}` has it alone; give each its own':
    'Batterie `{battery}` hängt schon an dieser Leitung, und ein `{bms}` hat sie für sich allein; jeder eine eigene geben',
  'this is the line of battery `{battery:quoted}`; write it as `{path:quoted}`':
    'das ist die Leitung von Batterie `{battery}`; als `{path}` schreiben',
  'this is the line of inverter `{inverter:quoted}`; write it as `{path:quoted}`':
    'das ist die Leitung von Wechselrichter `{inverter}`; als `{path}` schreiben',
  'inverter `{inverter:quoted}` is on this line; give the battery a line of its own':
    'an dieser Leitung hängt Wechselrichter `{inverter}`; der Batterie eine eigene Leitung geben',
  'battery `{battery:quoted}` has this line at {baud:typed}; a line has one speed':
    'bei Batterie `{battery}` läuft diese Leitung mit {baud}; eine Leitung hat nur eine Geschwindigkeit',
};

const radios: Sayings = {
  'give `adapter` or `adapters`, not both': '`adapter` oder `adapters` angeben, nicht beides',
  'take this one out': 'dieses weglassen',
  'adapter {adapter} is listed twice; take one out':
    'Adapter {adapter} ist doppelt aufgeführt; einen weglassen',
  '{adapter} is the `stand_in`, which serves nobody until it is needed; take it out of this list':
    '{adapter} ist der `stand_in`, der niemanden bedient, bis er gebraucht wird; aus dieser Liste nehmen',
  'no battery is pinned to {adapter}; give those that it shall hear `adapter: {again:quoted}`, or make it the `stand_in`':
    'keine Batterie ist {adapter} zugeordnet; denen, die er hören soll, `adapter: {again}` geben, oder ihn zum `stand_in` machen',
  '{adapter} is not among the adapters of this file ({adapters:names}); list it in `bluetooth.adapters` or name another':
    '{adapter} ist nicht unter den Adaptern dieser Datei ({adapters}); in `bluetooth.adapters` aufführen oder einen anderen angeben',
  '`radio: bluez` has no stand-in': '`radio: bluez` hat keinen Ersatzadapter',
  'no battery is read through an adapter that it could stand in for':
    'keine Batterie wird über einen Adapter ausgelesen, für den er einspringen könnte',
  '{adapter} serves batteries already; a stand-in is an adapter that serves none':
    '{adapter} bedient schon Batterien; ein Ersatzadapter bedient keine',
  '`radio: bluez` uses neither package': '`radio: bluez` verwendet keines der beiden Pakete',
  'no battery is read through an adapter': 'keine Batterie wird über einen Adapter ausgelesen',
  'take `stack` out': '`stack` weglassen',
  '`user-channel` needs `stack: stoprocent`': '`user-channel` braucht `stack: stoprocent`',
  '{n:typed} batteries would take turns on the {slots:typed} links of {radio}, and what is known of one would become {age:typed} old, where {fresh:typed} is fresh; it can serve {most:typed}: {remedies:remedies}':
    '{n} Batterien müssten sich {slots} Verbindungen von {radio} teilen, und was von einer bekannt ist, würde {age} alt; frisch ist es bis {fresh}. Bedienen kann er {most}: {remedies}',
  '{n:typed} packs behind one link are asked one after the other, and what is known of one would become {age:typed} old, where {fresh:typed} is fresh; it can serve {most:typed}: {slower:said}':
    '{n} Batterien hinter einer Verbindung werden nacheinander abgefragt, und was von einer bekannt ist, würde {age} alt; frisch ist es bis {fresh}. Möglich sind {most}: {slower}',
  'poll every 5s': 'alle 5s abfragen',
  'name at most {n:typed} with a poll of 5s': 'mit einer Abfrage alle 5s höchstens {n} angeben',
  'pin some to another adapter (`bluetooth.adapters`) or a Bluetooth proxy':
    'einige einem anderen Adapter (`bluetooth.adapters`) oder einem Bluetooth-Proxy zuordnen',
  'raise its `slots` if this ESP32 holds more links (`connection_slots` in its YAML)':
    'seine `slots` erhöhen, wenn dieser ESP32 mehr Verbindungen hält (`connection_slots` in seinem YAML)',
  'raise `bluetooth.slots` if this one holds more links':
    '`bluetooth.slots` erhöhen, wenn dieser mehr Verbindungen hält',
  'an adapter is called `hci0`, `hci1` …': 'ein Adapter heißt `hci0`, `hci1` …',
};

const proxies: Sayings = {
  'a battery is read through an adapter or a proxy, not both; take one out':
    'eine Batterie wird über einen Adapter oder einen Proxy ausgelesen, nicht über beide; einen weglassen',
  'proxy `{proxy:quoted}` is not listed under `bluetooth.proxies`; list it or correct the name':
    'Proxy `{proxy}` ist nicht unter `bluetooth.proxies` aufgeführt; aufführen oder den Namen berichtigen',
  'only `bluetooth: { radio: bluez }` pairs with a passkey; choose it, or take this out':
    'nur `bluetooth: { radio: bluez }` koppelt mit einem Passkey; das wählen, oder dies weglassen',
  'proxy `{proxy:quoted}` is listed twice; give each its own id':
    'Proxy `{proxy}` ist doppelt aufgeführt; jedem eine eigene ID geben',
  'no battery names proxy `{proxy:quoted}`; give those beside it `proxy: {again:quoted}`, or take it out':
    'keine Batterie nennt Proxy `{proxy}`; denen in seiner Nähe `proxy: {again}` geben, oder ihn weglassen',
  '`{proxy:quoted}` is the name of an adapter; give the proxy another':
    '`{proxy}` ist der Name eines Adapters; dem Proxy einen anderen geben',
  'this is proxy `{proxy:quoted}` already, and a proxy has one client; let its batteries name that one':
    'das ist schon Proxy `{proxy}`, und ein Proxy bedient nur ein Programm; in den Batterien jenen angeben',
  'a host is a name or an address, e.g. 192.168.1.40; its port is a key of its own':
    'ein Host ist ein Name oder eine Adresse, z. B. 192.168.1.40; sein Port ist ein eigener Schlüssel',
};

export const battery: Sayings = { ...ways, ...addresses, ...radios, ...proxies };
