// Was das Gateway von sich selbst, der Uhr, MQTT, dem Verlauf und den Meldungen sagt (src/gateway.ts, src/office, src/mqtt, …).
import type { Sayings } from '../gateway-said.ts';

const gateway: Sayings = {
  'gateway starts': 'Gateway startet',
  'gateway stopped: inverters hear nothing more': 'Gateway beendet: Wechselrichter bekommen nichts mehr',
  '{child} does not answer and is killed': '{child} antwortet nicht und wird beendet',
  '{child} ended ({why:rest}) and is replaced in {n:number} ms':
    '{child} endete ({why}) und wird in {n} ms ersetzt',
  'the clock was set forward by {span:span}': 'die Uhr wurde um {span} vorgestellt',
  'the clock was set back by {span:span}': 'die Uhr wurde um {span} zurückgestellt',
  'the clock says {date}, which cannot be: all dates of logs and history are wrong until it is set; see `timedatectl`':
    'die Uhr zeigt {date}, das kann nicht sein: Alle Daten in Log und Verlauf sind falsch, bis sie gestellt ist; siehe `timedatectl`',
  'black box kept: {path:rest}': 'Blackbox aufbewahrt: {path}',
  'inverter `{inverter}` is not served: {why:why}': 'Wechselrichter `{inverter}` wird nicht bedient: {why}',
  'inverter `{inverter}`: {why:said}': 'Wechselrichter `{inverter}`: {why}',
  '{why:why} (the last good copy of this profile is in force)':
    '{why} (es gilt die letzte gültige Fassung dieses Profils)',
  '{why:why} (the last good copy, {path}, is in force)': '{why} (es gilt die letzte gültige Fassung, {path})',
  'bytes were sent to battery {battery} by hand': 'von Hand wurden Bytes an Batterie {battery} gesendet',
  'battery {battery} is let rest by {by:rest}: its link is let go for {n:number} min at most':
    'Batterie {battery} pausiert auf Wunsch von {by}: ihre Verbindung ist frei, höchstens {n} min lang',
  'battery {battery} is let rest by {by:rest}: it is not asked for {n:number} min at most':
    'Batterie {battery} pausiert auf Wunsch von {by}: sie wird nicht abgefragt, höchstens {n} min lang',
};

