import { type ColumnName, columnNames, columns, type Quantity, type SpanValues } from './columns.ts';

interface Course {
  weightMs: number;
  weighted: number;
  sum: number;
  least: number;
  greatest: number;
}

const outcome = {
  mean: ({ weighted, weightMs }: Course) => weighted / weightMs,
  min: ({ least }: Course) => least,
  max: ({ greatest }: Course) => greatest,
  sum: ({ sum }: Course) => sum,
};

const quantities = [...new Set(Object.values(columns).map(({ of }) => of))];

/** What was measured in one minute, value after value. */
export class Tally {
  coveredMs = 0;
  readonly #courses = new Map<Quantity, Course>();

  /** Each value stands for `forMs`, which is above 0; what is undefined is not known. */
  add(values: { readonly [Q in Quantity]?: number | undefined }, forMs: number): void {
    this.coveredMs += forMs;
    for (const of of quantities) {
      const value = values[of];
      if (value !== undefined && Number.isFinite(value)) this.#take(of, value, forMs);
    }
  }

  values(): SpanValues {
    return Object.fromEntries(columnNames.flatMap((name) => this.#column(name)));
  }

  #column(name: ColumnName): [ColumnName, number][] {
    const { of, way } = columns[name];
    const course = this.#courses.get(of);
    return course ? [[name, outcome[way](course)]] : [];
  }

  #take(of: Quantity, value: number, forMs: number): void {
    const course = this.#courses.get(of);
    this.#courses.set(of, {
      weightMs: forMs + (course?.weightMs ?? 0),
      weighted: value * forMs + (course?.weighted ?? 0),
      sum: value + (course?.sum ?? 0),
      least: Math.min(value, course?.least ?? value),
      greatest: Math.max(value, course?.greatest ?? value),
    });
  }
}
