// Was der YAML-Leser an einem Text auszusetzen hat, die häufigsten Fälle (src/profile/document.ts); die übrigen bleiben englisch.
import type { Sayings } from '../../gateway-said.ts';

export const yaml: Sayings = {
  'this is not YAML: {fault:why}; correct it here or in the line above':
    'das ist kein YAML: {fault}; hier oder in der Zeile darüber berichtigen',
  'nested mappings are not allowed in compact mappings':
    'in einer Zeile kann nicht zweimal ein Schlüssel mit Doppelpunkt stehen',
  'implicit keys need to be on a single line': 'ein Schlüssel muss in einer Zeile stehen',
  'implicit map keys need to be followed by map values': 'hinter einem Schlüssel fehlt der Doppelpunkt',
  'with stringKeys, all keys must be strings': 'ein Schlüssel muss ein Text sein',
  'a block sequence may not be used as an implicit map key': 'eine Liste mit - kann kein Schlüssel sein',
  'unexpected block-seq-ind on same line with key':
    'eine Liste mit - kann nicht in der Zeile ihres Schlüssels beginnen',
  'all mapping items must start at the same column':
    'alle Schlüssel einer Zuordnung müssen in derselben Spalte beginnen',
  'sequence item without - indicator': 'vor einem Eintrag der Liste fehlt das -',
  'tabs are not allowed as indentation': 'Tabulatoren gehen nicht als Einrückung',
  "missing closing 'quote": "das schließende Anführungszeichen ' fehlt",
  'missing closing "quote': 'das schließende Anführungszeichen " fehlt',
  'plain value cannot start with reserved character {sign:rest}':
    'ein Wert ohne Anführungszeichen kann nicht mit {sign} beginnen',
  'plain value cannot start with block scalar indicator {sign:rest}':
    'ein Wert ohne Anführungszeichen kann nicht mit {sign} beginnen',
  'plain value cannot start with directive indicator character %':
    'ein Wert ohne Anführungszeichen kann nicht mit % beginnen',
  'block scalar header includes extra characters: {text:rest}': '{text} hat hier ein Zeichen zu viel',
  'invalid escape sequence {sequence}': 'die Zeichenfolge {sequence} gibt es nicht',
  'missing , or : between {where:said} items':
    'ein Komma oder ein Doppelpunkt fehlt zwischen zwei Einträgen {where}',
  'unexpected , in {where:said}': 'ein Komma zu viel in {where}',
  'flow map': 'einer Zuordnung',
  'flow sequence': 'einer Liste',
  'unexpected {what} at node end': 'hinter dem Wert steht noch etwas ({what})',
  'unexpected {what} token in YAML stream: "{sign:rest}"': '"{sign}" passt hier nicht ({what})',
  'block collections are not allowed within flow collections':
    'in Klammern geht das nicht; vielleicht fehlt ein Komma',
  'flow map in block collection must be sufficiently indented and end with a }':
    'einer Zuordnung fehlt die schließende Klammer }, oder sie ist nicht weit genug eingerückt',
  'flow sequence in block collection must be sufficiently indented and end with a ]':
    'einer Liste fehlt die schließende Klammer ], oder sie ist nicht weit genug eingerückt',
  'flow map must end with a }': 'einer Zuordnung fehlt die schließende Klammer }',
  'flow sequence must end with a ]': 'einer Liste fehlt die schließende Klammer ]',
  'comments must be separated from other tokens by white space characters':
    'vor einem Kommentar fehlt ein Leerzeichen',
  'unresolved tag: {tag:rest}': 'die Marke {tag} gibt es nicht',
};
