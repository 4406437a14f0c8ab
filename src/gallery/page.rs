//! The pages of the gallery: the list of all includes, and one page for each.

use std::fmt::Write as _;

use percent_encoding::utf8_percent_encode;

use crate::check::Param;
use crate::include_test::Coverage;
use crate::markup::escape;
use crate::site::PATH;

use super::elements::{breakable, code, frame, inline, language};
use super::exhibit::{Exhibit, RELEASES, Sample, Test, example_file, example_title, test_file};
use super::shown::{Caller, Include, Shown};
use super::{Gallery, Place, controls, page_path};

/// With more includes than that a page lists those of its own folder.
const LISTED: usize = 200;
/// With more callers than that the rest is folded.
const CALLERS: usize = 12;

/// The page that lists all includes, with what is `shown` of them.
pub(super) fn index(gallery: &Gallery, shown: &Shown) -> String {
    let is_whole = gallery.is_whole(shown);
    let mut main = String::from("<h1>Includes</h1>\n");
    if shown.includes.is_empty() {
        let folder = escape(&gallery.session.world().config.content.folders.includes);
        let _ = writeln!(
            main,
            "<p class=\"lead\">This site has no includes yet. A file in <code>{folder}</code> is one: it is shown here with what its \
             <code>doc</code> block says, and with what it gives.</p>"
        );
        return whole(gallery, "Includes", "", "", &main);
    }
    let deprecated = shown.includes.iter().filter(|include| include.about.deprecated.is_some()).count();
    let failed = shown.outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let tests = match (shown.outcomes.len(), failed) {
        (0, _) => "no tests".to_owned(),
        (all, 0) => counted(all, "test passes", "tests pass"),
        (all, failed) => format!("{failed} of {}", counted(all, "test fails", "tests fail")),
    };
    let tags = shown.includes.iter().filter(|include| include.form.is_some()).count();
    let mut told = vec![counted(shown.includes.len() - tags, "include", "includes")];
    told.extend((tags > 0).then(|| counted(tags, "tag", "tags")));
    told.extend(is_whole.then_some(tests));
    told.extend((deprecated > 0).then(|| format!("{deprecated} deprecated")));
    let from = if is_whole { "" } else { " data-from=\"whole/\"" };
    let _ = writeln!(main, "<p class=\"lead\" data-later=\"lead\"{from}>{}</p>", told.join(" · "));
    main.push_str(&search("Search names, parameters and descriptions"));
    main.push_str("<div data-later=\"list\">\n");
    let mut folder: Option<&str> = None;
    for include in by_folder(shown) {
        let own = folder_of(&include.about.name);
        if folder != Some(own) {
            main.push_str(if folder.is_some() { "</ul></section>\n" } else { "" });
            let heading =
                if own.is_empty() { "Top folder".to_owned() } else { format!("<code>{}/</code>", breakable(own)) };
            let _ = writeln!(main, "<section data-group><h2>{heading}</h2>\n<ul class=\"includes\">");
            folder = Some(own);
        }
        let name = short(include);
        let usage: Vec<String> = include.about.params.iter().map(Param::usage).collect();
        let (open, language) = ("<li data-find>", language(gallery));
        let _ = writeln!(
            main,
            "{open}<a href=\"{}\"><span class=\"name\">{}</span></a><span class=\"usage\">{}</span>{}<p{language}>{}</p></li>",
            link(gallery, "", &include.about.name),
            breakable(name),
            escape(&usage.join(" ")),
            badges(shown, include, is_whole),
            inline(first_sentence(&include.about.description)),
        );
    }
    main.push_str("</ul></section>\n</div>\n<p class=\"none\" data-none hidden>No include has these words.</p>\n");
    whole(gallery, "Includes", "", "", &main)
}

