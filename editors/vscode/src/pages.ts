// Which address shows a file, from what `carafe graph` tells.

/** A page of the site. */
export interface Page {
  /** Its address below the site's own, with a `/` at its start. */
  readonly url: string;
  readonly source: string;
  /** `PRODUCT/RELEASE`, of pages that are written once for several releases. */
  readonly release: string | null;
  /** The files that it was made of. */
  readonly files: ReadonlySet<string>;
}

interface Read {
  kind: string;
  of?: string;
}

/** Reads what `carafe graph --format json` prints; `undefined` when the text is none of it. */
export function parseGraph(text: string): Page[] | undefined {
  let pages: unknown;
  try {
    pages = (JSON.parse(text) as { pages?: unknown } | null)?.pages;
  } catch {
    return undefined;
  }
  if (!Array.isArray(pages)) return undefined;
  const files = (reads: readonly Read[]): Set<string> =>
    new Set(reads.filter((read) => read.kind === "file" || read.kind === "data").flatMap((read) => read.of ?? []));
  return (pages as (Omit<Page, "files"> & { reads: Read[] })[]).map(({ url, source, release, reads }) => ({ url, source, release, files: files(reads) }));
}

/** The pages that a file is the source of; for an include, a template or a data file, those that read it. */
export function pagesOf(pages: readonly Page[], file: string): Page[] {
  const own = pages.filter((page) => page.source === file);
  return own.length > 0 ? own : pages.filter((page) => page.files.has(file));
}

/**
 * The page to show: the one in view if it will do, else the one of the same release, else one of no release, else the newest release's.
 */
export function choose(pages: readonly Page[], shown: Page | undefined): Page | undefined {
  const inView = pages.find((page) => page.url === shown?.url);
  if (inView !== undefined) return inView;
  const sameRelease = pages.find((page) => page.release === (shown?.release ?? null));
  if (sameRelease !== undefined) return sameRelease;
  const newest = (best: Page, page: Page): Page => (compare(page.release ?? "", best.release ?? "") > 0 ? page : best);
  return pages.length > 0 ? pages.reduce(newest) : undefined;
}

const compare = new Intl.Collator("en", { numeric: true }).compare;

/** The whole address of a page on the server that said that it serves at `served`. */
export function addressOf(served: string, page: Page): string {
  // `url` is a path as people read it: what would be a query or a fragment belongs to it.
  const path = page.url.replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
  return served.replace(/\/*$/, "/") + path;
}

/** Where a server says that it serves, in what it has printed so far. */
export function servingAt(printed: string): string | undefined {
  return /^Serving at (https?:\/\/\S+)\r?\n/m.exec(printed)?.[1];
}

/** The front matter of a text, which may say where its page is; empty without one. */
export function frontMatter(text: string): string {
  return /^---[ \t]*\r?\n(?:[\s\S]*?\n)?(?:---|\.\.\.)[ \t]*(?=\r?\n|$)/.exec(text.replace(/^\uFEFF/, ""))?.[0] ?? "";
}
