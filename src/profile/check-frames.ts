import { type Finding, found, layoutFindings, whenFindings } from './check-slots.ts';
import { idText } from './describe.ts';
import { frameLayouts } from './layout.ts';
import { canMeet } from './options.ts';
import type { CanSpec, Profile } from './schema.ts';

export function frameFindings(can: CanSpec, options: Profile['options']): Finding[] {
  const layouts = frameLayouts(can);
  return layouts.flatMap((frame, i) => {
    const twin = layouts
      .slice(0, i)
      .find((o) => o.id === frame.id && o.extended === frame.extended && canMeet(o.when, frame.when));
    return [
      ...(twin
        ? [found([...frame.path, 'id'], `frame ${idText(frame)} is described twice; join the two`)]
        : []),
      ...(frame.id > 0x7ff && !frame.extended
        ? [
            found(
              [...frame.path, 'id'],
              `${idText(frame)} does not fit 11 bits; add \`extended: true\` or correct it`,
            ),
          ]
        : []),
      ...whenFindings(options, frame.path, frame.when),
      ...layoutFindings(frame, options),
    ];
  });
}