/// The page of one include.
/// Without all that is known (`is_whole`) it has what is there at once, and says where the rest is.
pub(super) fn include(gallery: &Gallery, include: &Include, exhibit: &Exhibit, is_whole: bool) -> String {
    let about = &include.about;
    let up = "../".repeat(1 + about.name.split('/').count());
    let mut main = String::new();
    let (folder, name) = about.name.rsplit_once('/').map_or(("", &*about.name), |(folder, name)| (folder, name));
    let folder =
        if folder.is_empty() { String::new() } else { format!("<span class=\"folder\">{}/</span>", breakable(folder)) };
    let name = if include.form.is_some() { short(include) } else { name };
    let _ = writeln!(main, "<h1>{folder}{}</h1>", breakable(name));
    let _ = writeln!(main, "<p class=\"facts\" data-later=\"facts\">{}</p>", facts(gallery, include, is_whole));
    if let Some(reason) = &about.deprecated {
        let _ = writeln!(main, "<p class=\"deprecated\"><strong>Deprecated.</strong> {}</p>", inline(reason));
    }
    if about.description.is_empty() {
        main.push_str(
            "<p class=\"quiet\">It has no description: a <code>doc</code> block in it would say what it is for.</p>\n",
        );
    }
    let language = language(gallery);
    for paragraph in about.description.split("\n\n").filter(|text| !text.trim().is_empty()) {
        let _ = writeln!(main, "<p{language} class=\"description\">{}</p>", inline(paragraph));
    }
    main.push_str(&controls::try_it(gallery, include, exhibit, &up));
    if !is_whole {
        let from = escape(&format!("{up}whole/{}/", utf8_percent_encode(&about.name, &PATH)));
        let _ = writeln!(
            main,
            "<div data-later=\"rest\" data-from=\"{from}\">\n<p class=\"quiet script\" role=\"status\">Examples, tests and callers are being gathered …</p>\n\
             <noscript><p><a href=\"{from}\">Examples, tests and callers</a></p></noscript>\n</div>"
        );
        return whole(gallery, &about.name, &up, &about.name, &main);
    }
    main.push_str("<div data-later=\"rest\">\n");
    if !exhibit.examples.is_empty() {
        main.push_str("<section aria-labelledby=\"examples\">\n<h2 id=\"examples\">Examples</h2>\n");
        for (number, sample) in exhibit.examples.iter().enumerate() {
            main.push_str(&example(gallery, include, number, sample, &up));
        }
        main.push_str("</section>\n");
    }
    if include.form.is_none() {
        main.push_str(&tests(gallery, include, &exhibit.tests, &up));
    }
    main.push_str(&callers(gallery, include, &up));
    main.push_str("</div>\n");
    whole(gallery, &about.name, &up, &about.name, &main)
}

/// What is told of an include in a line.
fn facts(gallery: &Gallery, include: &Include, is_whole: bool) -> String {
    let about = &include.about;
    let mut facts = vec![format!("<code>{}</code>", breakable(&include.path))];
    if !is_whole {
        facts.push(badges(gallery.said(), include, false));
        facts.retain(|fact| !fact.is_empty());
        return facts.join(" · ");
    }
    let word = if include.form.is_some() { "used" } else { "called" };
    let mut called = match about.calls {
        // A badge says it.
        0 => String::new(),
        1 => format!("{word} once"),
        calls => format!("{word} {calls} times"),
    };
    let sources = sources(gallery, include);
    if sources > 0 {
        called.push_str(&format!(", on {}", counted(sources, "page", "pages")));
    }
    if !include.pages.is_empty() && include.releases.len() > 1 {
        called.push_str(&format!(" in {} releases", include.releases.len()));
    }
    facts.push(called);
    facts.push(badges(gallery.shown(), include, true));
    facts.retain(|fact| !fact.is_empty());
    facts.join(" · ")
}

/// How many sources of pages lead to an include, each counted once for all its releases.
fn sources(gallery: &Gallery, include: &Include) -> usize {
    let entries = &gallery.session.world().site.entries;
    let paths = include.pages.iter().filter_map(|at| Some(&*entries.get(*at)?.page.path));
    paths.collect::<std::collections::BTreeSet<&str>>().len()
}

/// What is to be seen at a glance: deprecation, tests, calls.
fn badges(shown: &Shown, include: &Include, is_whole: bool) -> String {
    let outcomes = || include.cases.iter().filter_map(|case| shown.outcomes.get(*case));
    let failed = outcomes().filter(|outcome| !outcome.passed()).count();
    let mut badges: Vec<String> = Vec::new();
    if include.about.deprecated.is_some() {
        badges.push("<span class=\"badge warn\">deprecated</span>".to_owned());
    }
    if include.about.calls == 0 && is_whole {
        badges.push("<span class=\"badge\">unused</span>".to_owned());
    }
    badges.push(match (include.cases.len(), failed) {
        // Where nothing is tested, that need not be said of each.
        (0, _) if shown.outcomes.is_empty() || !is_whole || include.form.is_some() => String::new(),
        (0, _) => "<span class=\"badge\">no tests</span>".to_owned(),
        (all, 0) => format!("<span class=\"badge good\">{}</span>", counted(all, "test passes", "tests pass")),
        (all, failed) => {
            format!("<span class=\"badge bad\">{failed} of {}</span>", counted(all, "test fails", "tests fail"))
        }
    });
    badges.retain(|badge| !badge.is_empty());
    if badges.is_empty() { String::new() } else { format!("<span class=\"badges\">{}</span>", badges.join(" ")) }
}

