// Was die API antwortet, wenn sie etwas nicht tut (src/web, src/office, src/firststart/steps.ts, src/wires).
import type { Sayings } from '../gateway-said.ts';

const asking: Sayings = {
  'log in first': 'zuerst anmelden',
  'you are logged out, but the disk of the gateway has not taken it yet: if the gateway starts anew before that, this login stands again; see that the disk has room':
    'abgemeldet, aber noch nicht auf dem Datenträger des Gateways festgehalten: Startet das Gateway vorher neu, gilt diese Anmeldung wieder; für freien Platz sorgen',
  'this token is not known': 'dieses Token ist nicht bekannt',
  'this takes the role {role:said}; {name:rest} has {own:said}':
    'dafür ist die Rolle {role} nötig; {name} ist {own}',
  viewer: 'Betrachter',
  operator: 'Betreiber',
  installer: 'Installateur',
  'too much waits to be taken by others already; try again later':
    'andere warten schon auf zu viel; später erneut versuchen',
  'the body is not JSON': 'die Anfrage ist kein JSON',
  'this takes {methods:names} only': 'hier geht nur {methods}',
  'there is no such thing here': 'das gibt es hier nicht',
  'something went wrong; the log says what': 'etwas ging schief; was, steht im Log',
  'too many listen to this already; try again later': 'zu viele hören hier schon zu; später erneut versuchen',
  'that is too large; at most 256 kB are taken': 'das ist zu groß; höchstens 256 kB werden angenommen',
  'send JSON, with `Content-Type: application/json`': 'JSON senden, mit `Content-Type: application/json`',
  'the body is not as long as it said': 'die Anfrage ist nicht so lang wie angekündigt',
  'the address cannot be read': 'die Adresse ist nicht lesbar',
  'the request cannot be read': 'die Anfrage ist nicht lesbar',
  'that is too much at once; wait a second': 'das ist zu viel auf einmal; eine Sekunde warten',
  'the request names no host': 'die Anfrage nennt keinen Host',
  '{host} is not a name of this gateway; call it by its address, or add the name to `web: { hosts: [...] }` in gateway.yaml':
    '{host} ist kein Name dieses Gateways; es mit seiner Adresse aufrufen, oder den Namen in gateway.yaml unter `web: { hosts: [...] }` eintragen',
  'another page asks for this; open the page of the gateway itself':
    'eine andere Seite fragt danach; die Seite des Gateways selbst öffnen',
  '{whole:part} is not what is asked for': '{whole} ist nicht, was verlangt ist',
  '`{name}` is not known here; leave it out': '`{name}` ist hier nicht bekannt; weglassen',
  '`{name}` is missing': '`{name}` fehlt',
  '{place:part} must be one of {values:names}': '{place} muss eines davon sein: {values}',
};

const accounts: Sayings = {
  'the accounts in {path} cannot be read ({why:why}): nobody can log in; put a good copy back, or remove the file and claim the gateway anew, then restart it':
    'die Konten in {path} sind nicht lesbar ({why}): Niemand kann sich anmelden; eine gute Kopie zurücklegen, oder die Datei löschen und das Gateway neu übernehmen, dann neu starten',
  'it names no installer': 'sie nennt keinen Installateur',
  '{path} cannot be written ({why:rest}); nothing was changed':
    '{path} ist nicht schreibbar ({why}); nichts wurde geändert',
  'you were logged out meanwhile; nothing was changed': 'inzwischen abgemeldet; nichts wurde geändert',
  'too many log in at once; try again in a few seconds':
    'zu viele melden sich gleichzeitig an; in ein paar Sekunden erneut versuchen',
  'the password has {n:number} characters; choose one of at least {least:number}':
    'das Passwort hat {n} Zeichen; eines mit mindestens {least} wählen',
  'the password is one or two characters again and again; choose another':
    'das Passwort besteht nur aus einem oder zwei Zeichen; ein anderes wählen',
  'the password is the name; choose another': 'das Passwort ist der Name; ein anderes wählen',
  'there is no such account': 'dieses Konto gibt es nicht',
  'this is the last installer; make another one first':
    'das ist der letzte Installateur; erst einen anderen anlegen',
  'there is an account {name:rest} already': 'es gibt schon ein Konto {name}',
  'there are {n:number} accounts, and no room for more': 'es gibt {n} Konten, für mehr ist kein Platz',
  'too many wrong attempts; wait {n:number} s and try again':
    'zu viele Fehlversuche; {n} s warten und erneut versuchen',
  'the name or the password is wrong': 'Name oder Passwort ist falsch',
  'this gateway has an owner already; log in': 'dieses Gateway ist schon übernommen; anmelden',
  'that is not the code; the newest one stands in the terminal and in the journal':
    'das ist nicht der Code; der neueste steht im Terminal und im Journal',
  'only who is logged in with a password can change it':
    'ändern kann es nur, wer mit Passwort angemeldet ist',
  'the old password is wrong': 'das alte Passwort ist falsch',
  'somebody else has set this password meanwhile; log in again':
    'jemand anders hat dieses Passwort inzwischen gesetzt; neu anmelden',
  'there is no such token': 'dieses Token gibt es nicht',
  'there is a token {name:rest} already': 'es gibt schon ein Token {name}',
  'there are {n:number} tokens, and no room for more': 'es gibt {n} Tokens, für mehr ist kein Platz',
};

