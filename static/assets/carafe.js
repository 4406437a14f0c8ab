// Carafe's theme. Every page reads without it.
(() => {
	const d = document, root = d.documentElement;
	const all = (selector, from = d) => [...from.querySelectorAll(selector)];
	const on = (target, type, run, options) => target.addEventListener(type, run, options);
	const store = (key, value) => { try { return value ? localStorage.setItem(key, value) : localStorage.getItem(key); } catch {} };
	const make = (name, properties) => Object.assign(d.createElement(name), properties);
	// The theme's words; where pages are in English, these.
	const words = { link_to: "Link to “{title}”", ...JSON.parse(root.dataset.words || "{}") };
	root.classList.add("js");

	// Tabs. Groups switch together as far as they have the title, and are remembered. `data-sync` ties or parts them.
	let relist;
	const groups = all("[data-tabs]").map(box => {
		const tabs = all(":scope > .tabs-list > .tabs-tab", box), titles = tabs.map(tab => tab.textContent.trim());
		return { box, tabs, titles, panels: all(":scope > .tabs-panel", box), key: box.dataset.sync === "false" ? box : box.dataset.sync || "" };
	}).filter(group => group.tabs.length && group.tabs.length === group.panels.length);
	const show = (group, index) => {
		if (index >= 0) group.tabs.forEach((tab, i) => {
			tab.setAttribute("aria-selected", i === index);
			tab.tabIndex = i === index ? 0 : -1;
			// Hidden until found is focusable.
			group.panels[i].tabIndex = tab.tabIndex;
			group.panels[i].hidden = i === index ? false : "until-found";
		});
		relist?.();
	};
	// Where a group has what was chosen: its title, else, in groups that are tied, its place.
	const place = ({ key, titles }, [chosen, title, index, count]) => {
		if (key !== chosen) return -1;
		const at = titles.indexOf(title);
		return at < 0 && key && titles.length === count ? index : at;
	};
	const sync = (group, index) => {
		const chosen = [group.key, group.titles[index], index, group.tabs.length];
		for (const other of groups) show(other, place(other, chosen));
		show(group, index);
		return chosen;
	};
	// Opens every tab and accordion around an element; whether one was closed.
	const open = element => {
		let closed = false;
		for (let at = element; at; at = at.parentElement) {
			if (at.localName === "details" && !at.open) closed = at.open = true;
			for (const group of groups) {
				const index = group.panels.indexOf(at);
				if (index >= 0) { closed ||= at.hidden; sync(group, index); }
			}
		}
		return closed;
	};
	const remembered = () => { try { return JSON.parse(store("carafe-tabs")).filter(Array.isArray); } catch { return []; } };
	const choose = (group, index) => {
		const tab = group.tabs[index], top = tab.getBoundingClientRect().top;
		const chosen = sync(group, index), others = remembered().filter(([key, title]) => key !== chosen[0] || title !== chosen[1]);
		if (group.key !== group.box) store("carafe-tabs", JSON.stringify([chosen, ...others].slice(0, 40)));
		history.replaceState(history.state, "", tab.hash);
		scrollBy({ top: tab.getBoundingClientRect().top - top, behavior: "instant" });
	};
	for (const group of groups) {
		show(group, remembered().map(chosen => place(group, chosen)).find(at => at >= 0) ?? Math.max(0, group.tabs.findIndex(tab => tab.ariaSelected === "true")));
		group.tabs.forEach((tab, index) => {
			on(tab, "click", event => {
				if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
				event.preventDefault();
				choose(group, index);
			});
			// Whoever brings back what was open asks so: nothing is remembered of it.
			on(tab, "carafe-show", () => show(group, index));
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
		// The browser opens what is around the text first, and stops where a panel is open already.
		group.panels.forEach((panel, index) => on(panel, "beforematch", () => setTimeout(show, 0, group, index)));
	}
	// `?tab=`: a title, or its slug. A plus is a blank there, or is meant.
	for (const title of new URLSearchParams(location.search.replaceAll("+", "%2B")).getAll("tab")) {
		for (const group of groups) {
			const at = name => {
				const index = group.titles.findIndex(title => title.toLowerCase() === name);
				return index < 0 ? group.tabs.findIndex(tab => tab.dataset.slug === name) : index;
			};
			const index = [title, title.replaceAll("+", " ")].map(name => at(name.trim().toLowerCase())).find(index => index >= 0);
			if (index >= 0) open(group.panels[index]);
		}
	}

	// An address with an anchor opens every tab and accordion around its target.
	const reveal = () => {
		let target = null;
		try { target = d.getElementById(decodeURIComponent(location.hash.slice(1))); } catch {}
		if (open(target)) target.scrollIntoView({ behavior: "instant" });
	};
	root.dataset.ready = "";
	reveal();
	on(window, "hashchange", reveal);

	// Paper shows everything.
	let printed = [];
	on(window, "beforeprint", () => (printed = all(".content details:not([open])")).forEach(box => { box.open = true; }));
	on(window, "afterprint", () => printed.forEach(box => { box.open = false; }));

	if (d.querySelector(".content pre, [data-copy-markdown]")) import(d.currentScript?.dataset.copy || "./copy.js");

	// What scrolls sideways is a keyboard stop.
	const scrollers = () => all(".content :is(pre, table)").forEach(box => {
		if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
	});
	scrollers();
	on(window, "resize", scrollers);

	const sign = (id, title) => make("a", { className: "anchor", href: "#" + id, ariaLabel: words.link_to.replace("{title}", () => title.trim()) });
	for (const heading of all(".content :is(h2, h3, h4, h5, h6)[id]")) {
		heading.append(sign(heading.id, heading.textContent));
	}
	// A link within a summary would be a control in a control.
	for (const box of all(".content details.accordion[id]")) box.before(sign(box.id, box.firstElementChild.textContent));

	// The table of contents fills up to the heading one reads.
	const list = d.querySelector(".toc-list"), links = all(".toc-list a");
	const heads = links.map(link => d.getElementById(decodeURIComponent(link.hash.slice(1))));
	// What was clicked is what one reads, until one moves on.
	let waiting = false, current, clicked = -1;
	const follow = () => {
		waiting = false;
		// Towards the foot the line sinks to the end of the window, so that each heading that is seen there has its turn.
		const room = root.scrollHeight - innerHeight, reach = Math.min(room, innerHeight * .75);
		const line = innerHeight * (.25 + (reach > 4 ? .75 * Math.max(0, 1 - (room - scrollY) / reach) : 0));
		let at = -1;
		if (clicked >= 0) at = clicked;
		else heads.forEach((head, i) => { if (head?.checkVisibility?.() && head.getBoundingClientRect().top <= line) at = i; });
		const link = links[at];
		if (link === current) return;
		current?.removeAttribute("aria-current");
		link?.setAttribute("aria-current", "location");
		list.style.setProperty("--fill", link ? link.offsetTop + link.offsetHeight + "px" : 0);
		if (link) list.parentElement.scrollTop = link.offsetTop - innerHeight / 2;
		current = link;
	};
	if (links.length) {
		// What stands in a closed tab is not on this page yet.
		relist = () => { links.forEach((link, i) => { link.hidden = !!heads[i]?.closest(".tabs-panel[hidden]"); }); follow(); };
		relist();
		links.forEach((link, i) => on(link, "click", () => { clicked = i; follow(); }));
		for (const type of ["wheel", "touchmove", "keydown"]) on(window, type, () => { clicked = -1; }, { passive: true });
		on(window, "scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(follow); } }, { passive: true });
	}

	d.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
	for (const here of all(".nav [aria-current]")) here.closest(".sidebar").scrollTop = here.offsetTop - innerHeight / 2;
	for (const sheet of all("[popover]")) {
		on(sheet, "click", event => { if (event.target.closest("a")) sheet.hidePopover(); });
		on(sheet, "focusout", event => { if (event.relatedTarget && !sheet.contains(event.relatedTarget)) sheet.hidePopover(); });
		// Where there is room it is no sheet any more.
		on(window, "resize", () => { if (!d.querySelector(`[popovertarget="${sheet.id}"]`)?.offsetWidth) sheet.hidePopover(); });
	}
	for (const list of all(".releases, .languages details")) {
		on(d, "click", event => { if (!list.contains(event.target)) list.open = false; });
		on(list, "click", event => { const link = event.target.closest("a"); if (link) link.hash = location.hash; });
		on(list, "keydown", event => { if (event.key === "Escape") list.open = false; });
	}
	for (const finder of all("[data-search]")) {
		for (const box of all("[data-missing]")) import(box.dataset.missing).then(({ suggest }) => suggest(box, finder));
		on(finder, "click", async () => (await import(finder.dataset.script)).open(finder));
		on(d, "keydown", event => {
			if (event.key === "k" ? !event.ctrlKey && !event.metaKey : event.key !== "/" || event.target.closest("input, textarea, select, [contenteditable]")) return;
			event.preventDefault();
			finder.click();
		});
	}
	// A page that a reader is about to open is fetched before, unless it costs: what stays on the link for a moment is about to.
	const base = d.currentScript?.dataset.prefetch, fetched = new Set(), line = navigator.connection;
	if (base && !line?.saveData && !/2g/.test(line?.effectiveType)) {
		let soon;
		const ahead = ({ target }) => {
			clearTimeout(soon);
			const link = target.closest?.("a[href]");
			if (!link || link.origin !== location.origin || !link.pathname.startsWith(base) || link.search || link.target || link.hasAttribute("download")
				|| /nofollow|external/.test(link.rel) || /log-?(out|off)|sign-?(out|off)/i.test(link.pathname)
				|| !/(\/|\/[^/.]+|\.html?)$/.test(link.pathname) || link.pathname === location.pathname || fetched.has(link.pathname)) return;
			soon = setTimeout(() => {
				fetched.add(link.pathname);
				d.head.append(make("link", { rel: "prefetch", href: link.pathname }));
			}, 80);
		};
		for (const type of ["pointerover", "focusin"]) on(d, type, ahead);
	}
	// Light, dark, or as the system has it, in turn.
	for (const button of all("[data-theme-toggle]")) {
		const name = button.ariaLabel, states = ["system", "light", "dark"];
		const say = () => { button.ariaLabel = button.title = name + ": " + button.dataset[root.dataset.theme || "system"]; };
		on(button, "click", () => {
			const next = states[(states.indexOf(root.dataset.theme || "system") + 1) % states.length];
			if (next === "system") delete root.dataset.theme; else root.dataset.theme = next;
			store("carafe-theme", next);
			say();
		});
		say();
	}
})();
