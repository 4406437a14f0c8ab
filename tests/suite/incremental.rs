//! After any edit a session's output and findings are those of a session opened anew, and those of a build that takes pages
//! from the cache of an earlier one: random edits of small sites.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use carafe::diagnostic::fold;
use carafe::diagnostic::render::{self, Format};
use carafe::publish::{Built, build_in_memory};
use carafe::session::{ReadCursor, Session};
use carafe::world::{Error, Options};
use carafe_source::{Files, Listing, MemoryFiles, ReadError, Sources};

/// A folder in memory that can be edited while sessions look at it.
#[derive(Debug, Default)]
struct Folder(Mutex<MemoryFiles>);

impl Files for Folder {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.lock().unwrap().read_bytes(path)
    }
    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.0.lock().unwrap().walk(folder, skip)
    }
}

/// A small generator of numbers, the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }
    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
    fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// A kind of site: where its files lie and what may stand in them.
struct Kind {
    paths: &'static [&'static str],
    configs: &'static [&'static str],
}

const NATIVE: Kind = Kind {
    paths: &[
        "carafe.yml",
        "content/index.md",
        "content/a.md",
        "content/b.md",
        "content/guides/index.md",
        "content/guides/x.md",
        "content/guides/_part.md",
        "content/feed.xml",
        "content/picture.svg",
        "includes/one.md",
        "includes/two.md",
        "includes/sub/deep.md",
        "includes/tags/box.html",
        "includes/filters/shout.html",
        "templates/nav.html",
        "templates/plain.html",
        "data/team.yml",
        "data/team.json",
        "data/people/ann.yml",
        "data/people/bob.json",
        "static/app.css",
        "static/a/index.html",
        "notes.txt",
        ".hidden/x.md",
        "extra/two.md",
    ],
    configs: &[
        "title: Site\n",
        "title: Other\nurl: https://example.org\noutputs: [html, markdown, llms]\n",
        "title: Site\nnav:\n  - a\n  - title: Group\n    children: [guides/x, nowhere]\n",
        "title: Site\ndefaults:\n  - scope: {path: guides}\n    values: {flavour: sweet}\ndiagnostics: {undefined-variable: error}\n",
        "titel: broken\n",
        "title: [broken\n",
    ],
};

const JEKYLL: Kind = Kind {
    paths: &[
        "_config.yml",
        "index.md",
        "a.md",
        "guides/x.md",
        "guides/_part.md",
        "_posts/2024-01-02-first.md",
        "_posts/2024-01-03-second.md",
        "_docs/one.md",
        "_docs/two.md",
        "_includes/one.md",
        "_includes/two.md",
        "_includes/sub/deep.md",
        "_includes/tags/box.html",
        "_includes/filters/shout.html",
        "_layouts/default.html",
        "_layouts/inner.html",
        "_data/team.yml",
        "_data/people/ann.yml",
        "_data/people/bob.json",
        "assets/app.css",
        "assets/site.scss",
        "_sass/_part.scss",
        "_sass/deep/_inner.scss",
        "robots.txt",
        "feed.xml",
        ".hidden/x.md",
    ],
    configs: &[
        "title: Site\ncarafe: {theme: tests/suite/gem_theme}\n",
        "title: Site\ncollections: {docs: {output: true}}\n",
        "title: Other\nflavour: salty\ncollections: {docs: {output: false}}\n",
        "permalink: pretty\ncollections: {docs: {output: true}}\ndefaults:\n  - scope: {path: ''}\n    values: {layout: default}\n",
        "title: [broken\n",
    ],
};

const RELEASES: Kind = Kind {
    paths: &[
        "carafe.yml",
        "content/index.md",
        "content/a.md",
        "_src/tea/install.md",
        "_src/tea/brew.md",
        "_src/tea/brew/index.md",
        "includes/one.md",
        "includes/two.md",
        "includes/sub/deep.md",
        "data/versions.yml",
        "data/nav_tea_1.yml",
        "data/nav_tea_2.yml",
        "data/team.yml",
    ],
    configs: &[
        "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n",
        "title: Cups\noutputs: [html, markdown, llms]\nsingle_source: {versions: versions, source: _src, nav: ['nav_tea_1']}\n",
    ],
};

const LANGUAGES: Kind = Kind {
    paths: &[
        "carafe.yml",
        "content/index.md",
        "content/index.de.md",
        "content/a.md",
        "content/a.de.md",
        "content/a.ar.md",
        "content/de/a.md",
        "content/de/only.md",
        "content/ar/index.md",
        "content/guides/index.md",
        "content/guides/x.md",
        "content/guides/x.de.md",
        "content/de/guides/x.md",
        "content/guides/_part.md",
        "content/de/guides/_part.md",
        "content/de/guides/index.md",
        "content/de/README.md",
        "content/guides/picture.svg",
        "content/de/guides/picture.svg",
        "content/404.de.md",
        "content/en/a.md",
        "includes/one.md",
        "includes/two.md",
        "includes/de/one.md",
        "includes/ar/sub/deep.md",
        "includes/sub/deep.md",
        "data/team.yml",
        "templates/words/ar.yml",
    ],
    configs: &[
        "title: Site\nurl: https://example.org\nlanguages: {de: {title: Seite, titles: {Guides: Anleitungen}}, ar: {variables: {flavour: sour}}}\n\
         theme: {header_links: [{title: Guides, url: /guides/x/}]}\n",
        "title: Site\nlanguages: {en: , de: }\nnav: [a, {title: Guides, children: [guides/x, a.md]}]\noutputs: [html, markdown, llms]\n",
        "title: Site\nlanguages: {de_DE: }\n",
        "title: Site\n",
    ],
};

