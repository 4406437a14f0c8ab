// The search, fetched when it is first wanted. What the files below `data-search` hold is told in Carafe's src/search/index.rs.
/** How many pages are shown at first, and how many more each time; how many are looked at for the words in a row. */
const SHOWN = 8, CLOSE = 10;
/** The theme's words; where pages are in English, these. The search is tried without a page, too. */
const labels = {
	all: "All", also_for: "also for “{text}”", close: "Close", did_you_mean: "Did you mean {text}?", found: "{count} pages", found_one: "1 page",
	more: "More pages", newest: "Newest release", no_index: "The search index cannot be loaded. Is there a connection?",
	not_all: "none with all {count} words", nothing_found: "Nothing found for “{text}”.", results: "Results", search: "Search", version: "Version",
	...JSON.parse(globalThis.document?.documentElement.dataset.words || "{}"),
};
const say = (key, value) => labels[key].replace(/\{\w+\}/, () => value);
const make = (name, properties, ...children) => {
	const element = Object.assign(document.createElement(name), properties);
	element.append(...children);
	return element;
};

/** Fetches once; what failed is tried again. */
const cache = new Map();
export const load = (url, options) => {
	if (!cache.has(url)) {
		const answer = fetch(url, options).then(response => response.ok ? response.json() : Promise.reject(response.status));
		answer.catch(() => cache.delete(url));
		cache.set(url, answer);
	}
	return cache.get(url);
};

/** The words of a text; the same rules as in src/search/words.rs, but names are not taken apart. */
const split = text => (fold(text).match(WORD) || []).flatMap(word => ALONE_WORD.test(word) ? pairs(word) : word);
/** Each two characters that follow each other; a single one stays. */
const pairs = word => { const all = [...word]; return all.length > 1 ? all.slice(1).map((c, i) => all[i] + c) : all; };
/** The text in lower case and without accents. */
export const fold = text => /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : text.toLowerCase().normalize("NFKD").replace(ACCENT, "")
	.toLowerCase().replace(/[ßæœþøđðħıłŧς]/g, letter => PLAIN[letter]).normalize("NFC");
