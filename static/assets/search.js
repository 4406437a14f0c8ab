// The search, fetched when it is first wanted. What the files below `data-search` hold is told in Carafe's src/search/index.rs.
const LIMIT = 30;
const make = (name, properties, ...children) => {
	const element = Object.assign(document.createElement(name), properties);
	element.append(...children);
	return element;
};

/** Fetches once; what failed is tried again. */
const cache = new Map();
const load = (url, options) => {
	if (!cache.has(url)) {
		const answer = fetch(url, options).then(response => response.ok ? response.json() : Promise.reject(response.status));
		answer.catch(() => cache.delete(url));
		cache.set(url, answer);
	}
	return cache.get(url);
};

/** The words of a text; the same rules as in src/search/words.rs, but names are not taken apart. */
const split = text => fold(text).match(WORD) || [];
/** The text in lower case and without accents. */
const fold = text => /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : text.toLowerCase().normalize("NFKD").replace(ACCENT, "")
	.toLowerCase().replace(/[ßæœþøđðħıłŧς]/g, letter => PLAIN[letter]).normalize("NFC");
const ACCENT = /(?=\p{M})[\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;
const PLAIN = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ŧ: "t", ς: "σ" };
const ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}";
const WORD = new RegExp(`(?=[\\p{Alphabetic}\\p{N}])[${ALONE}]|(?:(?![${ALONE}])[\\p{Alphabetic}\\p{N}])+`, "gu");

/** Code point order, which is that of the files. */
const before = (a, b) => {
	const [left, right] = [[...a], [...b]];
	for (let i = 0; i < left.length && i < right.length; i++)
		if (left[i] !== right[i]) return left[i].codePointAt(0) < right[i].codePointAt(0);
	return left.length < right.length;
};

/** All places of words that start with `start`: Map of page to Map of section to weight. */
const places = async (base, index, start) => {
	const files = index.words.map((first, at) => at).filter(at => {
		const [first, next] = [index.words[at], index.words[at + 1]];
		return (first.startsWith(start) || before(first, start)) && (next === undefined || before(start, next));
	});
	const found = new Map();
	for (const words of await Promise.all(files.map(at => load(`${base}w${at}.json?${index.id}`)))) {
		for (const word in words) {
			if (!word.startsWith(start)) continue;
			// The word itself counts most, the longer the rest the less.
			const near = word === start ? 1 : .5 + .4 * start.length / word.length;
			for (let i = 0, page = 0, list = words[word]; i < list.length; i += 3) {
				page += list[i];
				if (!found.has(page)) found.set(page, new Map());
				const sections = found.get(page);
				sections.set(list[i + 1], Math.max(sections.get(list[i + 1]) || 0, list[i + 2] * near));
			}
		}
	}
	return found;
};

/** What one index has for these words: [{base, index, page, section, score, title}]. */
const search = async (base, words) => {
	const index = await load(`${base}index.json`, { cache: "no-cache" });
	const total = index.pages.at(-1);
	const pages = new Map();
	await Promise.all(words.map(async (word, at) => {
		let found = await places(base, index, word), start = word;
		// Another ending of the same word.
		while (!found.size && start.length > 4 && word.length - start.length < 4) found = await places(base, index, start = start.slice(0, -1));
		const rare = Math.log(1 + total / (1 + found.size)) + .2;
		for (const [page, sections] of found) {
			if (!pages.has(page)) pages.set(page, []);
			pages.get(page)[at] = [sections, rare];
		}
	}));
	return [...pages].map(([page, found]) => {
		const scores = new Map();
		let sum = 0, hits = 0, title = false;
		for (const [sections, rare] of found.filter(Boolean)) {
			hits++;
			sum += Math.max(...sections.values()) * rare;
			for (const [section, weight] of sections) {
				scores.set(section, (scores.get(section) || 0) + (weight + 4) * rare);
				title ||= section === 0 && weight >= 13;
			}
		}
		const [section, best] = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
		return { base, index, page, section, title: title && section === 0, hits, score: sum + best };
	});
};

const details = async ({ base, index, page }) => {
	const file = index.pages.findLastIndex((first, at) => first <= page && at < index.pages.length - 1);
	const pages = await load(`${base}p${file}.json?${index.id}`);
	return pages[page - index.pages[file]];
};

/** The text folded, and for each place in that the place in the text that it comes from. */
const folded = text => {
	let plain = "";
	const from = [];
	for (const { 0: part, index } of text.matchAll(/.\p{M}*/gsu)) {
		const letters = fold(part);
		for (let i = 0; i < letters.length; i++) from.push(index);
		plain += letters;
	}
	return { plain, from: [...from, text.length] };
};

/** The text with the words marked. */
const marked = (text, pattern) => {
	const { plain, from } = folded(text), parts = [];
	let done = 0;
	for (const match of plain.matchAll(pattern)) {
		const start = Math.max(done, from[match.index]);
		let last = match.index + match[0].length;
		// A letter that was taken apart is marked whole.
		while (last < plain.length && from[last] === from[last - 1]) last++;
		if (from[last] <= start) continue;
		parts.push(text.slice(done, start), make("mark", { textContent: text.slice(start, from[last]) }));
		done = from[last];
	}
	return [...parts, text.slice(done)].filter(part => part !== "");
};