/// The includes folder by folder, those of the top folder first.
fn by_folder(shown: &Shown) -> Vec<&Include> {
    let mut all: Vec<&Include> = shown.includes.iter().collect();
    all.sort_by_key(|include| (folder_of(&include.about.name), include.about.name.as_str()));
    all
}

/// The name of a tag, or the last part of that of an include.
fn short(include: &Include) -> &str {
    match &include.form {
        Some(form) => &form.name,
        None => include.about.name.rsplit('/').next().unwrap_or_default(),
    }
}

/// The folder of an include; empty for the top folder.
fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The buttons that make frames as narrow as a telephone.
fn widths() -> String {
    let button = |width: &str, label: &str, pressed: bool| {
        format!("<button type=\"button\" data-width=\"{width}\" aria-pressed=\"{pressed}\">{label}</button>")
    };
    format!(
        "<div class=\"widths\" role=\"group\" aria-label=\"Width of what is shown\">{}{}{}</div>\n",
        button("", "Full width", true),
        button("768px", "Tablet", false),
        button("360px", "Phone", false)
    )
}

/// An example: the releases that differ side by side, then what is written.
fn example(gallery: &Gallery, include: &Include, number: usize, sample: &Sample, up: &str) -> String {
    let mut out = format!(
        "<section class=\"example\" aria-labelledby=\"example-{0}\">\n<h3 id=\"example-{0}\">Example {0}</h3>\n",
        number + 1
    );
    if sample.variants.len() > 1 {
        out.push_str("<p class=\"quiet\">Releases differ.</p>\n");
    }
    if include.releases.len() > RELEASES {
        let _ = writeln!(
            out,
            "<p class=\"quiet\">Of {} releases the first {RELEASES} are shown.</p>",
            include.releases.len()
        );
    }
    let _ = writeln!(out, "<div class=\"variants\">");
    for (at, variant) in sample.variants.iter().enumerate() {
        out.push_str("<div class=\"variant\">");
        if !variant.releases.is_empty() {
            let all: Vec<String> =
                variant.releases.iter().map(|release| format!("<span>{}</span>", escape(release))).collect();
            let _ = write!(out, "<p class=\"of\">{}</p>", all.join(" "));
        }
        let title = example_title(number, variant);
        out.push_str(&frame(gallery, include, &example_file(number, at), &title, &variant.rendering.html, up));
        out.push_str(&problems(&variant.rendering.problems, &title));
        out.push_str("</div>\n");
    }
    out.push_str("</div>\n");
    out.push_str(&code(&sample.text, ""));
    out + "</section>\n"
}