const ACCENT = /(?=\p{M})[\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;
const PLAIN = { ß: "ss", æ: "ae", œ: "oe", þ: "th", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ł: "l", ŧ: "t", ς: "σ" };
const ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}";
const WORD = new RegExp(`(?:(?=[${ALONE}])[\\p{Alphabetic}\\p{N}])+|(?:(?![${ALONE}])[\\p{Alphabetic}\\p{N}])+`, "gu");
/** Names with signs, such as `c#` and `c++`, of which the letters alone say something else. */
const SIGNED = /(?<![\p{Alphabetic}\p{N}])[a-z\d]+(?:#|\+\+)(?![\p{Alphabetic}\p{N}#+])/gu;
const ALONE_WORD = new RegExp(`^[${ALONE}]`, "u");

/** Code point order, which is that of the files. */
const before = (a, b) => {
	const [left, right] = [[...a], [...b]];
	for (let i = 0; i < left.length && i < right.length; i++)
		if (left[i] !== right[i]) return left[i].codePointAt(0) < right[i].codePointAt(0);
	return left.length < right.length;
};

/** An index and what is worked out of it once. */
const opened = async base => {
	const index = await load(`${base}index.json`, { cache: "no-cache" });
	if (index.base) return index;
	index.total = index.pages.reduce((sum, count) => sum + count, 0);
	index.group = [];
	for (let i = 0; i < index.runs.length; i += 2) for (let n = index.runs[i + 1]; n--;) index.group.push(index.groups[index.runs[i]]);
	return Object.assign(index, { base });
};
const wordFile = (index, at) => load(`${index.base}w${at}.json?${index.id}`);
/** The files that may hold words which begin with `start`; a beginning of one or two letters may be in very many. */
const filesOf = (index, start) => index.words.map((first, at) => at).filter(at => {
	const [first, next] = [index.words[at], index.words[at + 1]];
	return (first.startsWith(start) || before(first, start)) && (next === undefined || before(start, next));
}).slice(0, 3);

/** Where words stand: a Map of page to a Map of section to weight. */
const add = (found, page, section, weight) => {
	if (!found.has(page)) found.set(page, new Map());
	const sections = found.get(page);
	sections.set(section, Math.max(sections.get(section) || 0, weight));
};
const merge = (into, found, factor) => {
	for (const [page, sections] of found) for (const [section, weight] of sections) add(into, page, section, weight * factor);
	return into;
};
/** Where all of them stand in one section. */
const common = ([first, ...others]) => {
	const found = new Map();
	for (const [page, sections] of first) for (const [section, weight] of sections) {
		const weights = others.map(other => other.get(page)?.get(section) || 0);
		if (weights.every(Boolean)) add(found, page, section, Math.min(weight, ...weights));
	}
	return found;
};

/** Where words stand that begin with `start`. */
const places = async (index, start) => {
	const found = new Map();
	for (const words of await Promise.all(filesOf(index, start).map(at => wordFile(index, at)))) {
		for (const word in words) {
			if (!word.startsWith(start)) continue;
			// The word itself counts most, the longer the rest the less.
			const near = word === start ? 1 : .15 + .75 * start.length / word.length, list = words[word];
			for (let i = 0, page = 0; i < list.length; i += 3) add(found, page += list[i], list[i + 1], list[i + 2] * near);
		}
	}
	return found;
};

/** The words that a mistyped one may stand for; how they are written is told in src/search/vocabulary.rs. */
const vocabulary = async index => {
	const text = await load(`${index.base}words.json?${index.id}`);
	if (!index.known) {
		let word = "";
		index.known = (text.match(/[A-Z][^A-Z]*/g) || []).map(part => word = word.slice(0, part.charCodeAt(0) - 65) + part.slice(1));
		index.knows = new Set(index.known);
	}
	return index.known;
};

/** How many letters must be added, taken away, replaced or exchanged; above `most` it does not matter. */
export const distance = (a, b, most) => {
	if (Math.abs(a.length - b.length) > most) return most + 1;
	let older = [], old = [], row = [...Array(b.length + 1).keys()];
	for (let i = 1; i <= a.length; i++) {
		[older, old, row] = [old, row, [i]];
		for (let j = 1; j <= b.length; j++) {
			row[j] = Math.min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] !== b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], older[j - 2] + 1);
		}
		if (Math.min(...row) > most) return most + 1;
	}
	return row[b.length];
};
/** The words nearest to a mistyped one, with the same number of mistakes each. Of a longer word the beginning is compared, too. */
const nearest = (word, known, most) => {
	let best = [], least = most;
	for (const other of known) {
		const whole = distance(word, other, least);
		const start = whole > least && word.length > 4 && other.length > word.length ? distance(word, other.slice(0, word.length), least) + .5 : whole;
		if (start > least + .5 || other === word) continue;
		if (start < least) [best, least] = [[], start];
		best.push({ other, start });
	}
	return best.filter(({ start }) => start <= least).map(({ other }) => other)
		.sort((a, b) => (b[0] === word[0]) - (a[0] === word[0]) || a.length - b.length).slice(0, 3);
};
const mistakes = word => word.length < 4 ? 0 : word.length < 8 ? 1 : 2;

/** A word without the ending of its form; the word itself when it has none. */
const stem = word => /^[a-z]{4,}$/.test(word) ? word.replace(/(?<=[sxz]|[cs]h)es$|(?<!s)s$/, "").replace(/(?<=.{4})(?:ing|ed|ies?|e|y)$/, "") : word;

