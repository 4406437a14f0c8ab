// The preview: the page of the active editor beside it, from `carafe serve`, which has it follow the edits.

import * as vscode from "vscode";

import { activeFile, type Carafe, fileIn, nameOf, type SiteFile } from "./carafe";
import { addressOf, choose, frontMatter, type Page, pagesOf } from "./pages";
import { html } from "./previewPage";
import { PreviewServer } from "./previewServer";

/** What the panel tells. */
type Told = { readonly kind: "choose"; readonly url: string } | { readonly kind: "outside" } | { readonly kind: "reload" };

export class Preview implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private readonly servers = new Map<string, Promise<PreviewServer | undefined>>();
  private readonly listeners: vscode.Disposable[];
  /** What is shown. */
  private shown: { server: PreviewServer; file: SiteFile; page: Page; choices: Page[] } | undefined;
  /** The front matter of the active file, as it lies on the disk. */
  private front: string | undefined;
  /** Counts the moves, so that a slow answer does not undo a later one. */
  private move = 0;

  constructor(private readonly carafe: Carafe) {
    this.listeners = [
      vscode.window.onDidChangeActiveTextEditor(() => this.panel && void this.follow()),
      vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)),
      vscode.workspace.onDidCreateFiles(({ files }) => this.touched(files)),
      vscode.workspace.onDidDeleteFiles(({ files }) => this.touched(files)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        this.touched(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri]));
        if (this.panel) void this.follow();
      }),
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
    if (file === undefined) return;
    const document = vscode.window.activeTextEditor?.document;
    this.front = document === undefined || document.isDirty ? undefined : frontMatter(document.getText());
    await this.show(file);
  }

  /** Shows the page of a file; `anew` even if it is in view. */
  private async show(file: SiteFile, anew = false): Promise<void> {
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
      const why = await this.carafe.why();
      if (move === this.move) this.say(why);
      return;
    }
    // What is known is shown at once; what may have moved since, or come, when that is known.
    if (!anew) await this.take(move, server, file, await server.list(), false);
    if (anew || server.stale) await this.take(move, server, file, await server.renew(), anew);
  }

  /** Shows one of the pages that would do for a file, unless something else is wanted by now. */
  private async take(move: number, server: PreviewServer, file: SiteFile, pages: readonly Page[], anew: boolean): Promise<void> {
    if (move !== this.move || this.panel === undefined) return;
    const before = this.shown?.server === server ? this.shown : undefined;
    const choices = pagesOf(pages, file.path);
    // What nothing shows, a configuration for example, leaves what is in view of the same site; else the site's start will do.
    const page = choose(choices, before?.page) ?? before?.page ?? { url: "/", source: "", release: null, files: new Set() };
    const isInView = before?.page.url === page.url && (choices.length === 0 || sameUrls(before.choices, choices));
    if (anew || !isInView) await this.visit({ server, file, page, choices });
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
    // Its address may have changed since.
    if (told.kind === "reload") await this.show(shown.file, true);
    if (told.kind === "choose") {
      const page = shown.choices.find((choice) => choice.url === told.url);
      if (page !== undefined) await this.visit({ ...shown, page });
    }
  }

  private saved(document: vscode.TextDocument): void {
    this.touched([document.uri]);
    if (this.panel === undefined || document !== vscode.window.activeTextEditor?.document) return;
    // Only what a page says of itself moves it; all else the page follows by itself. Where none is shown, the reason may be gone.
    if (this.shown === undefined || frontMatter(document.getText()) !== this.front) void this.follow();
  }

  private touched(files: readonly vscode.Uri[]): void {
    const sites = new Set(files.map((file) => fileIn(file)?.site));
    for (const [site, server] of this.servers) {
      if (sites.has(site)) void server.then((started) => started?.touch()).catch(() => undefined);
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

function sameUrls(before: readonly Page[], now: readonly Page[]): boolean {
  return before.length === now.length && before.every((page, at) => page.url === now[at]?.url);
}
