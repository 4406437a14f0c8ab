// Where the editor starts: makes the features, and has them follow the settings.

import * as vscode from "vscode";

import { activeFile, Carafe } from "./carafe";
import { commands } from "./commands";
import { language } from "./language";
import { Preview } from "./preview";
import { Server } from "./server";
import { tasks } from "./tasks";
import { Tests } from "./tests";

/** What the extension's own test in the editor looks at. */
export interface Features {
  readonly server: Server;
  readonly preview: Preview;
  readonly tests: Tests;
}

export async function activate(context: vscode.ExtensionContext): Promise<Features> {
  const output = vscode.window.createOutputChannel("Carafe", { log: true });
  const carafe = new Carafe(output);
  const server = new Server(carafe);
  const preview = new Preview(carafe);
  const tests = new Tests(carafe);
  const changes = vscode.workspace.onDidChangeConfiguration((event) => {
    // `carafe.trace` is the client's own, and takes effect at once.
    if (event.affectsConfiguration("carafe") && !event.affectsConfiguration("carafe.trace")) {
      void vscode.commands.executeCommand("carafe.restart");
    }
  });
  // What menus offer only in files of a site.
  const mark = (): void => void vscode.commands.executeCommand("setContext", "carafe.inSite", activeFile() !== undefined);
  const moves = vscode.window.onDidChangeActiveTextEditor(mark);
  mark();
  context.subscriptions.push(output, server, preview, tests, changes, moves, tasks(carafe), ...language(), ...commands(carafe, server, preview, tests));
  await server.restart();
  return { server, preview, tests };
}