/** Where a term stands, in whatever form. Notes in `seen` which forms were found, and in `seen.instead` what is taken for it. */
const lookUp = async (index, word, seen) => {
	const take = async (form, factor, into) => {
		const found = await places(index, form);
		if (found.size) seen.add(form);
		return merge(into, found, factor);
	};
	const signed = seen.signed?.get(word), named = signed ? await take(signed, 1, new Map()) : new Map();
	if (named.size) return named;
	const found = await take(word, 1, new Map());
	if (stem(word) !== word) await take(stem(word), .6, found);
	const inner = /^[\uac00-\ud7a3]{3,}$/.test(word);
	if (found.size > 2 || word.length < 4 && !inner) return found;
	// Written together here, apart there.
	const parts = async (...forms) => {
		const all = common(await Promise.all(forms.map(form => places(index, form))));
		if (all.size) forms.forEach(form => seen.add(form));
		return merge(found, all, .9);
	};
	if (inner) await parts(...pairs(word));
	const known = await vocabulary(index);
	for (let at = 3; at <= word.length - 3; at++) {
		const [left, right] = [word.slice(0, at), word.slice(at)];
		if (index.knows.has(left) && known.some(other => other.startsWith(right))) await parts(left, right);
	}
	if (found.size && word.length < 5) return found;
	// A mistake, or a rare word like a common one, which has perhaps been mistaken elsewhere, too.
	const own = (await Promise.all(filesOf(index, word).map(at => wordFile(index, at)))).flatMap(Object.keys);
	const rare = found.size, least = 5 * rare;
	for (const other of nearest(word, [...new Set([...known, ...own])], rare ? 1 : mistakes(word))) {
		const near = await places(index, other);
		if (near.size < Math.max(1, least)) continue;
		merge(found, near, rare ? .5 : .8);
		seen.add(other);
		if (!seen.instead.has(word)) seen.instead.set(word, other);
	}
	// Another ending of the same word.
	for (let start = word; !found.size && start.length > 4 && word.length - start.length < 4;) await take(start = start.slice(0, -1), .7, found);
	return found;
};

/** What one index has for these words: [{index, page, hits, score, sections: [[section, score], …]}], and in `seen` what was looked for. */
const search = async (base, words, seen) => {
	const index = await opened(base);
	const all = await Promise.all(words.map(word => lookUp(index, word, seen)));
	// Written apart here, together there.
	await Promise.all(words.slice(1).map(async (word, at) => {
		const joined = words[at] + word, found = ALONE_WORD.test(joined) ? new Map() : await places(index, joined);
		if (found.size) seen.add(joined) && seen.joined.add(joined);
		for (const i of [at, at + 1]) merge(all[i], found, .9);
	}));
	const pages = new Map();
	all.forEach((found, at) => {
		const rare = Math.log(1 + index.total / (1 + found.size)) + .2;
		for (const [page, sections] of found) {
			if (!pages.has(page)) pages.set(page, { index, page, hits: 0, score: 0, all: new Map() });
			const hit = pages.get(page);
			hit.hits++;
			hit.score += Math.max(...sections.values()) * rare;
			for (const [section, weight] of sections) {
				const before = hit.all.get(section) || [0, 0];
				hit.all.set(section, [before[0] + (weight + 4) * rare, before[1] + 1]);
			}
		}
	});
	return [...pages.values()].map(hit => {
		const sections = [...hit.all].map(([section, [score, count]]) => [section, score * count / words.length])
			.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
		return { ...hit, sections, score: hit.score + sections[0][1] };
	});
};

/** What stands in a page. */
const details = async ({ index, page }) => {
	let file = 0, first = 0;
	while (first + index.pages[file] <= page) first += index.pages[file++];
	return (await load(`${index.base}p${file}.json?${index.id}`))[page - first];
};

const LETTER = "[\\p{Alphabetic}\\p{N}]";
/** Finds these words in a row, in any form; of one word, the word and its plural. */
const inRow = words => new RegExp(`(?<!${LETTER})` + words.map(word => words.length > 1 ? `${stem(word)}${LETTER}{0,3}` : `${word}(?:e?s)?`)
	.join("[^\\p{Alphabetic}\\p{N}]+"), "u");
