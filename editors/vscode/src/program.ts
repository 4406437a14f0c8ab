// Which program is started: where it is looked for, and whether it is one that speaks with editors.

import * as path from "node:path";

/** What the search needs of the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a file is there that can be started. */
  isProgram(file: string): Promise<boolean>;
  run(program: string, args: readonly string[]): Promise<{ code: number | null; stdout: string }>;
}

/** What came of the search. */
export type Found =
  | { readonly kind: "found"; readonly program: string; readonly version: string }
  | { readonly kind: "missing"; readonly asked: string }
  /** It starts, but it is another program of this name. */
  | { readonly kind: "foreign"; readonly program: string }
  | { readonly kind: "old"; readonly program: string; readonly version: string };

/**
 * The program that the setting `carafe.path` names; without one, `carafe` in the folders of `PATH`, then where cargo and pip put
 * programs. `folder` is what relative paths in the setting count from.
 */
export async function find(machine: Machine, setting: string, folder: string | undefined): Promise<Found> {
  const wanted = expand(machine, setting.trim(), folder);
  for (const candidate of candidates(machine, wanted, folder)) {
    if (await machine.isProgram(candidate)) {
      return probe(machine, candidate);
    }
  }
  return { kind: "missing", asked: wanted || "carafe" };
}

/** The files that may be the program, in the order in which they are tried. */
export function candidates(machine: Machine, wanted: string, folder: string | undefined): string[] {
  const paths = machine.platform === "win32" ? path.win32 : path.posix;
  const endings = machine.platform === "win32" && !/\.(exe|cmd|bat)$/i.test(wanted) ? [".exe", ""] : [""];
  const named = (start: string): string[] => endings.map((ending) => start + ending);
  if (/[\\/]/.test(wanted)) {
    // Without a folder there is nothing that a relative path could count from.
    if (!paths.isAbsolute(wanted) && folder === undefined) return [];
    return named(paths.isAbsolute(wanted) ? wanted : paths.join(folder ?? "", wanted));
  }
  const name = wanted || "carafe";
  const variable = machine.env["PATH"] ?? machine.env["Path"] ?? "";
  // A relative folder would be one of whatever was opened: what lies there was not chosen by the user.
  const folders = variable.split(paths.delimiter).filter((entry) => paths.isAbsolute(entry));
  folders.push(paths.join(machine.home, ".cargo", "bin"), paths.join(machine.home, ".local", "bin"));
  return [...new Set(folders)].flatMap((entry) => named(paths.join(entry, name)));
}

function expand(machine: Machine, setting: string, folder: string | undefined): string {
  return setting
    .replace(/^~(?=$|[\\/])/, () => machine.home)
    .replace(/\$\{workspaceFolder\}/g, () => folder ?? "")
    .replace(/\$\{userHome\}/g, () => machine.home)
    .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => machine.env[name] ?? "");
}

async function probe(machine: Machine, program: string): Promise<Found> {
  const told = await machine.run(program, ["--version"]);
  const version = versionIn(told.stdout);
  if (told.code !== 0 || version === undefined) {
    return { kind: "foreign", program };
  }
  // Asked and not derived from the number: only the program knows what it can do.
  const speaks = await machine.run(program, ["lsp", "--help"]);
  return speaks.code === 0 ? { kind: "found", program, version } : { kind: "old", program, version };
}

/** The version in what `carafe --version` prints. */
export function versionIn(text: string): string | undefined {
  return /^carafe (\d+\.\d+\.\d+\S*)\s*$/m.exec(text)?.[1];
}