const VARIANTS: Kind = Kind {
    paths: &[
        "carafe.yml",
        "content/index.md",
        "content/de/index.md",
        "content/a.md",
        "_src/tea/install.md",
        "_src/de/tea/install.md",
        "_src/tea/install.de.md",
        "_src/tea/brew.md",
        "_src/tea/brew.de.md",
        "_src/tea/brew/index.md",
        "_src/de/tea/brew/index.md",
        "_src/ar/tea/brew.md",
        "_src/en/tea/brew.md",
        "_src/de/tea/lost.md",
        "includes/one.md",
        "includes/de/one.md",
        "includes/two.md",
        "includes/sub/deep.md",
        "data/versions.yml",
        "data/nav_tea_1.yml",
        "data/nav_tea_2.yml",
        "data/team.yml",
    ],
    configs: &[
        "title: Tea\nurl: https://example.org\nlanguages: {de: {title: Tee, titles: {Start: Anfang, Brew: Aufguss}}, ar: }\n\
         single_source: {versions: versions, source: _src, nav: ['nav_*']}\ntheme: {header_links: [{title: Tea, url: /tea/latest/brew/}]}\n",
        "title: Cups\nlanguages: {en: , de: }\noutputs: [html, markdown, llms]\n\
         single_source: {versions: versions, source: _src, nav: ['nav_tea_1']}\n",
        "title: Tea\nlanguages: {de: }\n",
        "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n",
    ],
};

const VERSIONS: &[&str] = &[
    "- {edition: tea, release: 1.x, version: 1.0.9}\n- {edition: tea, release: 2.x, latest: true}\n",
    "- {edition: tea, release: 1.x, version: 1.0.10, latest: true}\n- {edition: tea, release: 2.x, label: beta}\n",
    "- {edition: tea, release: 2.x}\n",
];

const PAGES_OF_RELEASE: &[&str] = &[
    "items:\n  - {text: Install, url: /install/}\n",
    "items:\n  - title: Start\n    items:\n      - {text: Install, url: /install/}\n      - {text: Brew, url: /brew/}\n",
    "items:\n  - {text: Brewing, url: /brew/}\n  - {text: Else, url: /install/, src: brew}\n",
];

const SNIPPETS: &[&str] = &[
    "{% include one.md %}\n",
    "{% include two.md word=\"w\" %}\n",
    "{% include sub/deep.md %}\n",
    "{% include /one.md %}\n",
    "{% include nowhere.md %}\n",
    "{% include_code notes.txt lines=\"1-2\" %}\n",
    "{% include_code robots.txt %}\n",
    "{% include tw.md %}\n",
    "{% include_relative _part.md %}\n",
    "{% include_relative guides/_part.md %}\n",
    "{% include_relative ./guides//_part.md %}\n",
    "{% if site.data.team %}{{ site.data.team.lead }}{% endif %}\n",
    "{% for person in site.data.people %}{{ person[0] }}: {{ person[1].name }}, {% endfor %}\n",
    "{{ site.data.people.bob.name }}\n",
    "{{ site.data.nothing.here }}\n",
    "{% for p in site.pages %}{{ p.title }} {{ p.url }}, {% endfor %}\n",
    "{% for p in site.pages %}{{ p.content | size }}, {% endfor %}\n",
    "{% for p in site.posts %}{{ p.title }}, {% endfor %}\n",
    "{% for d in site.docs %}{{ d.title }} {{ d.content }}, {% endfor %}\n",
    "{% for p in site.posts %}{{ p.excerpt }}, {% endfor %}\n",
    "{{ site.posts[0].output }} {{ site.docs[1].output | size }}\n",
    "{{ page.excerpt }} {{ layout.layout }} {{ jekyll.environment }}\n",
    "\n",
    "{% for d in site.documents %}{{ d.path }} {% endfor %}{{ site.related_posts | size }}\n",
    "{% for f in site.static_files %}{{ f.path }}, {% endfor %}\n",
    "{{ page.next.title }} {{ page.previous.content }}\n",
    "{% link content/a.md %}\n",
    "[a](a.md) [x](guides/x.md) [up](../a.md) [root](/guides/x.md#h) ![p](picture.svg) [de](/a.de.md) [own](/de/only.md)\n",
    "{{ site.language }} {{ page.lang }} {% link guides/x.md %}\n",
    "{% link a.md %} {% link assets/app.css %}\n",
    "{% post_url 2024-01-02-first %}\n",
    "{{ page.title }} {{ page.flavour }} {{ site.title }}\n",
    "{% box %}inside *it*{% endbox %}\n",
    "{% box file=\"team.yml\" %}inside{% endbox %}\n",
    "{% box file=\"people/ann.yml\" %}inside{% endbox %}\n",
    "{{ page.layuot }}\n",
    "{{ \"word\" | shout }}\n",
    "{{ undefined_thing }}\n",
    "{% if broken %}\n",
    "## A heading\n",
    "```yaml\na: 1\n```\n",
    "{{ \"now\" | date: \"%s\" }} {{ \"2024-05-06\" | date: \"%d.%m.%Y\" }}\n",
    "{{ site.time }}\n",
    "[brew](brew.md) [install](/tea/install.md) [up](../tea/brew.md) [de](/tea/brew.de.md) {% link _src/tea/brew.md %}\n",
    "{{ page.release }} {{ page.version }} {% if_version gte:2.x %}new{% else %}old{% endif_version %}\n",
    "plain *words*\n",
];

