// Was eine Datei nicht lesbar oder ein Profil nicht brauchbar macht (src/config).
import type { Sayings } from '../../gateway-said.ts';

const reading: Sayings = {
  'there is no such file; correct the path': 'diese Datei gibt es nicht; den Pfad berichtigen',
  'it may not be read; give this user the right to read it (`ls -l` shows whose it is)':
    'sie darf nicht gelesen werden; diesem Benutzer das Leserecht geben (`ls -l` zeigt, wem sie gehört)',
  'this is a folder; name the file in it': 'das ist ein Ordner; die Datei darin angeben',
  'the links lead back to themselves; name the file itself':
    'die Links führen auf sich selbst zurück; die Datei selbst angeben',
  'it is larger than 64 MB; name another file': 'sie ist größer als 64 MB; eine andere Datei angeben',
  'this is a pipe or a device; name a file that lies on a disk':
    'das ist eine Pipe oder ein Gerät; eine Datei angeben, die auf einem Datenträger liegt',
  'it cannot be read ({code})': 'sie ist nicht lesbar ({code})',
  'it cannot be read ()': 'sie ist nicht lesbar',
  '{folder:rest} cannot be read as a folder of profiles; correct the path or its rights':
    '{folder} lässt sich nicht als Ordner mit Profilen lesen; den Pfad oder seine Rechte berichtigen',
};

const profiles: Sayings = {
  'there is no profile `{profile:quoted}`': 'es gibt kein Profil `{profile}`',
  'there are {profiles:names}': 'es gibt {profiles}',
  '{file:rest} says `id: {id:quoted}`; name the file {name}.yaml or correct its id':
    'in {file} steht `id: {id}`; die Datei {name}.yaml nennen oder die ID berichtigen',
  'it says `id: {id:quoted}`; the inverter is served by `{profile:quoted}`':
    'darin steht `id: {id}`; der Wechselrichter wird mit `{profile}` bedient',
  'it is too heavy to be proven; take out what is not needed':
    'es ist zu groß, um geprüft zu werden; weglassen, was nicht gebraucht wird',
  'it cannot be proven: {why:why}': 'es lässt sich nicht prüfen: {why}',
  'no copy of `{profile:quoted}` was kept': 'von `{profile}` gibt es keine Kopie',
};

/** Ein Profil, das auf einem anderen beruht. */
const bases: Sayings = {
  'the base `{base:quoted}` cannot be looked for here; name the profile by its file':
    'die Basis `{base}` lässt sich hier nicht suchen; das Profil mit seiner Datei angeben',
  'a profile cannot stand on itself, and there is no other `{base:quoted}`; name another base':
    'ein Profil kann nicht auf sich selbst beruhen, und ein anderes `{base}` gibt es nicht; eine andere Basis angeben',
  'base `{base:quoted}` ({file:path}:{line:typed}:{column:typed}): {why:said}':
    'Basis `{base}` ({file}:{line}:{column}): {why}',
  'it stems from base `{base:quoted}` ({file:path}:{line:typed}:{column:typed})':
    'es stammt aus Basis `{base}` ({file}:{line}:{column})',
  '{file:rest} stands on the base `{base:quoted}` itself; name `{again:quoted}`, or write the profile out':
    '{file} beruht selbst auf der Basis `{base}`; `{again}` angeben, oder das Profil ausschreiben',
  'the profile is not a map; begin it with `id:`': 'das Profil ist keine Zuordnung; mit `id:` beginnen',
  'there is no base to leave a frame out of; add `base:` or take `without` away':
    'es gibt keine Basis, aus der ein Telegramm wegzulassen wäre; `base:` ergänzen oder `without` weglassen',
  'this is no profile; write the id of one, e.g. `pylontech-lv`':
    'das ist kein Profil; die ID eines Profils schreiben, z. B. `pylontech-lv`',
  'a base is named by its id and found in the folders of profiles; write e.g. `pylontech-lv`':
    'eine Basis wird mit ihrer ID angegeben und in den Ordnern mit Profilen gesucht; z. B. `pylontech-lv` schreiben',
  'the base has {n:typed} frames {frame}; say by `part` or `when`, as it stands there, which one is meant':
    'die Basis hat {n} Telegramme {frame}; mit `part` oder `when`, wie es dort steht, sagen, welches gemeint ist',
  'the base sends no frame {frame}; it sends {frames:names}':
    'die Basis sendet kein Telegramm {frame}; sie sendet {frames}',
};

export const files: Sayings = { ...reading, ...profiles, ...bases };