fn tests(gallery: &Gallery, include: &Include, tests: &[Test], up: &str) -> String {
    let mut out = String::from("<section aria-labelledby=\"tests\">\n<h2 id=\"tests\">Tests and coverage</h2>\n");
    if include.cases.is_empty() {
        out.push_str(
            "<p class=\"quiet\">Nothing tries it. An <code>@example</code> in its <code>doc</code> block is a test, and so is a case in \
             <code>tests/includes</code>.</p>\n",
        );
    }
    let is_used =
        |coverage: &&Coverage| coverage.tests > 0 || coverage.branches_taken() > 0 || coverage.params_passed() > 0;
    if let Some(coverage) = include.coverage.as_ref().filter(is_used) {
        let share = |taken: usize, of: usize, noun: &str| match of {
            0 => String::new(),
            _ => format!(
                "<li><span class=\"meter\" aria-hidden=\"true\" style=\"--share:{}%\"></span>{taken} of {of} {noun}</li>",
                taken * 100 / of
            ),
        };
        let _ = writeln!(
            out,
            "<ul class=\"coverage\">{}{}</ul>",
            share(coverage.branches_taken(), coverage.branches.len(), "branches taken"),
            share(coverage.params_passed(), coverage.params.len(), "parameters passed")
        );
        let sources = gallery.session.sources();
        let mut left: Vec<String> = Vec::new();
        for (branch, _) in coverage.branches.iter().filter(|(_, taken)| !taken) {
            let Some(file) = sources.get(branch.place.file) else { continue };
            let tag = file.text.get(branch.place.start as usize..branch.place.end as usize).unwrap_or_default();
            let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
            let what = if branch.written { "never taken" } else { "never passed over" };
            let line = file.position(branch.place.start).line;
            left.push(format!("<li>Line {line}, {what}: <code>{}</code></li>", escape(&tag)));
        }
        let unpassed = coverage.params.iter().filter(|(.., passed)| !passed);
        left.extend(unpassed.map(|(name, ..)| format!("<li>Never passed: <code>{}</code></li>", escape(name))));
        if !left.is_empty() {
            let _ = writeln!(out, "<ul class=\"left\">{}</ul>", left.concat());
        }
    }
    for (number, test) in tests.iter().enumerate() {
        let (class, word, open) = if test.passed { ("good", "passes", "") } else { ("bad", "fails", " open") };
        let _ = writeln!(
            out,
            "<details class=\"test\" id=\"test-{}\"{open}><summary><span class=\"badge {class}\">{word}</span> {}</summary>\n{}{}{}</details>",
            number + 1,
            escape(&test.name),
            frame(gallery, include, &test_file(number), &format!("Test: {}", test.name), &test.rendering.html, up),
            problems(&test.rendering.problems, &test.name),
            code(&test.text, "")
        );
    }
    out + "</section>\n"
}

fn callers(gallery: &Gallery, include: &Include, up: &str) -> String {
    let mut out = String::from("<section aria-labelledby=\"callers\">\n<h2 id=\"callers\">Who calls it</h2>\n");
    if include.form.is_some() {
        out = out.replace("Who calls it", "Who uses it");
    }
    let entries = &gallery.session.world().site.entries;
    let mut all: Vec<String> = Vec::new();
    for caller in &include.callers {
        all.push(match caller {
            Caller::Include(name) => match gallery.shown().position(name) {
                Some(_) => format!(
                    "<li><a href=\"{}\"><code>{}</code></a> <span class=\"quiet\">include</span></li>\n",
                    link(gallery, up, name),
                    breakable(name)
                ),
                None => format!("<li><code>{}</code> <span class=\"quiet\">include</span></li>\n", breakable(name)),
            },
            Caller::Other(path) => format!("<li><code>{}</code></li>\n", breakable(path)),
            Caller::Page(path, at) => {
                let first = at.first().and_then(|at| entries.get(*at));
                let title = first.map(|entry| entry.title()).unwrap_or_default();
                let title = match first.and_then(|entry| gallery.address_of(entry)) {
                    Some(address) => format!("<a href=\"{}\">{}</a>", escape(&address), escape(&title)),
                    None => escape(&title),
                };
                let releases = at.iter().filter_map(|at| entries.get(*at)?.variant.release.as_ref()).count();
                let releases = if releases > 0 {
                    format!(", {}", counted(releases, "release", "releases"))
                } else {
                    String::new()
                };
                format!("<li>{title} <span class=\"quiet\"><code>{}</code>{releases}</span></li>\n", breakable(path))
            }
        });
    }
    if all.is_empty() {
        let word = if include.form.is_some() { "uses" } else { "calls" };
        return format!("{out}<p class=\"quiet\">Nothing {word} it.</p>\n</section>\n");
    }
    let rest = all.split_off(all.len().min(CALLERS));
    let _ = writeln!(out, "<ul class=\"callers\">\n{}</ul>", all.concat());
    if !rest.is_empty() {
        let _ = writeln!(
            out,
            "<details><summary>{} more</summary>\n<ul class=\"callers\">\n{}</ul></details>",
            rest.len(),
            rest.concat()
        );
    }
    out + "</section>\n"
}

fn problems(text: &str, of: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!(
            "<pre class=\"problems\" tabindex=\"0\" aria-label=\"{}\">{}</pre>\n",
            escape(&format!("Problems of {of}")),
            escape(text)
        ),
    }
}