const FRONTS: &[&str] = &[
    "",
    "---\n---\n",
    "---\ntitle: One\n---\n",
    "---\ntitle: Two\nweight: 2\n---\n",
    "---\ntitle: Two\nnav: false\nflavour: bitter\n---\n",
    "---\npermalink: /same/\n---\n",
    "---\npermalink: /a/\ntitle: Taker\n---\n",
    "---\nredirect_from: [/old/, /a/]\n---\n",
    "---\npublished: false\n---\n",
    "---\ntitle: [broken\n---\n",
    "---\nlayout: inner\ntitle: Laid out\n---\n",
    "---\nlayout: plain\n---\n",
    "---\nlayuot: plain\n---\n",
    "---\ntitle: Slug\nslug: kurz\n---\n",
    "---\ntitle: Place\npermalink: /de/stelle/\n---\n",
    "---\ntitle: \"Of {{ site.data.team.lead }} {{ site.data.people.ann.name }}\"\n---\n",
    "---\ntitle: \"{% for one in site.data.people %}{{ one[0] }} {% endfor %}\"\n---\n",
];

fn content(random: &mut Random, kind: &Kind, path: &str) -> String {
    let mut text = String::new();
    if path == kind.paths[0] {
        // Mostly sound, so that most edits are seen.
        return kind.configs[random.below(kind.configs.len()).min(random.below(kind.configs.len()))].to_owned();
    }
    match path.rsplit_once('.').unwrap().1 {
        "yml" if path.ends_with("versions.yml") => random.pick(VERSIONS).into(),
        "yml" if path.contains("nav_tea_") => {
            let release = if path.contains("_1") { "1.x" } else { "2.x" };
            format!("product: tea\nrelease: {release}\ngenerate: true\n{}", random.pick(PAGES_OF_RELEASE))
        }
        "yml" => random.pick(&["lead: Ann\nname: A\n", "lead: Bob\nname: B\n", "lead: [broken\n", "[1, 2]\n"]).into(),
        "json" => random.pick(&["{\"name\": \"J\"}", "{\"name\": \"K\"}", "{broken"]).into(),
        "scss" if path.starts_with("_sass/deep") => random.pick(&[".d { e: f }", "$c: blue;", ".d {"]).into(),
        "scss" if path.starts_with("_sass/") => {
            random.pick(&[".p { a: b }", "@import 'deep/inner';", "$c: red;", "@warn 'old';", "@import 'none';"]).into()
        }
        "scss" => format!(
            "{}@import 'part';\n$c: green !default;\n{}.s {{ color: $c }}\n",
            FRONTS[random.below(FRONTS.len())],
            random.pick(&[
                "",
                "@import \"deep/_inner.scss\";\n",
                "{% include one.md %}",
                ".t { n: {{ site.posts | size }} }\n"
            ])
        ),
        "html" if path.contains("/tags/") => random
            .pick(&[
                "---\ntag: {kind: block}\n---\n<b>{{ content }}</b>",
                "---\ntag: {kind: block, markup: params, data: {x: \"data/{{ params.file }}\"}}\n---\n<b>{{ data.x.lead }} {{ data.x.name }}</b>",
                "---\ntag: {kind: block, content: yaml}\n---\n<a href=\"../../content/a.md\">{{ content }}</a><img alt=\"\" src=\"picture.svg\">",
                "---\ntag: {block: true}\n---\n<i>{{ content }}</i>{% include one.md %}",
                "---\ntag: [broken\n---\n",
                "no front matter",
            ])
            .into(),
        "html" if path.contains("/filters/") => random
            .pick(&["---\nfilter: {}\n---\n{{ input | upcase }}", "---\nfilter: {}\n---\n{{ input }}!", "---\n---\n"])
            .into(),
        "html" if path.starts_with("templates/") => random
            .pick(&["<nav>{{ nav | length }}</nav>", "<p>{{ page.title }}</p>", "{{ page.nothing }}", "{% if %}"])
            .into(),
        "html" if path.starts_with("_layouts/") => random
            .pick(&["<p>{{ content }}</p>", "---\nlayout: default\n---\n<i>{{ content }}</i>{{ site.title }}"])
            .into(),
        _ => {
            let front = if path.contains("include") || path.contains("_part") {
                ""
            } else {
                FRONTS[random.below(FRONTS.len())]
            };
            text.push_str(front);
            for _ in 0..random.below(4) {
                text.push_str(snippet(random, path));
            }
            writeln!(text, "words {}", random.below(100)).unwrap();
            text
        }
    }
}

