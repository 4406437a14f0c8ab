// `carafe serve` for one site, and the addresses of its pages.

import { type ChildProcess, spawn } from "node:child_process";

import { type Carafe, flags } from "./carafe";
import { type Page, parseGraph, servingAt } from "./pages";

export class PreviewServer {
  private pages: Promise<readonly Page[]> | undefined;
  private isStale = false;

  private constructor(
    private readonly carafe: Carafe,
    readonly site: string,
    private readonly child: ChildProcess,
    /** Where it serves. */
    readonly address: string,
  ) {}

  /** Starts a server on a free port; fails with what it has printed, when it ends before it serves. */
  static async start(carafe: Carafe, site: string, ended: (site: string) => void): Promise<PreviewServer | undefined> {
    const program = await carafe.program(true);
    if (program === undefined) return undefined;
    const child = spawn(program, ["serve", "--port", "0", ...flags()], { cwd: site, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let printed = "";
    const address = await new Promise<string>((resolve, reject) => {
      const take = (text: string): void => {
        carafe.output.info(`serve: ${text.trimEnd()}`);
        printed += text;
        const found = servingAt(printed);
        if (found !== undefined) resolve(found);
      };
      child.stdout.setEncoding("utf8").on("data", take);
      child.stderr.setEncoding("utf8").on("data", take);
      child.on("error", reject);
      child.on("close", () => {
        reject(new Error(printed.trim() || "`carafe serve` has ended"));
        ended(site);
      });
    });
    return new PreviewServer(carafe, site, child, address);
  }

  /** All pages, as they were when they were asked for last. */
  list(): Promise<readonly Page[]> {
    return (this.pages ??= this.ask());
  }

  /** All pages as they are now. */
  renew(): Promise<readonly Page[]> {
    return (this.pages = this.ask());
  }

  /** A file of the site has changed: a page may have come, gone or moved. */
  touch(): void {
    this.isStale = true;
  }

  /** Whether what `list` gives may be outdated. */
  get stale(): boolean {
    return this.isStale;
  }

  private async ask(): Promise<readonly Page[]> {
    this.isStale = false;
    const ended = await this.carafe.run(this.site, ["graph", "--format", "json"]);
    return (ended && parseGraph(ended.stdout)) ?? [];
  }

  stop(): void {
    this.child.kill();
  }
}