/** Raises the score of a page with words in a row, most where they are all that a title says, and that of the section that has them. */
const raise = (hit, row, alone) => {
	const [title, , , , sections] = hit.details;
	const says = text => row.test(text = fold(text)) && (/[\p{Alphabetic}\p{N}]/u.test(text.replace(row, "")) ? text.search(row) ? 1.6 : 1.7 : 2);
	const whole = says(title), named = hit.sections.filter(([at]) => sections[at]).map(own => [own, says(sections[own[0]][0])]);
	const [own, factor] = whole === 2 ? [] : named.find(([, said]) => said === 2) || (whole ? [] : named.find(([, said]) => said)
		|| !alone && hit.sections.filter(([at]) => row.test(fold(sections[at]?.[3] || ""))).map(own => [own, 1.35])[0]) || [];
	if (own) {
		own[1] = hit.sections[0][1] + 1;
		hit.sections.sort((a, b) => b[1] - a[1]);
	}
	hit.score *= whole || (factor > 1.5 ? 1.5 : factor) || 1;
};

/** The headings above a section, from the top, and its own. */
const pathOf = (sections, at) => {
	const path = [sections[at][0]];
	for (let level = sections[at][2]; at-- && level > 1;) {
		const [heading, , above] = sections[at];
		if (heading && above && above < level) [level] = [above, path.unshift(heading)];
	}
	return path;
};

/**
 * What the indexes below these addresses have for a text, the best first.
 * `options`: `group`, the part of the site that is wanted; `limit`, how many pages.
 * Gives `hits`, each a page with up to three `places` in it; `count`, of how many pages; `missing`, whether none has all words; `groups`, how
 * many pages of which part; `forms`, the words to mark; `instead`, what was taken for mistyped words; `suggestions`, where nothing is found.
 */
