// Tasks: `carafe check`, `build` and `test` for the site in each folder, and for the one of the active editor.

import * as path from "node:path";
import * as vscode from "vscode";

import { activeFile, type Carafe, flags, isSite, nameOf } from "./carafe";

const COMMANDS = ["check", "build", "test"] as const;

/** What stands in `tasks.json`. */
interface Definition extends vscode.TaskDefinition {
  readonly command: string;
  /** The site's folder, from the workspace folder on. */
  readonly site?: string;
  readonly args?: readonly string[];
}

export function tasks(carafe: Carafe): vscode.Disposable {
  return vscode.tasks.registerTaskProvider("carafe", {
    provideTasks: async () => {
      const program = await carafe.program(false);
      if (program === undefined) return [];
      return places().flatMap(([folder, site]) =>
        COMMANDS.map((command) => task(program, folder, site === "" ? { type: "carafe", command } : { type: "carafe", command, site })),
      );
    },
    resolveTask: async (given) => {
      const program = await carafe.program(false);
      const folder = typeof given.scope === "object" ? given.scope : vscode.workspace.workspaceFolders?.[0];
      const definition = given.definition as Definition;
      return program !== undefined && folder !== undefined && definition.command ? task(program, folder, definition) : undefined;
    },
  });
}

/** The sites that tasks are proposed for: those in the workspace folders, and the one of the active editor. */
function places(): [vscode.WorkspaceFolder, string][] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => isSite(uri));
  const found: [vscode.WorkspaceFolder, string][] = folders.map((folder) => [folder, ""]);
  const active = activeFile();
  const folder = active && vscode.workspace.getWorkspaceFolder(vscode.Uri.file(active.site));
  const inner = active && folder && path.relative(folder.uri.fsPath, active.site).split(path.sep).join("/");
  if (folder && inner) found.push([folder, inner]);
  return found;
}

function task(program: string, folder: vscode.WorkspaceFolder, definition: Definition): vscode.Task {
  const site = path.join(folder.uri.fsPath, definition.site ?? "");
  const args = [definition.command, ...flags(), ...(definition.args ?? [])];
  const execution = new vscode.ProcessExecution(program, args, { cwd: site });
  const name = definition.site === undefined ? definition.command : `${definition.command} ${nameOf(site)}`;
  // Places count from the site's folder.
  const made = new vscode.Task(definition, folder, name, "carafe", execution, definition.site === undefined ? "$carafe" : "$carafe-below");
  if (definition.command === "build") made.group = vscode.TaskGroup.Build;
  if (definition.command === "test") made.group = vscode.TaskGroup.Test;
  return made;
}
