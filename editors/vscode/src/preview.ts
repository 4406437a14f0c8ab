// The preview: the page of the active editor beside it, from `carafe serve`, which has it follow the edits.

import * as vscode from "vscode";

import { activeFile, type Carafe, nameOf, type SiteFile } from "./carafe";
import { addressOf, choose, type Page, pagesOf } from "./pages";
import { html } from "./previewPage";
import { PreviewServer } from "./previewServer";

/** What the panel tells. */
type Told = { readonly kind: "choose"; readonly url: string } | { readonly kind: "outside" };

export class Preview implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private readonly servers = new Map<string, Promise<PreviewServer | undefined>>();
  private readonly listeners: vscode.Disposable[];
  /** What is shown. */
  private shown: { server: PreviewServer; page: Page; choices: Page[] } | undefined;
  /** Counts the moves, so that a slow answer does not undo a later one. */
  private move = 0;

  constructor(private readonly carafe: Carafe) {
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.panel && void this.follow()),
      vscode.workspace.onDidRenameFiles(() => this.panel && void this.follow()),
    ];
  }

  /** Opens the preview beside the active editor, or brings it into view. */
  async open(): Promise<void> {
    const file = activeFile();
    if (file === undefined) {
      void vscode.window.showInformationMessage("Carafe: open a file of a site first; a site is a folder with carafe.yml or _config.yml.");
      return;
    }
    if (this.panel === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const panel = vscode.window.createWebviewPanel("carafe.preview", "Preview", column, { enableScripts: true, retainContextWhenHidden: true });
      panel.webview.onDidReceiveMessage((told: Told) => void this.told(told));
      panel.onDidDispose(() => this.closed());
      this.panel = panel;
      this.say("Starting the preview …");
    } else {
      this.panel.reveal(undefined, true);
    }
    await this.show(file);
  }

  /** The whole address of what is shown. */
  get address(): string | undefined {
    return this.shown && addressOf(this.shown.server.address, this.shown.page);
  }

  dispose(): void {
    this.panel?.dispose();
    this.closed();
    this.listeners.forEach((listener) => listener.dispose());
  }

  /** Ends the servers; the program or its settings have changed. */
  async restart(): Promise<void> {
    this.endServers();
    if (this.panel !== undefined) await this.follow();
  }

  private async follow(): Promise<void> {
    const file = activeFile();
    // Without an editor the focus is in the preview or in a list: what is shown stays.
    if (file !== undefined) await this.show(file);
  }

  private async show(file: SiteFile): Promise<void> {
    const move = ++this.move;
    let server: PreviewServer | undefined;
    try {
      server = await this.server(file.site);
    } catch (error) {
      this.servers.delete(file.site);
      if (move === this.move) this.say(`The preview did not start.\n\n${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (server === undefined) {
      this.servers.delete(file.site);
      if (move === this.move) this.say("The program carafe was not found.");
      return;
    }
    const choices = await pagesFor(server, file.path);
    if (move !== this.move || this.panel === undefined) return;
    const before = this.shown?.server === server ? this.shown.page : undefined;
    const page = choose(choices, before);
    if (page === undefined) {
      // Nothing shows this file, for example a configuration: what is in view stays, or the site's start is shown.
      if (before === undefined) await this.visit({ server, page: { url: "/", source: "", release: null, files: new Set() }, choices: [] });
      return;
    }
    const isSame = this.shown?.server === server && before?.url === page.url && sameUrls(this.shown.choices, choices);
    if (!isSame) await this.visit({ server, page, choices });
  }

  private async visit(shown: NonNullable<typeof this.shown>): Promise<void> {
    this.shown = shown;
    const panel = this.panel;
    if (panel === undefined) return;
    // On another machine, the editor opens a way to the port; not every one keeps what stands behind it.
    const { origin } = new URL(shown.server.address);
    const outside = (await vscode.env.asExternalUri(vscode.Uri.parse(origin))).toString(true);
    const address = addressOf(outside.replace(/\/*$/, "") + shown.server.address.slice(origin.length), shown.page);
    panel.title = `Preview ${nameOf(shown.server.site)}`;
    panel.webview.html = html(panel.webview.cspSource, { kind: "page", address, page: shown.page, choices: shown.choices });
  }

  private async told(told: Told): Promise<void> {
    const shown = this.shown;
    if (shown === undefined) return;
    if (told.kind === "outside") {
      await vscode.env.openExternal(vscode.Uri.parse(addressOf(shown.server.address, shown.page)));
    }
    if (told.kind === "choose") {
      const page = shown.choices.find((choice) => choice.url === told.url);
      if (page !== undefined) await this.visit({ ...shown, page });
    }
  }

  private server(site: string): Promise<PreviewServer | undefined> {
    const known = this.servers.get(site);
    if (known !== undefined) return known;
    const started = PreviewServer.start(this.carafe, site, (ended) => {
      if (this.servers.get(ended) === started) this.servers.delete(ended);
    });
    this.servers.set(site, started);
    return started;
  }

  private say(text: string): void {
    this.shown = undefined;
    if (this.panel !== undefined) this.panel.webview.html = html(this.panel.webview.cspSource, { kind: "message", text });
  }

  private closed(): void {
    this.panel = undefined;
    this.shown = undefined;
    this.endServers();
  }

  private endServers(): void {
    for (const server of this.servers.values()) void server.then((started) => started?.stop()).catch(() => undefined);
    this.servers.clear();
    this.shown = undefined;
  }
}

async function pagesFor(server: PreviewServer, file: string): Promise<Page[]> {
  const known = pagesOf((await server.list(false)) ?? [], file);
  return known.length > 0 ? known : pagesOf((await server.list(true)) ?? [], file);
}

function sameUrls(before: readonly Page[], now: readonly Page[]): boolean {
  return before.length === now.length && before.every((page, at) => page.url === now[at]?.url);
}