export const find = async (bases, text, { group, limit = SHOWN } = {}) => {
	const typed = [...new Set(split(text))].slice(0, 12), words = await telling(bases, typed), seen = Object.assign(new Set(words), {
		instead: new Map(), joined: new Set(), signed: new Map((fold(text).match(SIGNED) || []).map(name => [name.replace(/[#+]+$/, ""), name])),
	});
	const nothing = { hits: [], count: 0, words, groups: new Map(), forms: [], instead: [], suggestions: [] };
	if (!typed.length) return nothing;
	const found = (await Promise.all(bases.map(base => search(base, words, seen)))).flat();
	if (!found.length) return { ...nothing, suggestions: await suggest(bases, words) };
	const most = Math.max(...found.map(hit => hit.hits)), groups = new Map();
	// Of a question one word may be missing.
	const least = most - (typed.length > 3 && most > 2);
	for (const hit of found) if (hit.hits < most) hit.score /= 2;
	let best = found.filter(hit => hit.hits >= least).sort((a, b) => b.score - a.score);
	for (const { index, page } of best) if (index.group[page]) groups.set(index.group[page], (groups.get(index.group[page]) || 0) + 1);
	if (groups.has(group)) best = best.filter(({ index, page }) => index.group[page] === group);
	const quoted = [...text.matchAll(/["“„«]([^"”“»]+)["”“»]/g)].map(match => fold(match[1]).match(WORD)).filter(Boolean).map(inRow);
	// Whether words stand in a row only the text says, which is loaded for the best alone.
	const asTyped = fold(text).match(WORD).map(word => seen.instead.get(word) || word);
	const row = new RegExp([asTyped, ...[...seen.joined].map(word => [word])].map(words => inRow(words).source).join("|"), "u");
	const close = best.slice(0, Math.max(limit, CLOSE));
	await Promise.all(close.map(async hit => {
		hit.details = await details(hit);
		raise(hit, row, typed.length < 2);
	}));
	let sorted = close.sort((a, b) => b.score - a.score), count = best.length;
	if (quoted.length) {
		const has = ([title, , , , sections]) => quoted.every(row => [title, ...sections.flatMap(section => [section[0], section[3]])].some(part => row.test(fold(part))));
		sorted = sorted.filter(hit => has(hit.details));
		count = sorted.length;
	}
	const hits = sorted.slice(0, limit).map(({ details: [title, url, trail, description, sections], sections: found }) => {
		const least = found[0][1] / 3;
		const places = found.filter(([, score]) => score >= least).slice(0, 3).map(([at]) => {
			const [, anchor, , text] = sections[at] || ["", "", 0, ""];
			return { anchor, path: sections[at] ? pathOf(sections, at) : [], text };
		});
		return { title, url, trail, description, places };
	});
	return { hits, count, words, missing: most < words.length, groups, forms: [...seen], instead: [...new Set(seen.instead.values())], suggestions: [] };
};

/** Of many words those that tell pages apart: the others take long to load and say little. */
const telling = async (bases, words) => {
	const common = new Set((await Promise.all(bases.map(opened))).flatMap(index => index.common));
	const left = words.filter(word => !common.has(word));
	return words.length > 3 && left.length ? left : words;
};

/** Texts to look for in place of one that nothing is found for. */
const suggest = async (bases, words) => {
	const known = [...new Set((await Promise.all(bases.map(async base => vocabulary(await opened(base))))).flat())];
	const near = words.map(word => [...nearest(word, known, Math.min(3, word.length / 2)), ...known.filter(other => word.length > 4 && other.startsWith(word.slice(0, 4)))]);
	return [...new Set(near.flat())].slice(0, 4);
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

/** What marks these words, in any form: once with `flags` "iu", everywhere with "giu". */
const pattern = (forms, flags) => {
	const escaped = forms.map(word => {
		const plain = word.replace(/[^\p{Alphabetic}\p{N}#]/gu, "\\$&");
		return word.length > 4 ? plain.slice(0, -1) + `(?:${plain.at(-1)})?` : plain;
	});
	// Scripts without blanks have no beginnings of words.
	return new RegExp(`((?:(?<!${LETTER})|(?=[${ALONE}\uac00-\ud7a3]))(?:${escaped.sort((a, b) => b.length - a.length).join("|")}))`, flags);
};

/** A piece of the text around the first word found; "" where none is. */
const excerpt = (text, pattern) => {
	const { plain, from } = folded(text), found = plain.search(pattern);
	if (found < 0) return "";
	let start = Math.max(0, from[found] - 50);
	if (start) start = text.indexOf(" ", start) + 1 || start;
	if (start > from[found]) start = Math.max(0, from[found] - 50);
	let end = start + 170;
	if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), start + 100);
	return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
};

/** The links of a page: to its best place, and below it to others. */
const result = ({ title, url, trail, description, places }, forms, root) => places.map(({ anchor, path, text }, at) => {
	const all = pattern(forms, "giu");
	const link = make("a", { href: root + url + (anchor && "#" + encodeURIComponent(anchor)), className: at ? "search-hit search-below" : "search-hit", tabIndex: -1, role: "option" });
	if (!at && trail.length) link.append(make("span", { className: "search-trail", textContent: trail.join(" › ") }));
	if (!at) link.append(make("span", { className: "search-title" }, ...marked(title, all)));
	const own = path.filter(heading => heading && (at || heading !== title));
	if (own.length) link.append(make("span", { className: "search-heading" }, ...own.flatMap((heading, i) => [...(i ? [" › "] : []), ...marked(heading, all)])));
	const piece = excerpt(text, pattern(forms, "iu")) || !at && description || text.slice(0, 170);
	if (piece) link.append(make("span", { className: "search-text" }, ...marked(piece, all)));
	return link;
});

let dialog, input, list, status, filters, asked = 0, group, release, limit = SHOWN;
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

const chip = (text, pressed, act) => {
	const button = make("button", { type: "button", className: "search-chip", ariaPressed: pressed }, text);
	button.addEventListener("click", () => { act(); input.focus(); });
	return button;
};

/** The indexes to search: those of the page, or that of the release that was chosen and what belongs to no release. */
const basesOf = finder => {
	const own = finder.dataset.search.split(" ");
	return release === undefined ? own : [`${finder.dataset.root}/${release}`, ...own.filter(base => /\/assets\/search\/([^/]+\/)?$/.test(base))];
};

/** Offers what the results may be narrowed to: releases, and the parts of the site that have some. */
const offer = async (finder, groups) => {
	const again = () => { limit = SHOWN; look(finder); };
	const own = finder.dataset.search.split(" "), { others } = await opened(own[0]), parts = [];
	if (others.some(([, folder]) => !own[0].endsWith("/" + folder))) {
		const first = own[0].endsWith("/assets/search/");
		const select = make("select", { className: "search-chip", ariaLabel: labels.version },
			...first ? [make("option", { value: "", textContent: others.length > 1 ? labels.newest : others[0][0] })] : [],
			...others.map(([name, folder]) => make("option", { dir: "auto", value: folder, textContent: name, selected: release === undefined ? own[0].endsWith("/" + folder) : release === folder })));
		select.addEventListener("change", () => { release = select.value || undefined; again(); });
		parts.push(select);
	}
	if (groups.size > 1) for (const [name, count] of [[labels.all, 0], ...groups]) {
		const value = count ? name : undefined;
		parts.push(chip(count ? `${name} ${count}` : name, (groups.has(group) ? group : undefined) === value, () => { group = value; again(); }));
	}
	return parts;
};

const look = async finder => {
	const turn = ++asked, text = input.value;
	try {
		const found = await find(basesOf(finder), text, { group, limit });
		const parts = found.words.length ? await offer(finder, found.groups) : [];
		if (turn !== asked) return;
		// The chosen one stays the one with the keyboard.
		if (!filters.contains(document.activeElement) || document.activeElement.tagName !== "SELECT") filters.replaceChildren(...parts);
		if (!found.words.length) return show([], "");
		const links = found.hits.flatMap(hit => result(hit, found.forms, finder.dataset.root));
		if (found.count > found.hits.length && found.hits.length === limit) {
			const more = make("a", { href: "#", className: "search-hit search-more", tabIndex: -1, role: "option", textContent: labels.more });
			more.addEventListener("click", event => { event.preventDefault(); event.stopPropagation(); limit += 2 * SHOWN; look(finder); });
			links.push(more);
		}
		const pages = found.count === 1 ? labels.found_one : say("found", found.count);
		show(links, links.length ? pages + (found.missing ? ", " + say("not_all", found.words.length) : "")
			+ (found.instead.length ? "; " + say("also_for", found.instead.join(", ")) : "") : say("nothing_found", text.trim()));
		if (found.suggestions.length) {
			const [start, end] = labels.did_you_mean.split("{text}");
			status.append(" " + start, ...found.suggestions.flatMap((word, i) => [i ? ", " : "", chip(word, false, () => { input.value = word; input.dispatchEvent(new Event("input")); })]), end);
		}
	} catch (error) {
		if (turn === asked) show([], labels.no_index);
	}
};

const build = finder => {
	input = make("input", { type: "search", className: "search-input", autocomplete: "off", spellcheck: false, enterKeyHint: "go", placeholder: finder.querySelector("span").textContent });
	list = make("div", { id: "carafe-hits", className: "search-hits", role: "listbox", ariaLabel: labels.results, hidden: true });
	status = make("p", { className: "search-status", role: "status" });
	filters = make("div", { className: "search-filters" });
	const close = make("button", { type: "button", className: "search-close", textContent: labels.close });
	for (const [name, value] of Object.entries({ role: "combobox", "aria-label": labels.search, "aria-controls": list.id, "aria-expanded": false, "aria-autocomplete": "list" })) input.setAttribute(name, value);
	dialog = make("dialog", { className: "search", ariaLabel: labels.search }, make("div", { className: "search-head" }, input, close), filters, status, list);
	document.body.append(dialog);
	close.addEventListener("click", () => dialog.close());
	input.addEventListener("input", () => { limit = SHOWN; look(finder); });
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

/** Opens the search, for a text if one is given; `finder` is its button, which knows where the index is. */
export const open = (finder, text) => {
	if (!dialog) build(finder);
	if (!dialog.open) dialog.showModal();
	if (text) {
		input.value = text;
		look(finder);
	}
	input.select();
	finder.dataset.search.split(" ").forEach(base => load(base + "index.json", { cache: "no-cache" }).catch(() => {}));
};
