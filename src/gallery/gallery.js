// The gallery of includes. Every page reads without it.
(() => {
	const d = document, root = d.documentElement;
	const all = selector => [...d.querySelectorAll(selector)];
	root.classList.add("js");

	// Frames are as high as what they show; a document tells its height, wherever it comes from.
	const HIGHEST = 1600;
	addEventListener("message", event => {
		const height = event.data?.carafeHeight;
		if (typeof height !== "number") return;
		for (const frame of all("iframe")) if (frame.contentWindow === event.source) frame.style.height = Math.min(Math.max(Math.ceil(height), 32), HIGHEST) + "px";
	});
	const measure = () => { for (const frame of all("iframe")) frame.contentWindow?.postMessage("carafe-measure", "*"); };
	measure();
	// The preview swaps style sheets: those in frames as well.
	addEventListener("carafe-css", () => all("iframe").forEach(frame => { try { frame.contentWindow.location.reload(); } catch { /* of another origin */ } }));

	const main = d.querySelector("main");
	for (const button of all("[data-width]")) button.addEventListener("click", () => {
		all("[data-width]").forEach(other => other.setAttribute("aria-pressed", other === button));
		if (button.dataset.width) main.style.setProperty("--width", button.dataset.width); else main.style.removeProperty("--width");
	});

	// Search: each of the words somewhere in the entry.
	const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
	const search = d.querySelector("[data-search]");
	if (search) {
		let items = [];
		const read = () => { items = all("[data-find]").map(item => ({ item, text: plain(item.textContent + " " + item.querySelector("a").getAttribute("href")) })); };
		read();
		const found = d.querySelector("[data-found]"), none = d.querySelector("[data-none]");
		const filter = () => {
			const words = plain(search.value).split(/\s+/).filter(Boolean);
			let count = 0;
			for (const { item, text } of items) {
				item.hidden = !words.every(word => text.includes(word));
				count += !item.hidden;
			}
			for (const group of all("[data-group]")) group.hidden = !group.querySelector("[data-find]:not([hidden])");
			none.hidden = count > 0;
			found.textContent = words.length ? `${count} of ${items.length}` : "";
		};
		search.addEventListener("input", filter);
		d.addEventListener("carafe-gathered", () => { read(); filter(); });
		search.addEventListener("keydown", event => {
			if (event.key === "Escape") { search.value = ""; filter(); }
			const first = items.find(({ item }) => !item.hidden);
			if (event.key === "Enter" && search.value && first) first.item.querySelector("a").click();
		});
		addEventListener("keydown", event => {
			if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
			event.preventDefault();
			search.focus();
			search.select();
		});
		// The browser may have kept what was typed.
		if (search.value) filter();
	}

	// Copying.
	const copy = async text => {
		try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed here */ }
		const area = Object.assign(d.createElement("textarea"), { value: text });
		d.body.append(area);
		area.select();
		const done = d.execCommand("copy");
		area.remove();
		return done;
	};
	const copying = within => {
		for (const button of within.querySelectorAll("[data-copy]")) {
			const label = button.textContent;
			button.addEventListener("click", async () => {
				button.textContent = await copy(button.parentElement.querySelector("code").textContent) ? "Copied" : "Not copied";
				setTimeout(() => { button.textContent = label; }, 1500);
			});
			button.setAttribute("aria-live", "polite");
		}
	};
	copying(d);

	// What takes long to gather is asked for when the page is there, and again when the preview says that it is another.
	const whole = d.querySelector("[data-from]")?.dataset.from;
	let has, asked = 0;
	const gather = async wanted => {
		if (wanted && wanted === has) return;
		const mine = ++asked, response = await fetch(whole);
		if (!response.ok) throw new Error(response.statusText);
		const text = await response.text();
		if (mine !== asked) return;
		const next = new DOMParser().parseFromString(text, "text/html");
		has = next.querySelector("script[data-seen]")?.dataset.seen;
		for (const old of all("[data-later]")) {
			const fresh = next.querySelector(`[data-later="${old.dataset.later}"]`);
			if (!fresh || fresh.innerHTML === old.innerHTML) continue;
			const open = [...old.querySelectorAll("details[open]")].map(one => one.id), chosen = old.querySelector("select")?.value;
			// Here, so that frames and addresses count from this page.
			old.innerHTML = fresh.innerHTML;
			for (const one of old.querySelectorAll("details")) one.open ||= one.id !== "" && open.includes(one.id);
			const select = old.querySelector("select");
			if (select && [...select.options].some(option => option.value === chosen)) select.value = chosen;
			copying(old);
		}
		measure();
		root.dataset.gathered = "";
		d.dispatchEvent(new CustomEvent("carafe-gathered"));
	};
	const gathered = wanted => gather(wanted).catch(error => {
		const status = d.querySelector('[data-later="rest"] [role="status"]');
		if (status) status.textContent = "The preview does not answer: " + error.message;
	});
	if (whole) {
		gathered();
		addEventListener("carafe-later", event => gathered(event.detail));
	}

	root.dataset.ready = "";

	// The call, by the rules that the server has as well.
	const captured = (name, text) => `{% capture ${name} %}{% raw %}${text.replaceAll("{%", "{{% endraw %}{% raw %}%")}{% endraw %}{% endcapture %}\n`;
	const quoted = text => {
		if (/[\\\n\r]|\{\{|\}\}|\{%|%\}/.test(text)) return;
		const quote = ['"', "'"].find(quote => !text.includes(quote));
		return quote && quote + text + quote;
	};
	const call = (include, params, tag) => {
		let before = "", text = `{% include ${include}`, body = "";
		if (tag) {
			text = `{% ${tag}`;
			for (const { kind, value } of params) {
				const line = kind === "lead" && value.trim().split(/\s+/u).join(" ").replaceAll("%}", "% }");
				if (line) text += ` ${line}`;
				if (kind === "body") body = `\n${value.replace(/^\n+|\n+$/g, "")}\n{% end${tag} %}`;
			}
			params = params.filter(({ kind }) => kind !== "lead" && kind !== "body");
		} else if (/[\s{}%"']/u.test(include)) {
			before += captured("include_path", include);
			text = "{% include {{ include_path }}";
		}
		for (const { name, kind, required, value } of params) {
			if (!/^[\w-]+$/.test(name) || value === "" && !required) continue;
			let written;
			if (kind === "boolean" && /^(true|false|)$/.test(value)) written = value || "false";
			else if (kind === "number" && /^-?[0-9]+(\.[0-9]+)?$/.test(value)) written = value;
			else if (kind === "variable" && /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$/.test(value)) written = value;
			else written = quoted(value);
			if (written === undefined) {
				written = `${name}_text`;
				before += captured(written, value);
			}
			text += ` ${name}=${written}`;
		}
		return `${before}${text} %}${body}`;
	};

	const form = d.querySelector("[data-try]");
	if (!form) return;
	const controls = [...form.querySelectorAll("[data-kind]")], releases = () => form.querySelector("[data-release]");
	const code = d.querySelector("[data-call] code"), box = d.querySelector("[data-problems]"), stage = d.querySelector("[data-stage] .frame");
	const params = () => controls.map(control => {
		const { kind, required, default: usual } = control.dataset;
		const truth = kind === "boolean" && String(control.checked);
		return { name: control.name, kind, required: required !== undefined, value: kind !== "boolean" ? control.value : required === undefined && truth === usual ? "" : truth };
	});

	// What is shown stays until the next document is there.
	const swap = html => {
		const now = stage.querySelector("iframe"), next = d.createElement("iframe");
		stage.querySelectorAll("iframe ~ iframe").forEach(other => other.remove());
		next.title = now.title;
		next.style.height = now.style.height;
		next.addEventListener("load", () => { if (next.isConnected) now.remove(); form.dispatchEvent(new CustomEvent("carafe-shown", { bubbles: true })); });
		next.srcdoc = html;
		now.after(next);
	};
	let waiting;
	const show = async () => {
		const given = params();
		code.textContent = call(form.dataset.include, given, form.dataset.tag);
		if (!form.dataset.render) return;
		waiting?.abort();
		waiting = new AbortController();
		try {
			const values = Object.fromEntries(given.map(({ name, value }) => [name, value]));
			const body = JSON.stringify({ include: form.dataset.include, release: releases()?.value ?? "", values });
			const response = await fetch(form.dataset.render, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: waiting.signal });
			if (!response.ok) throw new Error(await response.text());
			const answer = await response.json();
			code.textContent = answer.call;
			box.textContent = answer.problems;
			box.hidden = !answer.problems;
			swap(answer.document);
		} catch (error) {
			if (error.name === "AbortError") return;
			box.textContent = "The preview does not answer: " + error.message;
			box.hidden = false;
		}
	};
	form.addEventListener("submit", event => event.preventDefault());
	form.addEventListener("reset", () => setTimeout(() => { keep(); show(); }));

	// An edit of the include loads the page again; what was tried stays.
	const key = "carafe-gallery:" + location.pathname;
	const keep = () => { try { sessionStorage.setItem(key, JSON.stringify([releases()?.value, ...controls.map(control => [control.name, control.checked ?? false, control.value])])); } catch { /* no storage */ } };
	form.addEventListener("input", () => { keep(); show(); });
	try {
		const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
		if (kept && performance.getEntriesByType("navigation")[0]?.type === "reload") {
			const [of, ...values] = kept;
			if (releases() && of) releases().value = of;
			for (const [name, checked, value] of values) {
				const control = controls.find(control => control.name === name);
				if (control?.type === "checkbox") control.checked = checked; else if (control) control.value = value;
			}
			show();
		} else sessionStorage.removeItem(key);
	} catch { /* no storage */ }
})();