const mqtt: Sayings = {
  'MQTT broker not reached: {why:why}': 'MQTT-Broker nicht erreichbar: {why}',
  'if it has no TLS write mqtt:// in mqtt.url, else its port (8883 is usual)':
    'hat er kein TLS, in mqtt.url mqtt:// schreiben, sonst seinen Port (üblich ist 8883)',
  'if this is its TLS port write mqtts:// in mqtt.url':
    'ist das sein TLS-Port, in mqtt.url mqtts:// schreiben',
  'the certificate of {host} is not signed by an authority that this machine trusts; give the certificate of the one that signed it as mqtt.ca_file':
    'das Zertifikat von {host} stammt von keiner Stelle, der dieses Gerät vertraut; das Zertifikat der ausstellenden Stelle als mqtt.ca_file angeben',
  'the certificate of {host} is not signed by the authority in {file}; put the certificate of the one that signed it there':
    'das Zertifikat von {host} stammt nicht von der Stelle in {file}; dort das Zertifikat der ausstellenden Stelle ablegen',
  '{host} cannot be reached; check that it is switched on, the network cable and the address in mqtt.url':
    '{host} ist nicht erreichbar; prüfen, ob er eingeschaltet ist, dazu das Netzwerkkabel und die Adresse in mqtt.url',
  'no machine is called {host}; correct mqtt.url, or write the address in place of the name':
    'kein Gerät heißt {host}; mqtt.url berichtigen, oder statt des Namens die Adresse schreiben',
  '{at} does not speak TLS': '{at} spricht kein TLS',
  '{at} hung up': '{at} hat aufgelegt',
  'nothing listens at port {port:number} of {host}; start the broker there or correct mqtt.url':
    'an Port {port} von {host} antwortet niemand; den Broker dort starten oder mqtt.url berichtigen',
  'the certificate of {host} has expired; renew it at the broker, and check the clock of this machine':
    'das Zertifikat von {host} ist abgelaufen; am Broker erneuern, und die Uhr dieses Geräts prüfen',
  'the certificate of {host} is not valid yet; check the clock of this machine':
    'das Zertifikat von {host} gilt noch nicht; die Uhr dieses Geräts prüfen',
  'the certificate is not for {host}; write in mqtt.url the name that it is for ({names:rest}), or have it made for {again}':
    'das Zertifikat gilt nicht für {host}; in mqtt.url den Namen schreiben, für den es gilt ({names}), oder es für {again} ausstellen lassen',
  'the broker wants a user; give mqtt.username and mqtt.password_file':
    'der Broker verlangt einen Benutzer; mqtt.username und mqtt.password_file angeben',
  'the broker does not take user {user} with this password; correct mqtt.username or the password in mqtt.password_file':
    'der Broker nimmt Benutzer {user} mit diesem Passwort nicht; mqtt.username oder das Passwort in mqtt.password_file berichtigen',
  'the broker does not speak MQTT 3.1.1; update it': 'der Broker spricht kein MQTT 3.1.1; aktualisieren',
  'the broker does not take the client id of this gateway; allow ids that begin with bmsgate':
    'der Broker nimmt die Client-ID dieses Gateways nicht; IDs erlauben, die mit bmsgate beginnen',
  'the broker says that it is not available; look at its log':
    'der Broker meldet, er sei nicht verfügbar; in sein Log sehen',
  'correct mqtt.url': 'mqtt.url berichtigen',
  'the broker refuses with code {code:number}; look at its log':
    'der Broker lehnt ab mit Code {code}; in sein Log sehen',
  '{at} takes connections but does not answer as a broker does':
    '{at} nimmt Verbindungen an, antwortet aber nicht wie ein Broker',
  '{at} hangs up before it answers': '{at} legt auf, bevor er antwortet',
  'the broker does not answer any more; look whether it hangs, and at the network between':
    'der Broker antwortet nicht mehr; nachsehen, ob er hängt, und das Netz dazwischen prüfen',
  'the broker hung up; look at its log, and whether a second gateway has the same id':
    'der Broker hat aufgelegt; in sein Log sehen, und ob ein zweites Gateway dieselbe ID hat',
};

const history: Sayings = {
  'history is not written: {why:why}': 'der Verlauf wird nicht geschrieben: {why}',
  'history is not written until the clock is set; see `timedatectl`':
    'der Verlauf wird erst geschrieben, wenn die Uhr gestellt ist; siehe `timedatectl`',
  '{why:why}; it lies at {aside} now, a new history begins':
    '{why}; er liegt jetzt unter {aside}, ein neuer Verlauf beginnt',
  '{path}: {why:rest}; another program is writing it; end that':
    '{path}: {why}; ein anderes Programm schreibt hinein; es beenden',
  '{path}: {why:rest}; make it and its folder writable for the user of the gateway':
    '{path}: {why}; Datei und Ordner für den Benutzer des Gateways schreibbar machen',
  '{path}: {why:rest}; make room on the disk': '{path}: {why}; auf dem Datenträger Platz schaffen',
  '{path}: {why:rest}; make its folder writable for the user of the gateway':
    '{path}: {why}; den Ordner für den Benutzer des Gateways schreibbar machen',
  '{path}: {why:rest}; look at the disk (`dmesg`)': '{path}: {why}; den Datenträger prüfen (`dmesg`)',
  'is a history of version {version:number}, this program knows version {own:number}; move it away or name another file':
    'ist ein Verlauf der Version {version}, dieses Programm kennt Version {own}; verschieben oder eine andere Datei angeben',
  'is not a history of bmsgate; move it away or name another file':
    'ist kein Verlauf von bmsgate; verschieben oder eine andere Datei angeben',
};