/// A snippet that may stand in this file: includes call only those further down, else their output would grow without end.
fn snippet(random: &mut Random, path: &str) -> &'static str {
    let names = ["one.md", "two.md", "sub/deep.md"];
    let rank = names.iter().position(|name| path.ends_with(name) && path.contains("include"));
    let inner = rank.is_some() || path.contains("_part");
    let allowed = |snippet: &str| {
        let calls = names.iter().position(|name| snippet.contains("include ") && snippet.contains(name));
        !inner
            || !snippet.contains("box") && !snippet.contains("relative") && calls.is_none_or(|calls| Some(calls) > rank)
    };
    loop {
        let snippet = SNIPPETS[random.below(SNIPPETS.len())];
        if allowed(snippet) {
            return snippet;
        }
    }
}

/// All findings of a session as text.
fn findings(session: &Session) -> String {
    shown(session.sources(), session.findings())
}

fn shown(sources: &Sources, findings: Vec<carafe::diagnostic::Finding>) -> String {
    let options = render::Options { format: Format::Human, colour: false, prefix: "" };
    let mut text = render::render(&fold(sources, findings.iter().cloned()), sources, options);
    // Each page's own too, since folding shows one of many.
    let mut each: Vec<String> = Vec::new();
    for (page, diagnostic) in findings {
        let options = render::Options { format: Format::Json, ..options };
        each.push(render::render(&fold(sources, [(page, diagnostic)]), sources, options));
    }
    each.sort();
    text.extend(each);
    text
}

fn options() -> Options {
    Options { now: Some(1_700_000_000), each_page: true, ..Options::default() }
}

fn open(files: &Arc<dyn Files>) -> Result<Session, Error> {
    Session::open_files(files.clone(), &options())
}

struct Run {
    random: Random,
    kind: Kind,
    folder: Arc<Folder>,
    files: Arc<dyn Files>,
    log: Vec<String>,
}

impl Run {
    fn new(kind: Kind, seed: u64) -> Self {
        let folder = Arc::new(Folder::default());
        let mut run = Self { random: Random(seed), kind, files: folder.clone(), folder, log: Vec::new() };
        run.folder.0.lock().unwrap().insert(run.kind.paths[0], run.kind.configs[0]);
        for path in &run.kind.paths[1..] {
            if !run.random.once_in(3) {
                let text = content(&mut run.random, &run.kind, path);
                run.folder.0.lock().unwrap().insert(*path, text);
            }
        }
        run
    }

    fn exists(&self, path: &str) -> Option<Vec<u8>> {
        self.files.read_bytes(path).ok()
    }

    /// One edit: a file written, changed at its end, renamed, or deleted.
    fn edit(&mut self, changed: &mut BTreeSet<String>) {
        let path = self.random.pick(self.kind.paths);
        let old = self.exists(path);
        let note = |log: &mut Vec<String>, what: String| log.push(what);
        match (self.random.below(8), old) {
            (0, Some(_)) if path != self.kind.paths[0] => {
                self.folder.0.lock().unwrap().remove(path);
                note(&mut self.log, format!("delete {path}"));
            }
            (1, Some(text)) if path != self.kind.paths[0] => {
                let to = self.random.pick(&self.kind.paths[1..]);
                // An include that called itself would grow without end.
                let calls = String::from_utf8_lossy(&text).contains("{% ");
                let to = if calls && (to.contains("include") || to.contains("_part")) { "moved.md" } else { to };
                self.folder.0.lock().unwrap().remove(path);
                self.folder.0.lock().unwrap().insert(to, text);
                changed.insert(to.to_owned());
                note(&mut self.log, format!("rename {path} to {to}"));
            }
            (2..=4, Some(mut text)) if path.ends_with(".md") => {
                text.extend(snippet(&mut self.random, path).as_bytes());
                note(&mut self.log, format!("append to {path}: {:?}", String::from_utf8_lossy(&text)));
                self.folder.0.lock().unwrap().insert(path, text);
            }
            (5, _) if path.ends_with(".md") && self.random.once_in(4) => {
                self.folder.0.lock().unwrap().insert(path, b"\xff\xfe not UTF-8".to_vec());
                note(&mut self.log, format!("bad bytes {path}"));
            }
            _ => {
                let text = content(&mut self.random, &self.kind, path);
                note(&mut self.log, format!("write {path}: {text:?}"));
                self.folder.0.lock().unwrap().insert(path, text);
            }
        }
        changed.insert(path.to_owned());
    }

    fn run(mut self, edits: usize) {
        let mut session = open(&self.files).unwrap();
        let mut changed = BTreeSet::new();
        for step in 0..edits {
            // Some pages are looked at between the edits, so that some are rendered and some are not.
            for _ in 0..self.random.below(8) {
                session.page(self.random.below(session.pages().max(1)));
            }
            if self.random.once_in(4) {
                session.render_all(&|| false);
            }
            for _ in 0..1 + self.random.below(2) * self.random.below(3) {
                self.edit(&mut changed);
            }
            match session.update(&changed) {
                Ok(next) => session = next,
                // The last good session stays; the paths are told again.
                Err(Error::Config(..)) => {
                    assert!(open(&self.files).is_err(), "the update fails, a clean start does not");
                    continue;
                }
                Err(error) => panic!("{error:?}"),
            }
            changed.clear();
            if step % 3 == 0 {
                self.compare(&session);
            }
        }
        if changed.is_empty() {
            self.compare(&session);
        }
    }

