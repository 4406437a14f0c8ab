//! A made-up documentation site of any size, the same in every run.
//!
//! Every page has front matter, five headings, two lists, a table, six code blocks (YAML, shell, JSON, console), two tab
//! groups of two tabs with a YAML block each, an accordion with Markdown in it, two includes with parameters that nest
//! further ones, and six site variables. Half of the code blocks come from a pool that all pages share.

#![allow(dead_code, reason = "each benchmark uses a part of it")]

use std::fmt::Write as _;
use std::io;
use std::path::Path;

mod blocks;
pub(crate) mod jekyll;
mod random;

use blocks::{CODE_LANGUAGES, code_block, paragraph, sentence, word};
use random::Random;

/// How large the site is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// How many pages.
    pub pages: usize,
    /// How many of them stand in the navigation that every page shows; also the number of pages in a folder.
    pub nav: usize,
    /// How deep the includes nest, at least 1.
    pub depth: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { pages: 200, nav: 60, depth: 2 }
    }
}

/// In whose words variables, includes, tabs and accordions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Carafe's, which are Jekyll's and the built-in tags.
    Carafe,
    /// The same, but with plain HTML in place of tabs and accordions: Liquid alone can expand it.
    Untagged,
    /// Those of the `liquid` crate, which knows no such tags: plain HTML takes their place.
    LiquidCrate,
}

/// The site's variables.
pub(crate) const VARIABLES: [(&str, &str); 6] = [
    ("product", "Harbour Relay"),
    ("edition", "Enterprise"),
    ("least_version", "4.2"),
    ("command", "relayctl"),
    ("docs_host", "docs.example.org"),
    ("contact", "help@example.org"),
];

const INCLUDES: [(&str, &str, &str); 2] = [("setup", "Install", "install"), ("teardown", "Remove", "delete")];

/// One page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Its path below `content`.
    pub path: String,
    /// Its front matter, with the fences.
    pub front_matter: String,
    /// Its text.
    pub body: String,
}

/// Writes the site as a Carafe site: `carafe.yml`, `content` and `includes`.
///
/// # Errors
/// Whatever the disk says.
pub(crate) fn write(out: &Path, options: Options) -> io::Result<()> {
    for (path, text) in files(options) {
        let file = out.join(path);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, text)?;
    }
    Ok(())
}

/// All files of the site as a Carafe site, with their paths.
pub(crate) fn files(options: Options) -> Vec<(String, String)> {
    let mut files = vec![("carafe.yml".to_owned(), config())];
    let home = "---\ntitle: Home\n---\n\nA site to measure with.\n".to_owned();
    files.push(("content/index.md".to_owned(), home));
    for (name, text) in includes(options.depth, Spelling::Carafe) {
        files.push((format!("includes/{name}"), text));
    }
    for page in pages(options, Spelling::Carafe) {
        files.push((format!("content/{}", page.path), page.front_matter + &page.body));
    }
    files
}

fn config() -> String {
    let mut text = "title: Measured\nvariables:\n".to_owned();
    for (name, value) in VARIABLES {
        let _ = writeln!(text, "  {name}: {value:?}");
    }
    text
}

/// The includes with their names: the two that pages call, and those they nest.
pub(crate) fn includes(depth: usize, spelling: Spelling) -> Vec<(String, String)> {
    let (product, version) = match spelling {
        Spelling::Carafe | Spelling::Untagged => ("{{ include.product }}", "{{ include.version }}"),
        Spelling::LiquidCrate => ("{{ product }}", "{{ version }}"),
    };
    let nested = |level: usize| match spelling {
        _ if level > depth => String::new(),
        Spelling::Carafe | Spelling::Untagged => {
            format!("\n{{% include level{level}.md product=include.product version=include.version %}}\n")
        }
        Spelling::LiquidCrate => {
            format!("\n{{% include \"level{level}.md\" product: product, version: version %}}\n")
        }
    };
    let mut files = Vec::new();
    for (name, verb, subcommand) in INCLUDES {
        files.push((
            format!("{name}.md"),
            format!(
                "**{verb} {product}**: what follows needs {product} {version} or newer.\n\n```shell\nrelayctl \
                 {subcommand} {product} --version {version}\nrelayctl status {product} | grep ready\n```\n{}",
                nested(2)
            ),
        ));
    }
    for level in 2..=depth {
        let text =
            format!("*Step {level}*: {product} in version {version} is used by many pages.\n{}", nested(level + 1));
        files.push((format!("level{level}.md"), text));
    }
    files
}

/// All pages.
pub(crate) fn pages(options: Options, spelling: Spelling) -> impl Iterator<Item = Page> {
    let mut random = Random::new(7);
    let pool: Vec<Vec<String>> = CODE_LANGUAGES
        .iter()
        .map(|language| (0..12).map(|number| code_block(&mut random, language, &format!("common-{number}"))).collect())
        .collect();
    (0..options.pages).map(move |number| page(number, options, spelling, &pool))
}

