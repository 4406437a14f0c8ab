// The language server: one for all folders, started with the first site, started anew when asked or when a setting changes.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type Middleware, State } from "vscode-languageclient/node";

import { type Carafe, reading } from "./carafe";

const LANGUAGES = ["markdown", "html", "liquid", "yaml", "jekyll"];

/** The server's command for the tests of an include, with the address of the file. */
const RUN_TESTS = "carafe.runTests";

/** What the server leaves to editors that can do more: tests run in the Testing view, and on how many pages an include is leads to its callers. */
const MIDDLEWARE: Middleware = {
  executeCommand: (command, args: unknown[], next) => {
    const [file] = args;
    if (command !== RUN_TESTS || typeof file !== "string") return next(command, args);
    return vscode.commands.executeCommand("carafe.runIncludeTests", vscode.Uri.parse(file));
  },
  provideCodeLenses: async (document, token, next) => {
    const lenses = await next(document, token);
    for (const lens of lenses ?? []) {
      if (lens.command?.command === "") lens.command = { ...lens.command, command: "carafe.showCallers" };
    }
    return lenses;
  },
};

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private turn: Promise<void> = Promise.resolve();
  private readonly status = vscode.languages.createLanguageStatusItem("carafe", LANGUAGES);

  constructor(private readonly carafe: Carafe) {
    this.status.name = "Carafe";
    this.status.command = { command: "carafe.restart", title: "Restart" };
    this.show("stopped", vscode.LanguageStatusSeverity.Information);
  }

  /** The running client, for requests of our own. */
  get running(): LanguageClient | undefined {
    return this.client?.state === State.Running ? this.client : undefined;
  }

  /** Ends the server, if there is one, and starts it. Calls come after each other. */
  restart(): Promise<void> {
    return (this.turn = this.turn.then(async () => {
      await this.end();
      await this.start();
    }));
  }

  /** Ends the server. */
  stop(): Promise<void> {
    return (this.turn = this.turn.then(() => this.end()));
  }

  dispose(): void {
    this.status.dispose();
    void this.stop();
  }

  private async start(): Promise<void> {
    const program = await this.carafe.program(false);
    const found = await this.carafe.look();
    if (program === undefined || found.kind !== "found") {
      this.show("program not found", vscode.LanguageStatusSeverity.Error);
      return;
    }
    const options: LanguageClientOptions = {
      documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
      initializationOptions: reading(),
      outputChannel: this.carafe.output,
      middleware: MIDDLEWARE,
    };
    const client = new LanguageClient("carafe", "Carafe", { command: program, args: ["lsp"] }, options);
    this.client = client;
    try {
      await client.start();
      this.carafe.output.info(`language server of ${program}, version ${found.version}`);
      this.show(found.version, vscode.LanguageStatusSeverity.Information);
    } catch (error) {
      this.carafe.output.error(`the language server did not start: ${String(error)}`);
      this.show("did not start", vscode.LanguageStatusSeverity.Error);
    }
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // One that failed to start has nothing to be ended.
    if (client?.state === State.Running) await client.stop().catch(() => undefined);
    await client?.dispose().catch(() => undefined);
    this.show("stopped", vscode.LanguageStatusSeverity.Information);
  }

  private show(text: string, severity: vscode.LanguageStatusSeverity): void {
    this.status.text = `Carafe: ${text}`;
    this.status.severity = severity;
  }
}