/** A piece of the text around the first word found. */
const excerpt = (text, pattern) => {
	const { plain, from } = folded(text);
	const at = from[Math.max(0, plain.search(pattern))];
	let start = Math.max(0, at - 50);
	if (start) start = text.indexOf(" ", start) + 1 || start;
	let end = start + 170;
	if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + 100);
	return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
};

const result = async (hit, words, root) => {
	const [title, url, sections] = await details(hit);
	const [heading, anchor, text] = (!hit.title && sections[hit.section]) || ["", "", sections[0]?.[2] || ""];
	const escaped = words.map(word => {
		const plain = word.replace(/[^\p{Alphabetic}\p{N}]/gu, "\\$&");
		return word.length > 4 ? plain.slice(0, -1) + `(?:${plain.at(-1)})?` : plain;
	});
	// Within names the parts count too.
	const pattern = new RegExp(`((?<![\\p{Alphabetic}\\p{N}])(?:${escaped.join("|")}))`, "iu");
	const all = new RegExp(pattern.source, "giu");
	const link = make("a", { href: root + url + (anchor && "#" + encodeURIComponent(anchor)), className: "search-hit", tabIndex: -1, role: "option" },
		make("span", { className: "search-title" }, ...marked(title, all)));
	if (heading) link.append(make("span", { className: "search-heading" }, ...marked(heading, all)));
	if (text) link.append(make("span", { className: "search-text" }, ...marked(excerpt(text, pattern), all)));
	return link;
};

let dialog, input, list, status, asked = 0;
const options = () => [...list.children];
const select = at => {
	options().forEach((option, i) => {
		option.id = "carafe-hit-" + i;
		option.setAttribute("aria-selected", i === at);
		if (i === at) option.scrollIntoView({ block: "nearest" });
	});
	if (at >= 0) input.setAttribute("aria-activedescendant", "carafe-hit-" + at);
	else input.removeAttribute("aria-activedescendant");
};
const selected = () => options().findIndex(option => option.ariaSelected === "true");
const show = (links, message) => {
	list.replaceChildren(...links);
	list.hidden = !links.length;
	input.setAttribute("aria-expanded", !!links.length);
	status.textContent = message;
	select(links.length ? 0 : -1);
};

const look = async finder => {
	const turn = ++asked, words = [...new Set(split(input.value))].slice(0, 12);
	if (!words.length) return show([], "");
	try {
		const found = (await Promise.all(finder.dataset.search.split(" ").map(base => search(base, words)))).flat();
		const most = Math.max(0, ...found.map(hit => hit.hits));
		const best = found.filter(hit => hit.hits === most).sort((a, b) => b.score - a.score);
		const links = await Promise.all(best.slice(0, LIMIT).map(hit => result(hit, words, finder.dataset.root)));
		if (turn !== asked) return;
		const count = best.length === 1 ? "1 page" : best.length + " pages";
		show(links, !links.length ? `Nothing found for “${input.value.trim()}”.`
			: count + (most < words.length ? `, none with all ${words.length} words` : "") + (best.length > LIMIT ? `; the first ${LIMIT}:` : ""));
	} catch {
		if (turn === asked) show([], "The search index cannot be loaded. Is there a connection?");
	}
};

const build = finder => {
	input = make("input", { type: "search", className: "search-input", autocomplete: "off", spellcheck: false, enterKeyHint: "go", placeholder: finder.querySelector("span").textContent });
	list = make("div", { id: "carafe-hits", className: "search-hits", role: "listbox", ariaLabel: "Results", hidden: true });
	status = make("p", { className: "search-status", role: "status" });
	const close = make("button", { type: "button", className: "search-close", textContent: "Close" });
	for (const [name, value] of Object.entries({ role: "combobox", "aria-label": "Search", "aria-controls": list.id, "aria-expanded": false, "aria-autocomplete": "list" })) input.setAttribute(name, value);
	dialog = make("dialog", { className: "search", ariaLabel: "Search" }, make("div", { className: "search-head" }, input, close), status, list);
	document.body.append(dialog);
	close.addEventListener("click", () => dialog.close());
	input.addEventListener("input", () => look(finder));
	input.addEventListener("keydown", event => {
		const count = options().length, at = selected();
		const to = { ArrowDown: (at + 1) % count, ArrowUp: (at + count - 1) % count }[event.key];
		if (event.isComposing) return;
		if (to >= 0) select(to);
		else if (event.key === "Enter") options()[at]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
		else if (event.key === "Escape") dialog.close();
		else return;
		event.preventDefault();
	});
	list.addEventListener("pointermove", event => {
		const at = options().indexOf(event.target.closest(".search-hit"));
		if (at >= 0 && at !== selected()) select(at);
	});
	dialog.addEventListener("click", event => {
		if (event.target === dialog || event.target.closest(".search-hit") && !event.ctrlKey && !event.metaKey) dialog.close();
	});
};

/** Opens the search; `finder` is its button, which knows where the index is. */
export const open = finder => {
	if (!dialog) build(finder);
	if (!dialog.open) dialog.showModal();
	input.select();
	finder.dataset.search.split(" ").forEach(base => load(base + "index.json", { cache: "no-cache" }).catch(() => {}));
};
