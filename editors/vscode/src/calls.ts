// Calls of an include in a text.

const CALL = /\{%-?\s*(?:include|include_cached|include_relative|render)\s+(["']?)([^\s"'%{}]+)\1/g;

/** Where a text may call the include that lies at `path`: the positions of names that its path ends with. */
export function callsIn(text: string, path: string): number[] {
  // Calls name the path below the folder of includes, with or without the ending.
  const paths = [`/${path}`, `/${path.replace(/\.[^./]+$/, "")}`];
  return [...text.matchAll(CALL)].flatMap((call) => {
    const [whole, quote = "", written = ""] = call;
    const name = written.replace(/^\.\//, "");
    return paths.some((one) => one.endsWith(`/${name}`)) ? [call.index + whole.length - name.length - quote.length] : [];
  });
}
