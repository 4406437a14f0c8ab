// Copy buttons, for pages with code and for pages that are Markdown, too.
const words = { copy: "Copy", copied: "Copied", not_allowed: "Not allowed", not_found: "Page not found", ...JSON.parse(document.documentElement.dataset.words || "{}") };

/** Of a console, what was typed: no prompts, no output, no comments between commands. */
const commands = nodes => {
	const typed = [];
	let blanks = 0, line = { text: "" };
	const end = () => {
		const { text, prompt, printed, command } = line;
		// One blank belongs to the prompt; what stands behind it is the command's.
		if (prompt) typed.push(text.replace(/^ /, ""));
		// What a command goes on with may look printed.
		else if (printed && typed.at(-1)?.endsWith("\\")) typed.push(text);
		else if (command && typed.length) typed.push(...Array(blanks).fill(""), text);
		// A line without text is the command's when the next one is.
		blanks = text.trim() || prompt ? 0 : blanks + 1;
		line = { text: "" };
	};
	for (const { className: kind, textContent } of nodes) {
		textContent.split("\n").forEach((part, at) => {
			if (at) end();
			if (kind === "gp" && !/\S\s{2,}\S/.test(part)) return void (line = { text: "", prompt: true });
			line.text += part;
			if (kind === "go") line.printed ||= part;
			else if (kind !== "c") line.command ||= part.trim();
		});
	}
	end();
	return typed.join("\n").trim();
};

/** The same of code without colours. */
const uncoloured = text => text.split(/(?<=\n)/).flatMap(line => {
	const [, prompt, rest] = line.match(/^\s*(\$|>>>)(\s.*)/s) || [];
	return prompt ? [{ className: "gp", textContent: prompt }, { className: "", textContent: rest }] : { className: "go", textContent: line };
});

/** Without the right to write to the clipboard, as on sites without encryption, what is selected can still be copied. */
const copySelected = text => {
	const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
	const focused = document.activeElement;
	area.style.cssText = "position:fixed;top:0;opacity:0";
	document.body.append(area);
	area.select();
	const done = document.execCommand("copy");
	area.remove();
	focused?.focus({ preventScroll: true });
	return done;
};

const write = async text => {
	try { await navigator.clipboard.writeText(text); return true; } catch { return copySelected(text); }
};

const say = (button, text, label = words.copy) => {
	let status = document.getElementById("carafe-said");
	if (!status) {
		status = Object.assign(document.createElement("p"), { id: "carafe-said", className: "unseen", role: "status" });
		document.body.append(status);
	}
	button.textContent = status.textContent = text;
	button.dataset[text === words.copied ? "done" : "failed"] = "";
	clearTimeout(button.waiting);
	button.waiting = setTimeout(() => { button.textContent = label; status.textContent = ""; delete button.dataset.done; delete button.dataset.failed; }, 1600);
};

/** Copies the block `pre` and says so on its button. */
const copy = async (button, pre) => {
	const code = pre.querySelector(".rouge-code pre, td.code pre") || pre.querySelector("code") || pre;
	// Lines that a change removes are shown, and not part of the code any more.
	const lines = [...code.querySelectorAll(":scope > .line")].filter(line => line.localName !== "del");
	const parts = lines.length ? lines : [code];
	const whole = parts.map(part => part.textContent).join(""), language = /language-(\S+)/.exec((pre.closest("[class*=language-]") || code).className)?.[1];
	// A shell's code is a session when it begins with a prompt, comments apart.
	const isSession = /console|session|terminal|pycon/.test(language) || /^(ba|z|k)?sh(ell)?$/.test(language) && /^(?:[ \t]*(?:#.*)?\n)*[ \t]*\$ /.test(whole);
	const nodes = parts.some(part => part.querySelector(":scope > .gp")) ? parts.flatMap(part => [...part.childNodes]) : isSession ? uncoloured(whole) : [];
	const text = (commands(nodes) || whole).replace(/\n$/, "");
	say(button, await write(text) ? words.copied : words.not_allowed);
};

for (const pre of document.querySelectorAll(".content pre:not(.mermaid, .lineno)")) {
	let box = pre.closest(".code-body, div.highlight, figure.highlight");
	if (!box) {
		// Code that nobody has coloured has no box yet.
		box = Object.assign(document.createElement("div"), { className: "code-body plain" });
		pre.replaceWith(box);
		box.append(pre);
	}
	if (box.querySelector(".copy")) continue;
	const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", title: words.copy, textContent: words.copy });
	button.addEventListener("click", () => copy(button, pre));
	box.append(button);
}

// The page as Markdown stands at an address of its own.
for (const button of document.querySelectorAll("[data-copy-markdown]")) {
	const label = button.textContent, { href } = button.parentElement.querySelector("a");
	button.addEventListener("click", async () => {
		const asked = fetch(href).then(answer => answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText)));
		const blob = asked.then(text => new Blob([text], { type: "text/plain" }));
		// What became of it is said below.
		blob.catch(() => {});
		let done;
		// Some browsers let only the click itself write, which may wait for what it writes.
		try {
			await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
			done = words.copied;
		} catch {
			done = await asked.then(async text => await write(text) ? words.copied : words.not_allowed, () => words.not_found);
		}
		say(button, done, label);
	});
}
