// Which site a file belongs to, by the rule of the language server: the nearest folder above it with a configuration.

import * as path from "node:path";

/** What a site's configuration is called. */
export const CONFIGURATIONS = ["carafe.yml", "_config.yml"] as const;

/** The folder of the site that a file belongs to. `exists` tells whether a file is there. */
export function siteOf(file: string, exists: (file: string) => boolean, paths: path.PlatformPath = path): string | undefined {
  for (let folder = paths.dirname(file); ; folder = paths.dirname(folder)) {
    if (CONFIGURATIONS.some((name) => exists(paths.join(folder, name)))) return folder;
    if (folder === paths.dirname(folder)) return undefined;
  }
}

/** The path of a file within a site, with `/` between folders; `undefined` for files elsewhere. */
export function within(site: string, file: string, paths: path.PlatformPath = path): string | undefined {
  const relative = paths.relative(site, file);
  const leadsOut = relative === "" || relative === ".." || relative.startsWith(`..${paths.sep}`) || paths.isAbsolute(relative);
  return leadsOut ? undefined : relative.split(paths.sep).join("/");
}