fn page(number: usize, options: Options, spelling: Spelling, pool: &[Vec<String>]) -> Page {
    let mut random = Random::new(1 + number as u64);
    let (section, place) = (number / options.nav.max(1), number % options.nav.max(1));
    let title = format!("How to {} the {} {number}", word(&mut random), word(&mut random));
    let description = sentence(&mut random, 10);
    let hidden = if number < options.nav { "" } else { "nav: false\n" };
    let front_matter = format!(
        "---\ntitle: {title:?}\ndescription: {description:?}\nweight: {}\nsection: s{section:03}\n{hidden}---\n\n",
        place + 1
    );
    let body = Writer { random, text: String::new(), spelling, pool, number, slot: 0 }.body();
    Page { path: format!("s{section:03}/page-{number:05}.md"), front_matter, body }
}

struct Writer<'pool> {
    random: Random,
    text: String,
    spelling: Spelling,
    pool: &'pool [Vec<String>],
    number: usize,
    slot: usize,
}

impl Writer<'_> {
    fn body(mut self) -> String {
        let [product, edition, version, command, host, contact] =
            VARIABLES.map(|(name, _)| format!("{{{{ site.{name} }}}}"));
        let intro = paragraph(&mut self.random, 2);
        self.block(&format!("{product} {edition}: {intro}"));
        self.include("setup");
        self.heading("Configure");
        let more = paragraph(&mut self.random, 1);
        self.block(&format!("With {product} {version} or newer, use a file or {command}. {more}"));
        self.code("yaml");
        self.list("* **", 3);
        self.code("shell");
        self.heading("Apply");
        let more = paragraph(&mut self.random, 1);
        self.block(&more);
        self.tabs("Apply");
        self.code("console");
        self.heading("Parameters");
        self.table();
        self.code("json");
        self.heading("Check");
        let (name, more) = (word(&mut self.random), paragraph(&mut self.random, 1));
        self.block(&format!("See [{name}](https://{host}/reference) first. {more}"));
        self.tabs("Check");
        self.code("shell");
        self.list("1. **", 3);
        self.heading("Repair");
        self.accordion(&contact);
        self.code("yaml");
        self.include("teardown");
        self.text
    }

    fn block(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    fn heading(&mut self, title: &str) {
        let heading = format!("## {title} {} {}", word(&mut self.random), word(&mut self.random));
        self.block(&heading);
    }

    /// Half of the blocks are the page's own, half come from the pool.
    fn code(&mut self, language: &str) {
        self.slot += 1;
        let code = if (self.number + self.slot).is_multiple_of(2) {
            code_block(&mut self.random, language, &format!("p{}-{}", self.number, self.slot))
        } else {
            let of_language = CODE_LANGUAGES.iter().position(|known| *known == language).unwrap_or(0);
            self.random.pick(&self.pool[of_language]).clone()
        };
        self.block(&format!("```{language}\n{code}\n```"));
    }

    fn list(&mut self, marker: &str, items: usize) {
        for _ in 0..items {
            let (name, text) = (word(&mut self.random), sentence(&mut self.random, 6));
            let _ = writeln!(self.text, "{marker}{name}**: {text}");
        }
        self.text.push('\n');
    }

    fn table(&mut self) {
        self.text.push_str("| Name | Type | Meaning |\n| --- | --- | --- |\n");
        for kind in ["string", "number", "boolean", "string"] {
            let (name, meaning) = (word(&mut self.random), sentence(&mut self.random, 5));
            let _ = writeln!(self.text, "| `{name}` | {kind} | {meaning} |");
        }
        self.text.push('\n');
    }

    fn tabs(&mut self, label: &str) {
        let carafe = self.spelling == Spelling::Carafe;
        self.text.push_str(if carafe { "{% navtabs %}\n" } else { "<div class=\"tabs\">\n" });
        for title in ["first", "second"] {
            let title = format!("{label} {title} {}", word(&mut self.random));
            let open = if carafe { format!("{{% navtab {title} %}}") } else { format!("<div data-title=\"{title}\">") };
            self.block(&open);
            let text = sentence(&mut self.random, 8);
            self.block(&text);
            self.code("yaml");
            self.text.push_str(if carafe { "{% endnavtab %}\n" } else { "</div>\n" });
        }
        self.block(if carafe { "{% endnavtabs %}" } else { "</div>" });
    }

    fn accordion(&mut self, contact: &str) {
        let carafe = self.spelling == Spelling::Carafe;
        let title = format!("Why does the {} fail?", word(&mut self.random));
        let open =
            if carafe { format!("{{% accordion {title} %}}") } else { format!("<details><summary>{title}</summary>") };
        self.block(&open);
        let text = sentence(&mut self.random, 9);
        self.block(&format!("*Mind*: {text} Write to {contact}."));
        self.list("* **", 2);
        self.block(if carafe { "{% endaccordion %}" } else { "</details>" });
    }

    fn include(&mut self, name: &str) {
        let product = word(&mut self.random);
        let version = format!("{}.{}", 1 + self.random.below(4), self.random.below(10));
        let call = match self.spelling {
            Spelling::Carafe | Spelling::Untagged => {
                format!("{{% include {name}.md product=\"{product}\" version=\"{version}\" %}}")
            }
            Spelling::LiquidCrate => {
                format!("{{% include \"{name}.md\" product: \"{product}\", version: \"{version}\" %}}")
            }
        };
        self.block(&call);
    }
}