const alerts: Sayings = {
  'alerts to `{target}` are not delivered: {server} {why:why}':
    'Meldungen an `{target}` werden nicht zugestellt: {server} {why}',
  'is not called, a message could not be made: {why:rest}':
    'wird nicht aufgerufen, eine Meldung ließ sich nicht bilden: {why}',
  'is not called: {why:why}': 'wird nicht aufgerufen: {why}',
  'look at `token_file`': '`token_file` prüfen',
  'correct the address': 'die Adresse berichtigen',
  'it does not take this message': 'diese Meldung wird dort nicht angenommen',
  'answers {status:number}': 'antwortet mit {status}',
  'answers {status:number} ({words:rest})': 'antwortet mit {status} ({words})',
  'redirects to no address; write the one that takes messages':
    'leitet auf keine Adresse um; die angeben, die Meldungen annimmt',
  'redirects to {to}, inside the own net: this is never followed; look at who runs that server':
    'leitet um auf {to} im eigenen Netz: dem wird nie gefolgt; nachsehen, wer diesen Server betreibt',
  'redirects to {to}, which is not followed; if that is right write it as the address':
    'leitet um auf {to}, dem wird nicht gefolgt; stimmt das, es als Adresse eintragen',
  'did not answer within {n:number} s': 'antwortete nicht innerhalb von {n} s',
  'sends us in a circle; write the address that takes messages':
    'leitet im Kreis; die Adresse angeben, die Meldungen annimmt',
  'is no machine of the own net, which `http:` is only for; write `https:`':
    'ist kein Gerät im eigenen Netz, nur dafür ist `http:`; `https:` schreiben',
  'takes no connection; is it running, and is the port right?':
    'nimmt keine Verbindung an; läuft er, und stimmt der Port?',
  'is not found by its name; look at the network and the name':
    'ist unter seinem Namen nicht zu finden; Netz und Namen prüfen',
  'is not reached; look at the network': 'ist nicht erreichbar; das Netz prüfen',
  'hangs up without an answer': 'legt ohne Antwort auf',
  'has a certificate that has expired; renew it, or set the clock of this machine':
    'hat ein abgelaufenes Zertifikat; erneuern, oder die Uhr dieses Geräts stellen',
  'has a certificate that is not valid yet; set the clock of this machine':
    'hat ein Zertifikat, das noch nicht gilt; die Uhr dieses Geräts stellen',
  'has a certificate for another name; write the name that it has':
    'hat ein Zertifikat für einen anderen Namen; diesen Namen eintragen',
  'has a certificate of an authority that is not known here; name that authority in `ca_file`':
    'hat ein Zertifikat einer hier unbekannten Stelle; diese in `ca_file` angeben',
  'does not speak TLS there; look at the port, and at `http` or `https`':
    'spricht dort kein TLS; den Port und `http` oder `https` prüfen',
  'is not called: no header can carry the token; write it into `token_file` as one line of plain letters':
    'wird nicht aufgerufen: Das Token passt in keinen Header; in `token_file` als eine Zeile aus einfachen Zeichen schreiben',
  'does not speak HTTP there; look at the port': 'spricht dort kein HTTP; den Port prüfen',
  '{path} is no file; write the secret into one': '{path} ist keine Datei; das Geheimnis in eine schreiben',
  '{path} is empty; write the secret into it': '{path} ist leer; das Geheimnis hineinschreiben',
  '{path} can be read by everybody; run `chmod o-rwx {again}`':
    '{path} kann jeder lesen; `chmod o-rwx {again}` ausführen',
  '{path} cannot be read ({why:rest}); create it, readable by the service':
    '{path} ist nicht lesbar ({why}); anlegen, für den Dienst lesbar',
};

export const office: Sayings = { ...gateway, ...mqtt, ...history, ...alerts };
