// The program as the editor's features use it: found once, asked with the settings of the site.

import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";

import { type Ended, machine, run } from "./process";
import { find, type Found } from "./program";
import { CONFIGURATIONS, siteOf, within } from "./sites";

/** The settings. */
export function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("carafe");
}

/** A file of a site. */
export interface SiteFile {
  /** The site's folder. */
  readonly site: string;
  /** The file's path in it. */
  readonly path: string;
}

/** The site of a file on the disk, by the nearest configuration above it. */
export function fileIn(uri: vscode.Uri): SiteFile | undefined {
  if (uri.scheme !== "file") return undefined;
  const site = siteOf(uri.fsPath, (file) => fs.existsSync(file));
  const inner = site === undefined ? undefined : within(site, uri.fsPath);
  return site === undefined || inner === undefined ? undefined : { site, path: inner };
}

/** Whether a folder on the disk is a site. */
export function isSite({ scheme, fsPath }: vscode.Uri): boolean {
  return scheme === "file" && CONFIGURATIONS.some((name) => fs.existsSync(path.join(fsPath, name)));
}

/** The file in the active editor, if it belongs to a site. */
export function activeFile(): SiteFile | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri && fileIn(uri);
}

/** How a site is called in lists. */
export function nameOf(site: string): string {
  const name = vscode.workspace.asRelativePath(site, (vscode.workspace.workspaceFolders?.length ?? 0) > 1);
  return name === site ? path.basename(site) : name;
}

/** The program. */
export class Carafe {
  private found: Promise<Found> | undefined;
  private told = false;

  constructor(readonly output: vscode.LogOutputChannel) {}

  /** Looks for the program, if that was not done yet. */
  look(): Promise<Found> {
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath;
    return (this.found ??= find(machine, settings().get("path", ""), folder));
  }

  /** Forgets what was found: the setting has changed, or the program was installed meanwhile. */
  forget(): void {
    this.found = undefined;
    this.told = false;
  }

  /** The program; tells the user what to do when there is none, once unless `asked` for. */
  async program(asked: boolean): Promise<string | undefined> {
    const found = await this.look();
    if (found.kind === "found") return found.program;
    this.output.warn(complaint(found));
    if (asked || !this.told) {
      this.told = true;
      void this.complain(found);
    }
    return undefined;
  }

  /** Why there is no program. */
  async why(): Promise<string> {
    const found = await this.look();
    return found.kind === "found" ? "" : complaint(found);
  }

  /** Runs a command of the program in a site's folder; `operands` come last. `undefined` when there is no program, of which the user was told. */
  async run(site: string, args: readonly string[], signal?: AbortSignal, operands: readonly string[] = []): Promise<Ended | undefined> {
    const program = await this.program(false);
    if (program === undefined) return undefined;
    const all = [...args, ...flags(), ...operands];
    this.output.debug(`${program} ${all.join(" ")} (in ${site})`);
    const ended = await run(program, all, site, signal);
    if (ended.code !== 0) this.output.debug(`ended with ${ended.code}: ${ended.stderr.trim()}`);
    return ended;
  }

  private async complain(found: Exclude<Found, { kind: "found" }>): Promise<void> {
    const [choose, again, more] = ["Choose the Program…", "Look Again", "How to Install"];
    const answer = await vscode.window.showErrorMessage(complaint(found), choose, again, more);
    if (answer === choose) await choosePath();
    if (answer === again) await vscode.commands.executeCommand("carafe.restart");
    if (answer === more) await vscode.commands.executeCommand("extension.open", "carafe.carafe");
  }
}

/** What is wrong, in words. */
function complaint(found: Exclude<Found, { kind: "found" }>): string {
  switch (found.kind) {
    case "missing":
      return `Carafe: the program “${found.asked}” was not found. Install it, or name its place in the setting “carafe.path”.`;
    case "foreign":
      return `Carafe: “${found.program}” is another program, or cannot be started. Name the right one in the setting “carafe.path”.`;
    case "old":
      return `Carafe: “${found.program}” (${found.version}) is too old: it has no language server. Install a newer one, or name it in the setting “carafe.path”.`;
  }
}

async function choosePath(): Promise<void> {
  const [file] = (await vscode.window.showOpenDialog({ title: "The program carafe", openLabel: "Use This" })) ?? [];
  // The change of the setting has the server started anew.
  if (file) await settings().update("path", file.fsPath, vscode.ConfigurationTarget.Global);
}

/** What the settings say of how sites are read, as flags of the commands. */
export function flags(): string[] {
  const { drafts, future, unpublished, environment, includes } = reading();
  return [
    ...(drafts ? ["--drafts"] : []),
    ...(future ? ["--future"] : []),
    ...(unpublished ? ["--unpublished"] : []),
    ...(environment ? ["--environment", environment] : []),
    ...includes.flatMap((folder) => ["--includes", folder]),
  ];
}

/** The same as the language server takes it. */
export function reading(): { drafts: boolean; future: boolean; unpublished: boolean; environment: string | undefined; includes: string[] } {
  const all = settings();
  return {
    drafts: all.get("drafts", false),
    future: all.get("future", false),
    unpublished: all.get("unpublished", false),
    environment: all.get<string>("environment") || undefined,
    includes: all.get<string[]>("includes", []),
  };
}