const things: Sayings = {
  'there is no history: set `history:` in the gateway file, and start the gateway again':
    'es gibt keinen Verlauf: in der Gateway-Datei `history:` setzen und das Gateway neu starten',
  'events are not kept: {why:said}': 'Ereignisse werden nicht aufbewahrt: {why}',
  'the history has no column `{column}`': 'der Verlauf hat keine Spalte `{column}`',
  'there is no event `{event}`': 'es gibt kein Ereignis `{event}`',
  '{name:rest} has acknowledged it already': '{name} hat es schon quittiert',
  '`to_ms` must be later than `from_ms`': '`to_ms` muss später sein als `from_ms`',
  'there is no inverter `{inverter}`': 'es gibt keinen Wechselrichter `{inverter}`',
  'a profile has {n:number} kB at most; take out what is not needed':
    'ein Profil hat höchstens {n} kB; herausnehmen, was nicht gebraucht wird',
  'the file of this profile is not the one in force any more: it was changed, and is refused or not looked at yet; the events say which':
    'die Datei dieses Profils ist nicht mehr die aktive: Sie wurde geändert und ist abgelehnt oder noch nicht angesehen; welches von beiden, steht unter Ereignisse',
  '{file:rest} cannot be read line by line': '{file} ist nicht zeilenweise lesbar',
  'the files cannot be read: their reader ended ({why:rest}); look whether memory is free':
    'die Dateien sind nicht lesbar: ihr Leser endete ({why}); nachsehen, ob Speicher frei ist',
  'it is too heavy to be read; take out what is not needed':
    'es ist zu groß, um gelesen zu werden; weglassen, was nicht gebraucht wird',
  'there is no battery `{battery}`': 'es gibt keine Batterie `{battery}`',
  'there is no battery `{battery}`; there are: {batteries:names}':
    'es gibt keine Batterie `{battery}`; es gibt: {batteries}',
};

