// The page for addresses that do not exist looks for the pages that were meant. It alone fetches this.
/** How many pages are shown, how like they must be, and how many other releases of a product are asked. */
const SHOWN = 5, LEAST = .62, RELEASES = 8;
/** A part of an address that names a release. */
const RELEASE = /^(v?\d[\dx]*([._-][\dx]+)*([-._]?(alpha|beta|rc|pre)[-._\d]*)?|latest|stable|next|current|main|master)$/;

/** The page in the language of the address, where this one is in another: web servers know one such page for all. */
const inLanguage = async () => {
	const links = [...document.querySelectorAll(".languages a[hreflang]")].filter(link => location.pathname.startsWith(link.pathname));
	const nearest = links.sort((a, b) => b.pathname.length - a.pathname.length)[0];
	if (!nearest || nearest.ariaCurrent) return false;
	const answer = await fetch(nearest.pathname + "404.html").catch(() => ({}));
	if (!answer.ok) return false;
	const html = await answer.text();
	document.open();
	document.write(html);
	document.close();
	return true;
};

/** Shows in `box` what pages were perhaps meant; `finder` is the button of the search, which knows where the indexes are. */
export const suggest = async (box, finder) => {
	if (await inLanguage()) return;
	const { root, script, search } = finder.dataset, { distance, fold, load, open } = await import(script);
	const tidy = path => fold(path).replace(/(\/index)?(\.(html?|md|php|aspx?))?\/*$/, "").split("/").filter(Boolean);
	const wordsOf = text => new Set(fold(text).match(/[\p{Alphabetic}\p{N}]+/gu));
	const like = (a, b) => { const long = Math.max(a.length, b.length); return 1 - distance(a, b, long >> 1) / long; };
	const share = (a, b) => [...a].filter(word => b.has(word)).length / Math.max(a.size, b.size, 1);

	let path = location.pathname.startsWith(root + "/") ? location.pathname.slice(root.length) : location.pathname;
	try { path = decodeURIComponent(path); } catch {}
	path = path.slice(0, 300);
	const whole = tidy(path), asked = whole.filter(part => !RELEASE.test(part)), last = asked.at(-1) || "", words = wordsOf(last);
	const rest = parts => parts.slice(0, -1).reverse();
	/** How like the asked address a page is: 2 for the same page of another release. */
	const score = (title, parts) => {
		const own = parts.at(-1);
		if (!own || !last) return 0;
		if (parts.join("/") === asked.join("/")) return 2;
		const called = wordsOf(title), name = Math.max(like(last, own), like(last, [...called].join("-")), .9 * share(words, wordsOf(own)), .9 * share(words, called));
		const [way, other] = [rest(asked), rest(parts)], same = way.filter((part, at) => part === other[at]).length;
		const near = name < .5 ? 0 : .8 * name + .2 * (same + 1) / (Math.max(way.length, other.length) + 1), all = like(asked.join("/"), parts.join("/"));
		return Math.max(near, all < .8 ? 0 : all);
	};

	const indexes = new Set(search.split(" ")), [first] = indexes;
	const read = address => load(address, { cache: "no-cache" }).catch(() => null);
	// The address may be one of an older release.
	const { others = [] } = await read(first + "index.json") || {};
	const isNear = ([, folder]) => path.startsWith(folder.slice("assets/search".length).replace(/[^/]+\/$/, ""));
	for (const [, folder] of others.filter(isNear).slice(0, RELEASES)) indexes.add(`${root}/${folder}`);

	const pages = [], home = document.querySelector(".site-title").pathname;
	for (const list of await Promise.all([...indexes].map(base => read(base + "addresses.json")))) {
		for (let at = 0; list && at < list.length; at += 2) {
			const [title, url] = list.slice(at, at + 2), parts = tidy(url), plain = parts.filter(part => !RELEASE.test(part));
			const isAbove = root + url !== home && parts.length < whole.length && parts.every((part, at) => part === whole[at]);
			pages.push({ title, url, plain, score: Math.max(score(title, plain), isAbove ? LEAST + parts.length / 1000 : 0), isAbove });
		}
	}
	// Of the pages above, the nearest alone; of a page in several releases, the first, which is the newest.
	let above = 0;
	const seen = new Set(), isNew = ({ plain, score }) => score > 1 || !seen.has(plain.join("/")) && seen.add(plain.join("/"));
	const best = pages.filter(page => page.score >= LEAST).sort((a, b) => b.score - a.score)
		.filter(page => (!page.isAbove || page.score > 1 || !above++) && isNew(page)).slice(0, SHOWN);

	const make = (name, properties, ...children) => {
		const element = Object.assign(document.createElement(name), properties);
		element.append(...children);
		return element;
	};
	const link = ({ title, url }) => make("li", {}, make("a", { href: encodeURI(root + url) }, title), " ", make("span", { className: "address" }, make("bdi", { dir: "ltr" }, url)));
	box.querySelector("ul").replaceWith(...best.length ? [make("ul", {}, ...best.map(link))] : []);
	box.querySelector("h2").hidden = !best.length;
	const text = [...words].join(" ");
	if (text) {
		const button = make("button", { type: "button", className: "button button-quiet" }, `${finder.querySelector("span").textContent}: ${text}`);
		button.addEventListener("click", () => open(finder, text));
		box.append(make("p", {}, button));
	}
	box.hidden = false;
};
