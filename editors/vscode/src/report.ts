// What `carafe test --format json` tells.

/** Something that is wrong, and where. Lines and columns count from 1, columns in characters. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly help: string | null;
  readonly expected?: string;
  readonly found?: string;
}

/** A test and what became of it. */
export interface Test {
  readonly name: string;
  readonly include: string | null;
  readonly file: string;
  readonly line: number | null;
  readonly passed: boolean;
  readonly problems: readonly Problem[];
}

/** A branch of an include: one that is `written`, or the way past an `if` without `else`. */
export interface Branch {
  readonly line: number | null;
  readonly column: number | null;
  readonly written: boolean;
  readonly taken: boolean;
}

/** What the tests used of an include. */
export interface Coverage {
  readonly include: string;
  readonly file: string;
  readonly tests: number;
  readonly branches: readonly Branch[];
}

/** The whole report. */
export interface Report {
  readonly tests: readonly Test[];
  readonly includes: readonly Coverage[];
  /** Mistakes in test files and in the documentation of includes. */
  readonly findings: readonly Problem[];
}

/** Reads a report; `undefined` when the text is none, as when the site's configuration cannot be read. */
export function parseReport(text: string): Report | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const lists = ["tests", "includes", "findings"] as const;
  const isReport = typeof value === "object" && value !== null && lists.every((key) => Array.isArray((value as Report)[key]));
  return isReport ? (value as Report) : undefined;
}

/** The name of a test below its include: `in a list` of `install.md: in a list`. */
export function label(test: Test): string {
  const start = `${test.include ?? test.file}: `;
  return test.name.startsWith(start) ? test.name.slice(start.length) : test.name;
}

/** Tests by what they are about: the include, or the file of those that call several. */
export function grouped(tests: readonly Test[]): Map<string, Test[]> {
  const groups = new Map<string, Test[]>();
  for (const test of tests) {
    const name = test.include ?? test.file;
    groups.set(name, [...(groups.get(name) ?? []), test]);
  }
  return groups;
}

/** Branches that stand at the same tag. */
export function byPlace(branches: readonly Branch[]): { line: number; column: number; branches: Branch[] }[] {
  const places = new Map<string, { line: number; column: number; branches: Branch[] }>();
  for (const branch of branches) {
    if (branch.line === null || branch.column === null) continue;
    const key = `${branch.line}:${branch.column}`;
    const place = places.get(key) ?? { line: branch.line, column: branch.column, branches: [] };
    place.branches.push(branch);
    places.set(key, place);
  }
  return [...places.values()];
}

/** The position in UTF-16 units, from 0, of a column that counts characters from 1. */
export function unitsBefore(line: string, column: number): number {
  let units = 0;
  let characters = 1;
  for (const character of line) {
    if (characters >= column) break;
    units += character.length;
    characters += 1;
  }
  return units;
}