    fn compare(&self, session: &Session) {
        let clean = open(&self.files).unwrap();
        let log = || self.log[self.log.len().saturating_sub(6)..].join("\n  ");
        same(&session.outputs(), &clean.outputs(), &log());
        assert_eq!(findings(session), findings(&clean), "findings after\n  {}", log());
    }
}

/// Builds by way of the cache between edits, at ever other times; each as a clean build.
fn cached(mut run: Run, edits: usize) -> usize {
    let (mut cache, mut reused) = (None::<Vec<u8>>, 0);
    for step in 0..edits {
        for _ in 0..1 + run.random.below(3) {
            run.edit(&mut BTreeSet::new());
        }
        let options = Options { now: Some(1_700_000_000 + i64::try_from(step / 4).unwrap()), ..options() };
        let clean = build_in_memory(run.files.clone(), &options, None);
        let warm = build_in_memory(run.files.clone(), &Options { cache: true, ..options }, cache.as_deref());
        let (clean, warm) = match (clean, warm) {
            (Ok(clean), Ok(warm)) => (clean, warm),
            (Err(_), Err(_)) => continue,
            other => panic!("one builds and one does not: {other:?}"),
        };
        let log = run.log[run.log.len().saturating_sub(6)..].join("\n  ");
        same(&warm.outputs, &clean.outputs, &log);
        let told = |built: Built| shown(&built.sources, built.findings);
        reused += warm.reused;
        assert_eq!(warm.note, None);
        cache = warm.cache.clone().or(cache);
        assert_eq!(told(warm), told(clean), "findings after\n  {log}");
    }
    reused
}

fn same(ours: &BTreeMap<String, Vec<u8>>, theirs: &BTreeMap<String, Vec<u8>>, log: &str) {
    let paths = |outputs: &BTreeMap<String, Vec<u8>>| -> Vec<String> { outputs.keys().cloned().collect() };
    assert_eq!(paths(ours), paths(theirs), "\n  {log}");
    for (path, bytes) in theirs {
        let (ours, theirs) = (String::from_utf8_lossy(&ours[path]), String::from_utf8_lossy(bytes));
        let different = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
        assert!(ours == theirs, "{path} after\n  {log}\nfirst difference: {different:#?}");
    }
}

/// How many edits a run makes.
fn edits() -> usize {
    std::env::var("CARAFE_EDITS").ok().and_then(|count| count.parse().ok()).unwrap_or(150)
}