fn search(label: &str) -> String {
    format!(
        "<div class=\"search script\"><input type=\"search\" data-search aria-label=\"{label}\" placeholder=\"{label}\" aria-keyshortcuts=\"/\" autocomplete=\"off\" spellcheck=\"false\">\
         <p role=\"status\" data-found></p></div>\n"
    )
}

/// The names beside a page: of all includes, or of those of its folder.
fn sidebar(gallery: &Gallery, up: &str, current: &str) -> String {
    let all = &gallery.said().includes;
    let own = folder_of(current);
    let is_listed = |name: &str| all.len() <= LISTED || folder_of(name) == own;
    let mut out = String::from("<nav class=\"sidebar\" aria-label=\"Includes\">\n");
    out.push_str("<div class=\"script\"><input type=\"search\" data-search aria-label=\"Find an include\" placeholder=\"Find an include\" aria-keyshortcuts=\"/\" autocomplete=\"off\" spellcheck=\"false\"><p role=\"status\" class=\"unseen\" data-found></p></div>\n");
    let mut before: Option<&str> = None;
    for include in by_folder(gallery.said()).into_iter().filter(|include| is_listed(&include.about.name)) {
        let name = &include.about.name;
        let folder = folder_of(name);
        if before != Some(folder) {
            out.push_str(if before.is_some() { "</ul></div>\n" } else { "" });
            let heading = if folder.is_empty() { String::new() } else { format!("<p>{}/</p>", breakable(folder)) };
            let _ = writeln!(out, "<div data-group>{heading}<ul>");
            before = Some(folder);
        }
        let mark = if name == current { " aria-current=\"page\"" } else { "" };
        let short = short(include);
        let old = if include.about.deprecated.is_some() { " class=\"old\"" } else { "" };
        let _ = writeln!(
            out,
            "<li data-find{old}><a href=\"{}\"{mark}>{}</a></li>",
            link(gallery, up, name),
            breakable(short)
        );
    }
    out.push_str(if before.is_some() { "</ul></div>\n" } else { "" });
    out.push_str("<p class=\"none\" data-none hidden>None has this name.</p>\n</nav>\n");
    out
}

/// A page with what is around it. `up` leads to the gallery's root; `current` is the include that it is about, if it is about one.
fn whole(gallery: &Gallery, title: &str, up: &str, current: &str, main: &str) -> String {
    let world = gallery.session.world();
    let site = escape(&world.config.site.title);
    let base = &world.config.site.baseurl;
    let (home, all) = match gallery.place {
        Place::Preview => (Some(format!("{base}/")), if up.is_empty() { "./".to_owned() } else { up.to_owned() }),
        Place::Folder => {
            let url = &world.config.site.url;
            ((!url.is_empty()).then(|| format!("{url}{base}/")), format!("{up}index.html"))
        }
    };
    let site = match home {
        Some(home) => format!("<a href=\"{}\">{site}</a>", escape(&home)),
        None => format!("<span>{site}</span>"),
    };
    let (class, sidebar, widths) = match current {
        "" => ("list", String::new(), String::new()),
        current => ("one", sidebar(gallery, up, current), widths()),
    };
    let here = if current.is_empty() { " aria-current=\"page\"" } else { "" };
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{title} · gallery of includes</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"{up}gallery.css\">\n<script src=\"{up}gallery.js\" defer></script>\n</head>\n\
         <body class=\"{class}\">\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n\
         <header>{site}<span aria-hidden=\"true\">/</span><a href=\"{all}\"{here}>Gallery of includes</a>{widths}</header>\n\
         <div class=\"layout\">\n{sidebar}<main id=\"main\" tabindex=\"-1\">\n{main}</main>\n</div>\n</body>\n</html>\n"
    )
}

/// What leads to the page of an include.
fn link(gallery: &Gallery, up: &str, name: &str) -> String {
    let path = page_path(name);
    let path = utf8_percent_encode(&path, &PATH).to_string();
    // A file is opened by its name; a server knows it.
    let path = match gallery.place {
        Place::Preview => path.trim_end_matches("index.html").to_owned(),
        Place::Folder => path,
    };
    escape(&format!("{up}{path}"))
}

fn first_sentence(text: &str) -> &str {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    paragraph.find(". ").and_then(|at| paragraph.get(..=at)).unwrap_or(paragraph)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