const commands: Sayings = {
  'the gateway file does not permit commands to batteries; set `control: true` in it, and start the gateway again':
    'die Gateway-Datei erlaubt keine Befehle an Batterien; in ihr `control: true` setzen und das Gateway neu starten',
  'it was not confirmed: type `{battery}` to go on': 'nicht bestätigt: zum Fortfahren `{battery}` eintippen',
  'battery {battery} rests already, for {n:number} min more; let it be read again first':
    'Batterie {battery} pausiert schon, noch {n} min; erst wieder auslesen lassen',
  'battery {battery} does not rest': 'Batterie {battery} pausiert nicht',
  'battery {battery}: {why:said}': 'Batterie {battery}: {why}',
  'FETs of {family} cannot be switched from here':
    'die FETs von {family} lassen sich von hier aus nicht schalten',
  'FETs of {family} on a wire cannot be switched from here':
    'die FETs von {family} an einer Leitung lassen sich von hier aus nicht schalten',
  'FETs of a unit that talks `{dialect}` cannot be switched from here':
    'die FETs eines Geräts, das `{dialect}` spricht, lassen sich von hier aus nicht schalten',
  '`{hex:rest}` is no hex; write whole bytes such as dda50300fffd77':
    '`{hex}` ist kein Hex; ganze Bytes schreiben wie dda50300fffd77',
  'only frames that read may be sent; `control: { raw: any }` in the gateway file lifts that, at your own risk':
    'nur lesende Telegramme dürfen gesendet werden; `control: { raw: any }` in der Gateway-Datei hebt das auf, auf eigene Gefahr',
  'these bytes switch a FET; use `bmsgate control fet`, which waits until no current flows':
    'diese Bytes schalten einen FET; dafür `bmsgate control fet` nehmen, das wartet, bis kein Strom fließt',
  'another command is being carried out; wait for its end':
    'ein anderer Befehl läuft noch; sein Ende abwarten',
  'the Bluetooth process does not take orders now; try again':
    'der Funkprozess nimmt gerade keine Aufträge an; erneut versuchen',
  'nothing came of it within {n:number} s; look at the battery itself':
    'innerhalb von {n} s wurde nichts daraus; an der Batterie selbst nachsehen',
  'nothing came of it': 'es wurde nichts daraus',
  'whoever asked has left': 'wer gefragt hat, ist weg',
  'whoever asked for it has left, so nothing was sent': 'wer darum bat, ist weg, darum wurde nichts gesendet',
  'still {current:number} A or more, or no sample, after {n:number} s; the FET is left as it is':
    'nach {n} s immer noch {current} A oder mehr, oder keine Messung; der FET bleibt, wie er ist',
  '{direction:said} limit is told as zero; waiting for less than {current:number} A':
    '{direction}grenze wird als null gemeldet; warten auf weniger als {current} A',
  'it was told, but does not report its {direction:said} FET on; look at the battery itself':
    'befohlen, aber die Batterie meldet ihren {direction}-FET nicht als eingeschaltet; an der Batterie selbst nachsehen',
  'it was told, but does not report its {direction:said} FET off; look at the battery itself':
    'befohlen, aber die Batterie meldet ihren {direction}-FET nicht als ausgeschaltet; an der Batterie selbst nachsehen',
  '{direction:said} FET is on, as read back': '{direction}-FET ist eingeschaltet, so zurückgelesen',
  '{direction:said} FET is off, as read back': '{direction}-FET ist ausgeschaltet, so zurückgelesen',
  charge: 'Lade',
  discharge: 'Entlade',
  silence: 'keine Antwort',
  'it came too late and was not sent; try again': 'es kam zu spät und wurde nicht gesendet; erneut versuchen',
  'the unit did not answer; look at the battery itself':
    'das Gerät hat nicht geantwortet; an der Batterie selbst nachsehen',
  'the unit does not tell how its FETs are now': 'das Gerät meldet nicht, wie seine FETs jetzt stehen',
  '{current:number} A or more flow again; the FET is left as it is':
    'es fließen wieder {current} A oder mehr; der FET bleibt, wie er ist',
};

/** Der ersten Einrichtung. */
const steps: Sayings = {
  'no battery is chosen yet; go back to the batteries':
    'noch keine Batterie gewählt; zurück zu den Batterien',
  'nobody said yet how the batteries are wired; go back to the strings':
    'noch nicht angegeben, wie die Batterien verschaltet sind; zurück zu den Strängen',
  'the limits of the bank are not set yet; go back to the envelope':
    'die Grenzwerte der Bank fehlen noch; zurück zu den Grenzwerten',
  'no inverter is chosen yet; go back to the inverter':
    'noch kein Wechselrichter gewählt; zurück zum Wechselrichter',
  'somebody changed the setup meanwhile, perhaps on another phone; look at it and choose again':
    'jemand hat die Einrichtung inzwischen geändert, vielleicht auf einem anderen Handy; ansehen und neu wählen',
  '{name:rest} changed the setup meanwhile, perhaps on another phone; look at it and choose again':
    '{name} hat die Einrichtung inzwischen geändert, vielleicht auf einem anderen Handy; ansehen und neu wählen',
  'the self-test runs already; wait until it ends': 'die Selbstprüfung läuft schon; ihr Ende abwarten',
  'this cannot be its password: it has six characters, as in the app of its maker':
    'das kann sein Passwort nicht sein: Es hat sechs Zeichen, wie in der Hersteller-App',
  'this is no encryption key: copy the 44 characters behind `key:` in the YAML of the ESP32':
    'das ist kein Schlüssel: die 44 Zeichen hinter `key:` aus dem YAML des ESP32 kopieren',
  'test these choices before they are written': 'diese Auswahl prüfen, bevor sie gespeichert wird',
  '{path} was changed by another program since the setup began; start it again':
    '{path} wurde seit Beginn der Einrichtung von einem anderen Programm geändert; sie neu starten',
  '{path} cannot be written ({why:rest}); look at its folder and the disk':
    '{path} ist nicht schreibbar ({why}); Ordner und Datenträger prüfen',
};

export const refusals: Sayings = { ...asking, ...accounts, ...things, ...commands, ...steps };