/// Does the same from many beginnings at once.
fn many<T: Send>(kind: fn() -> Kind, seeds: std::ops::Range<u64>, act: impl Fn(Run) -> T + Sync) -> Vec<T> {
    let run = |seed: u64| act(Run::new(kind(), 0x9e37_79b9_7f4a_7c15 ^ (seed * 0x1234_5677)));
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = seeds.map(|seed| scope.spawn(move || run(seed))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn any_edit_of_a_native_site_gives_what_a_clean_build_gives() {
    many(|| Kind { ..NATIVE }, 1..9, |run| run.run(edits()));
}

#[test]
fn any_edit_of_a_jekyll_site_gives_what_a_clean_build_gives() {
    many(|| Kind { ..JEKYLL }, 1..9, |run| run.run(edits()));
}

#[test]
fn any_edit_of_a_site_with_releases_gives_what_a_clean_build_gives() {
    many(|| Kind { ..RELEASES }, 1..5, |run| run.run(edits()));
}

#[test]
fn any_edit_of_a_site_in_several_languages_gives_what_a_clean_build_gives() {
    many(|| Kind { ..LANGUAGES }, 1..5, |run| run.run(edits()));
}

#[test]
fn any_edit_of_a_site_with_releases_in_several_languages_gives_what_a_clean_build_gives() {
    many(|| Kind { ..VARIANTS }, 1..7, |run| run.run(edits()));
}

#[test]
fn a_build_with_a_cache_gives_what_a_clean_build_gives() {
    let kinds: [fn() -> Kind; 5] = [
        || Kind { ..NATIVE },
        || Kind { ..JEKYLL },
        || Kind { ..RELEASES },
        || Kind { ..LANGUAGES },
        || Kind { ..VARIANTS },
    ];
    for kind in kinds {
        let reused: usize = many(kind, 11..15, |run| cached(run, edits())).into_iter().sum();
        assert!(reused > edits() / 2, "pages are taken: {reused}");
    }
}

#[test]
fn texts_of_the_past_are_dropped_and_those_of_today_stay() {
    let folder = Arc::new(Folder::default());
    let write = |path: &str, text: String| folder.0.lock().unwrap().insert(path, text.into_bytes());
    write("carafe.yml", "title: Site\n".into());
    write("includes/part.md", "The part.\n".into());
    write("content/a.md", "{% include part.md %}\n".into());
    write("content/stays.md", "{{ nobody.knows }}\n".into());
    let mut session = Session::open_files(folder.clone(), &Options::default()).unwrap();
    session.outputs();
    let first = session.sources().all().len();
    for round in 0..60 {
        let name = format!("content/new-{round}.md");
        write("content/a.md", format!("Round {round}. {{% include part.md %}} {{{{ not_there_{round} }}}}\n"));
        write("includes/part.md", format!("The part of round {round}.\n"));
        write(&name, format!("Page of round {round}.\n"));
        let changed = ["content/a.md", "includes/part.md", &name].map(str::to_owned);
        session = session.update(&BTreeSet::from(changed)).unwrap();
        session.outputs();
        folder.0.lock().unwrap().remove(&name);
        // A configuration that is broken for a while leaves nothing either.
        write("carafe.yml", format!("title: [broken {round}\n"));
        assert!(session.update(&BTreeSet::from(["carafe.yml".to_owned()])).is_err());
        write("carafe.yml", "title: Site\n".into());
        session = session.update(&BTreeSet::from([name, "carafe.yml".to_owned()])).unwrap();
        session.outputs();
    }
    let last = session.sources().all().len();
    assert!(last <= first + 8, "{first} files grew to {last}");
    let placed = session
        .findings()
        .iter()
        .all(|(_, found)| found.span.is_some_and(|span| session.sources().get(span.file).is_some()));
    assert!(placed && session.findings().len() == 2, "{:?}", session.findings());
}

#[test]
fn files_that_pages_read_are_told_once_and_none_is_left_out() {
    let folder = Arc::new(Folder::default());
    let write = |path: &str, text: &str| folder.0.lock().unwrap().insert(path, text.as_bytes().to_vec());
    write("carafe.yml", "title: T\n");
    write("content/a.md", "Text.\n");
    write("content/b.md", "{{ site.data.x }}\n");
    let mut session = Session::open_files(folder.clone(), &Options::default()).unwrap();
    let (mut cursor, mut told) = (ReadCursor::default(), BTreeSet::new());
    let mut most = 0;
    for round in 0..16 {
        let include = format!("includes/part-{round}.md");
        write(&include, "Part.\n");
        // So many that the table of reads is made anew at some time.
        let missing: String = (0..320).map(|n| format!("{{% include no-{round}-{n}.md %}}")).collect();
        write("content/a.md", &format!("{{% include part-{round}.md %}}{missing}\n"));
        session = session.update(&BTreeSet::from([include.clone(), "content/a.md".to_owned()])).unwrap();
        session.render_all(&|| false);
        told.extend(session.files_read(&mut cursor));
        assert_eq!(session.files_read(&mut cursor), [""; 0].map(Arc::from));
        let all = session.files_read(&mut ReadCursor::default());
        assert!(all.iter().any(|path| **path == *include));
        most = most.max(all.len());
        let left_out: Vec<_> = all.iter().filter(|path| !told.contains(*path)).collect();
        assert!(left_out.is_empty(), "{left_out:?} in round {round}");
    }
    assert!(most < told.len(), "what is outdated is forgotten: {most}");
}

/// A folder that counts how often it is listed.
#[derive(Debug, Default)]
struct Listed {
    folder: Folder,
    times: AtomicUsize,
}

impl Files for Listed {
    fn read_bytes(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.folder.read_bytes(path)
    }
    fn walk(&self, folder: &str, skip: &dyn Fn(&str) -> bool) -> Result<Listing, ReadError> {
        self.times.fetch_add(1, Ordering::Relaxed);
        self.folder.walk(folder, skip)
    }
}

#[test]
fn the_folder_is_listed_again_when_files_come_and_go_and_not_when_texts_change() {
    let listed = Arc::new(Listed::default());
    let write = |path: &str, text: &str| listed.folder.0.lock().unwrap().insert(path, text.as_bytes().to_vec());
    write("carafe.yml", "title: T\n");
    write("content/a.md", "---\ntitle: A\n---\n{% include one.md %}\n");
    write("includes/one.md", "One.\n");
    write("data/facts.yml", "x: 1\n");
    write("static/s.css", "a {}\n");
    let files: Arc<dyn Files> = listed.clone();
    let mut session = open(&files).unwrap();
    session.outputs();
    for (path, text, lists) in [
        ("includes/one.md", "Two.\n", false),
        ("data/facts.yml", "x: 2\n", false),
        ("static/s.css", "b {}\n", false),
        ("content/a.md", "---\ntitle: A\n---\nText. {% include one.md %}\n", false),
        ("content/a.md", "---\ntitle: B\n---\nText. {% include one.md %}\n", true),
        ("content/b.md", "---\ntitle: New\n---\n", true),
        ("includes/two.md", "Two.\n", true),
    ] {
        write(path, text);
        let before = listed.times.load(Ordering::Relaxed);
        session = session.update(&BTreeSet::from([path.to_owned()])).unwrap();
        session.outputs();
        assert_eq!(listed.times.load(Ordering::Relaxed) > before, lists, "{path}: {text}");
        same(&session.outputs(), &open(&files).unwrap().outputs(), path);
    }
}

/// What a session tells after each of the edits, `None` for a file that goes: the same as a clean start.
#[track_caller]
fn told_after(first: &[(&str, &str)], edits: &[(&str, Option<&str>)]) -> Vec<String> {
    let memory = MemoryFiles::new(first.iter().copied());
    let folder = Arc::new(Folder(Mutex::new(memory)));
    let files: Arc<dyn Files> = folder.clone();
    let mut session = open(&files).unwrap();
    session.render_all(&|| false);
    let mut told = vec![findings(&session)];
    for (path, text) in edits {
        match text {
            Some(text) => folder.0.lock().unwrap().insert(*path, text.as_bytes().to_vec()),
            None => folder.0.lock().unwrap().remove(path),
        };
        session = session.update(&BTreeSet::from([(*path).to_owned()])).unwrap();
        let clean = open(&files).unwrap();
        same(&session.outputs(), &clean.outputs(), path);
        assert_eq!(findings(&session), findings(&clean), "{path}");
        told.push(findings(&session));
    }
    told
}

#[test]
fn a_key_that_no_text_reads_is_judged_anew_when_one_begins_to_read_it() {
    let told = told_after(
        &[
            ("carafe.yml", "title: T\n"),
            ("content/index.md", "---\ntitle: T\nlayuot: x\n---\n{% include one.md %}\n"),
            ("content/b.md", "# B\n"),
            ("includes/one.md", "One.\n"),
        ],
        &[
            ("includes/one.md", Some("{{ page.layuot }}\n")),
            ("includes/one.md", Some("One.\n")),
            ("content/b.md", Some("# B\n\n{{ page.layuot | default: 1 }}\n")),
            ("content/b.md", Some("# B\n")),
        ],
    );
    let is_told: Vec<bool> = told.iter().map(|told| told.contains("nothing reads the key `layuot`")).collect();
    assert_eq!(is_told, [true, false, true, false, true]);
}

#[test]
fn data_that_front_matter_looked_for_in_vain_is_noticed_when_it_comes() {
    let told = told_after(
        &[
            ("carafe.yml", "title: T\n"),
            ("content/index.md", "---\ntitle: \"For {{ site.data.team.lead }}\"\n---\nText.\n"),
            ("content/b.md", "# B\n"),
            ("data/other.yml", "a: 1\n"),
        ],
        &[("data/team.yml", Some("lead: Ann\n")), ("data/team.yml", Some("lead: Bob\n")), ("data/team.yml", None)],
    );
    let is_told: Vec<bool> = told.iter().map(|told| told.contains("site.data.team")).collect();
    assert_eq!(is_told, [true, false, false, true], "{told:?}");
}

#[test]
fn a_data_file_that_a_call_names_is_noticed_when_it_comes_changes_and_goes() {
    let tag = "---\ntag: {markup: params, output: html, params: {file: \"\"}, data: {rows: \"tables/{{ params.file }}\"}}\n---\n\
        <p>{{ data.rows.x }}</p>\n";
    let told = told_after(
        &[
            ("carafe.yml", "title: T\n"),
            ("content/index.md", "# T\n\n{% rows file=\"a.yml\" %}\n"),
            ("includes/tags/rows.html", tag),
        ],
        &[("tables/a.yml", Some("x: 1\n")), ("tables/a.yml", Some("x: [\n")), ("tables/a.yml", None)],
    );
    let is_told: Vec<bool> = told.iter().map(|told| told.contains("[data-file]")).collect();
    assert_eq!(is_told, [true, false, true, true], "{told:?}");
}

/// How many pages are still there after a change of `path`, which gets `text`.
#[track_caller]
fn left_after(folder: &Folder, session: &mut Session, path: &str, text: &str) -> usize {
    let file = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/");
    folder.0.lock().unwrap().insert(file, text.as_bytes().to_vec());
    *session = session.update(&BTreeSet::from([path.to_owned()])).unwrap();
    let left = session.ready();
    session.render_all(&|| false);
    assert_eq!(session.ready(), session.pages());
    left
}

#[test]
fn an_edit_renders_anew_what_has_read_it_and_nothing_else() {
    let files = [
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "# T\n"),
        ("content/a.md", "---\ntitle: A\n---\n{% include one.md %}\n"),
        ("content/b.md", "---\ntitle: B\n---\n{{ site.data.facts.x }}\n"),
        ("content/c.md", "---\ntitle: C\n---\n[A](a.md)\n"),
        ("includes/one.md", "One.\n"),
        ("data/facts.yml", "x: 1\n"),
        ("static/s.css", "a {}\n"),
    ];
    let folder = Arc::new(Folder(Mutex::new(MemoryFiles::new(files))));
    let files: Arc<dyn Files> = folder.clone();
    let mut session = open(&files).unwrap();
    session.render_all(&|| false);
    let all = session.pages();
    for (path, text, anew) in [
        ("includes/one.md", "Two.\n", 1),
        ("data/facts.yml", "x: 2\n", 1),
        ("content/b.md", "---\ntitle: B\n---\nNothing.\n", 1),
        ("data/facts.yml", "x: 3\n", 0),
        // However the path is written.
        ("./content//b.md", "---\ntitle: B\n---\n{{ site.data.facts.x }}\n", 1),
        ("data/facts.yml", "x: 4\n", 1),
        ("static/s.css", "b {}\n", 0),
        // What leads to the page asks for its address.
        ("content/a.md", "---\ntitle: A\n---\nText.\n", 2),
        ("includes/one.md", "Three.\n", 0),
        // What lists pages would see the key.
        ("content/b.md", "---\ntitle: B\nnote: x\n---\n{{ site.data.facts.x }}\n", 1),
        // The navigation shows the title.
        ("content/c.md", "---\ntitle: Another\n---\nText.\n", all),
        ("content/a.md", "---\ntitle: A\n---\nAnother text.\n", 1),
        ("carafe.yml", "title: U\n", all),
    ] {
        assert_eq!(all - left_after(&folder, &mut session, path, text), anew, "{path}: {text}");
        same(&session.outputs(), &open(&files).unwrap().outputs(), path);
    }
}

#[test]
fn addresses_and_the_reach_of_the_search_are_followed() {
    told_after(
        &[
            ("carafe.yml", "title: T\n"),
            ("content/index.md", "---\ntitle: T\nnav: false\n---\nText.\n"),
            ("content/a.md", "---\ntitle: A\nsearch: false\nnav: false\n---\n[B](b.md) ![s](/s.png)\n"),
            ("content/b.md", "---\ntitle: B\nsearch: false\nnav: false\n---\nText.\n"),
            ("static/s.png", "x"),
        ],
        &[
            ("content/b.md", Some("---\ntitle: B\nsearch: false\nnav: false\npermalink: /elsewhere/\n---\nText.\n")),
            ("content/b.md", Some("---\ntitle: B\nsearch: false\nnav: false\n---\nText.\n")),
            ("content/b.md", None),
            // Nothing is left that the search could find.
            ("content/index.md", Some("---\ntitle: T\nnav: false\nsearch: false\n---\nText.\n")),
            ("content/index.md", Some("---\ntitle: T\nnav: false\n---\nText.\n")),
            ("content/b.md", Some("---\ntitle: B\nnav: false\n---\nText.\n")),
            ("static/s.png", None),
        ],
    );
}

#[test]
fn an_include_of_the_site_takes_the_place_of_one_from_elsewhere() {
    let site = crate::support::SiteFolder::new(&[("carafe.yml", ""), ("content/index.md", "{% include who.md %}\n")]);
    let other = crate::support::SiteFolder::new(&[("who.md", "far")]);
    let options = Options { source: site.path().to_owned(), includes: vec![other.path().to_owned()], ..options() };
    let mut session = Session::open(&options).unwrap();
    session.outputs();
    for (text, expected) in [(Some("near"), "near"), (Some("nearer"), "nearer"), (None, "far")] {
        match text {
            Some(text) => site.write("includes/who.md", text),
            None => std::fs::remove_file(site.path().join("includes/who.md")).unwrap(),
        }
        session = session.update(&BTreeSet::from(["includes/who.md".to_owned()])).unwrap();
        let page = session.outputs()["index.html"].clone();
        assert!(String::from_utf8_lossy(&page).contains(&format!("<p>{expected}</p>")), "{expected}");
    }
}

#[test]
fn the_text_that_releases_share_is_read_anew_for_each_of_them() {
    let source = |text: &str| format!("---\ntitle: Install\n---\n{text} {{{{ page.release }}}}\n");
    let (first, second, broken) = (source("One"), source("Two"), source("{% if x %}"));
    let told = told_after(
        &[
            ("carafe.yml", "title: Tea\nsingle_source: {versions: versions, source: _src, nav: ['nav_*']}\n"),
            ("data/versions.yml", "- {edition: tea, release: 1.x}\n- {edition: tea, release: 2.x, latest: true}\n"),
            (
                "data/nav_tea_1.yml",
                "product: tea\nrelease: 1.x\ngenerate: true\nitems:\n  - {text: Install, url: /install/}\n",
            ),
            (
                "data/nav_tea_2.yml",
                "product: tea\nrelease: 2.x\ngenerate: true\nitems:\n  - {text: Install, url: /install/}\n",
            ),
            ("_src/tea/install.md", &first),
        ],
        &[
            ("_src/tea/install.md", Some(&second)),
            ("_src/tea/install.md", Some(&broken)),
            ("_src/tea/install.md", Some(&first)),
        ],
    );
    let is_told: Vec<bool> = told.iter().map(|told| told.contains("unclosed-tag")).collect();
    assert_eq!(is_told, [false, false, true, false], "{told:?}");
}

#[test]
fn a_page_tells_what_is_wrong_with_the_data_that_it_reads() {
    let memory = MemoryFiles::new([
        ("carafe.yml", "title: T\n"),
        ("content/index.md", "# T\n"),
        ("content/reads.md", "# R\n\n{{ site.data.odd.a }}\n"),
        ("data/odd.yml", "a: yes\n"),
    ]);
    let files: Arc<dyn Files> = Arc::new(Folder(Mutex::new(memory)));
    let session = open(&files).unwrap();
    session.render_all(&|| false);
    let counts: Vec<usize> = (0..session.pages()).map(|at| session.findings_of(at).len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 1, "{counts:?}");
    assert_eq!(session.findings().len(), 1);
}
