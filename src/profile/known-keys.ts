/** The part of a JSON Schema that tells which keys a map may have. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape | readonly Shape[] | boolean;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Shape>>;
}

const isShape = (s: unknown): s is Shape => typeof s === 'object' && s !== null && !Array.isArray(s);

/** Every form that a shape may take, references followed. */
function forms(shape: Shape, root: Shape): Shape[] {
  const name = shape.$ref?.replace('#/definitions/', '');
  const referred = name === undefined ? undefined : root.definitions?.[name];
  const others = [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.allOf ?? [])];
  return [shape, ...(referred ? [referred] : []), ...others].flatMap((s) =>
    s === shape ? [s] : forms(s, root),
  );
}

const below = (shape: Shape, step: PropertyKey): Shape[] =>
  [
    typeof step === 'number' ? shape.items : undefined,
    shape.properties?.[String(step)],
    shape.additionalProperties,
  ].filter(isShape);

/** The keys that a schema (as JSON Schema) knows at a path, e.g. `['batteries', 0]`. */
export function knownKeys(root: Shape, path: readonly PropertyKey[]): string[] {
  let here = forms(root, root);
  for (const step of path) here = here.flatMap((s) => below(s, step)).flatMap((s) => forms(s, root));
  return [...new Set(here.flatMap((s) => Object.keys(s.properties ?? {})))];
}
