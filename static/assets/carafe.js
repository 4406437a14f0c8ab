// Carafe's theme. Every page reads without it.
(() => {
	const d = document, root = d.documentElement;
	const all = (selector, from = d) => [...from.querySelectorAll(selector)];
	const on = (target, type, run, options) => target.addEventListener(type, run, options);
	const store = (key, value) => { try { return value ? localStorage.setItem(key, value) : localStorage.getItem(key); } catch {} };
	const make = (name, properties) => Object.assign(d.createElement(name), properties);
	root.classList.add("js");

	// Tabs. A group's key is the set of its titles: groups with the same key switch together and are remembered.
	const groups = all("[data-tabs]").map(box => {
		const tabs = all(":scope > .tabs-list > .tabs-tab", box);
		return { tabs, panels: all(":scope > .tabs-panel", box), key: tabs.map(tab => tab.dataset.slug).sort().join("|") };
	}).filter(group => group.tabs.length && group.tabs.length === group.panels.length);
	const find = (group, slug) => group.tabs.findIndex(tab => tab.dataset.slug === slug);
	const show = (group, index) => {
		if (index < 0) return;
		group.tabs.forEach((tab, i) => {
			tab.setAttribute("aria-selected", i === index);
			tab.tabIndex = i === index ? 0 : -1;
			// Hidden until found is focusable.
			group.panels[i].tabIndex = tab.tabIndex;
			group.panels[i].hidden = i === index ? false : "until-found";
		});
	};
	const remembered = () => { try { return JSON.parse(store("carafe-tabs")) || {}; } catch { return {}; } };
	const choose = (group, index) => {
		const tab = group.tabs[index], top = tab.getBoundingClientRect().top;
		for (const other of groups) if (other !== group && other.key === group.key) show(other, find(other, tab.dataset.slug));
		show(group, index);
		store("carafe-tabs", JSON.stringify({ ...remembered(), [group.key]: tab.dataset.slug }));
		scrollBy({ top: tab.getBoundingClientRect().top - top, behavior: "instant" });
	};
	const wanted = new URLSearchParams(location.search).getAll("tab").map(title => title.trim().toLowerCase());
	for (const group of groups) {
		show(group, Math.max(0, find(group, remembered()[group.key])));
		for (const title of wanted)
			show(group, group.tabs.findIndex(tab => tab.dataset.slug === title || tab.textContent.trim().toLowerCase() === title));
		group.tabs.forEach((tab, index) => {
			on(tab, "click", event => {
				if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
				event.preventDefault();
				choose(group, index);
				history.replaceState(history.state, "", tab.hash);
			});
			on(tab, "keydown", event => {
				const last = group.tabs.length - 1, ahead = getComputedStyle(tab).direction === "rtl" ? -1 : 1;
				const to = { Home: 0, End: last, " ": index, ArrowRight: index + ahead, ArrowLeft: index - ahead }[event.key];
				if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
				event.preventDefault();
				const next = group.tabs.at(to) || group.tabs[0];
				choose(group, group.tabs.indexOf(next));
				next.focus({ preventScroll: true });
				next.scrollIntoView({ block: "nearest", inline: "nearest" });
			});
		});
		group.panels.forEach((panel, index) => on(panel, "beforematch", () => show(group, index)));
	}

	// An address with an anchor opens every tab and accordion around its target.
	const reveal = () => {
		let target = null, opened = false;
		try { target = d.getElementById(decodeURIComponent(location.hash.slice(1))); } catch {}
		for (let at = target; at; at = at.parentElement) {
			if (at.localName === "details" && !at.open) opened = at.open = true;
			for (const group of groups) {
				const index = group.panels.indexOf(at);
				if (index >= 0) { opened ||= at.hidden; show(group, index); }
			}
		}
		if (opened) target.scrollIntoView({ behavior: "instant" });
	};
	root.dataset.ready = "";
	reveal();
	on(window, "hashchange", reveal);

	// Paper shows everything.
	let printed = [];
	on(window, "beforeprint", () => (printed = all(".content details:not([open])")).forEach(box => { box.open = true; }));
	on(window, "afterprint", () => printed.forEach(box => { box.open = false; }));

	// Copy buttons; of a console only the commands.
	const commands = code => {
		let text = "", found = false;
		for (const node of code.childNodes) {
			const kind = node.className, part = node.textContent;
			if (kind === "gp" && !/\S\s{2,}\S/.test(part)) { found = true; text += "\0"; }
			else if (kind === "go") for (const line of part.match(/.*\n?/g)) { if (text.endsWith("\\\n")) text += line; }
			else if (kind !== "gp") text += part;
		}
		return found ? text.replace(/\0[ \t]*/g, "").replace(/\n{2,}/g, "\n").trim() : code.textContent;
	};
	for (const pre of all(".content pre:not(.mermaid, .lineno)")) {
		const box = pre.closest(".code-body") || pre.closest("div.highlight, figure.highlight");
		const code = pre.querySelector("code .rouge-code pre") || pre.querySelector("code") || pre;
		if (!box || box.querySelector(".copy")) continue;
		const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
		on(button, "click", async () => {
			const text = pre.closest(".language-console, .language-shell-session") ? commands(code) : code.textContent;
			try { await navigator.clipboard.writeText(text.replace(/\n$/, "")); button.textContent = "Copied"; }
			catch { button.textContent = "Not allowed"; }
			button.dataset.done = "";
			setTimeout(() => { button.textContent = "Copy"; delete button.dataset.done; }, 1600);
		});
		box.append(button);
	}

	// What scrolls sideways is a keyboard stop.
	const scrollers = () => all(".content :is(pre, table)").forEach(box => {
		if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
	});
	scrollers();
	on(window, "resize", scrollers);

	for (const heading of all(".content :is(h2, h3, h4, h5, h6)[id]")) {
		heading.append(make("a", { className: "anchor", href: "#" + heading.id, ariaLabel: "Link to “" + heading.textContent.trim() + "”" }));
	}

	// The table of contents fills up to the heading one reads.
	const list = d.querySelector(".toc-list"), links = all(".toc-list a");
	const heads = links.map(link => d.getElementById(decodeURIComponent(link.hash.slice(1))));
	let waiting = false, current;
	const follow = () => {
		waiting = false;
		const line = innerHeight * .25, end = innerHeight + scrollY >= root.scrollHeight - 4;
		let at = -1;
		heads.forEach((head, i) => { if (head?.checkVisibility?.() && (end || head.getBoundingClientRect().top <= line)) at = i; });
		const link = links[at];
		if (link === current) return;
		current?.removeAttribute("aria-current");
		link?.setAttribute("aria-current", "location");
		list.style.setProperty("--fill", link ? link.offsetTop + link.offsetHeight + "px" : 0);
		if (link) list.parentElement.scrollTop = link.offsetTop - innerHeight / 2;
		current = link;
	};
	if (links.length) {
		on(window, "scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(follow); } }, { passive: true });
		follow();
	}

	for (const here of all(".nav [aria-current]")) here.closest(".sidebar").scrollTop = here.offsetTop - innerHeight / 2;
	all("[popover]").forEach(sheet => on(sheet, "click", event => { if (event.target.closest("a") && sheet.matches(":popover-open")) sheet.hidePopover(); }));
	for (const list of all(".releases")) {
		on(d, "click", event => { if (!list.contains(event.target)) list.open = false; });
		on(list, "keydown", event => { if (event.key === "Escape") list.open = false; });
	}
	for (const finder of all("[data-search]")) {
		on(finder, "click", async () => (await import(finder.dataset.script)).open(finder));
		on(d, "keydown", event => {
			if (event.key === "k" ? !event.ctrlKey && !event.metaKey : event.key !== "/" || event.target.closest("input, textarea, select, [contenteditable]")) return;
			event.preventDefault();
			finder.click();
		});
	}
	for (const button of all("[data-theme-toggle]")) on(button, "click", () => {
		const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
		root.dataset.theme = dark ? "light" : "dark";
		store("carafe-theme", root.dataset.theme);
	});
})();
