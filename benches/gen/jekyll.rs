//! A made-up Jekyll site: documents that find each other with `where` over all documents, and code in ten languages.
//!
//! Every page shows a navigation of all sections, its section's and its group's documents, and ten blocks of code, half of them its own.

use std::io;
use std::path::Path;

use super::blocks::{paragraph, sentence, word};
use super::random::Random;

const LAYOUT: &str = r#"<!DOCTYPE html>
<html><head><title>{{ page.title | escape }} – {{ site.title }}</title></head>
<body><nav><ul>
{%- for section in site.data.sections %}
{%- assign first = site.documents | where: "section", section.name | sort: "rank" | first %}
<li{% if page.section == section.name %} class="open"{% endif %}><a href="{{ first.url | relative_url }}">{{ section.title }}</a>
{%- if page.section == section.name %}<ul>
{%- assign children = site.documents | where: "section", section.name | sort: "rank" %}
{%- for child in children %}
<li><a href="{{ child.url | relative_url }}">{{ child.title }}</a></li>
{%- endfor %}</ul>
{%- endif %}</li>
{%- endfor %}
</ul></nav>
<main>{{ content }}</main>
{%- assign related = site.documents | where: "group", page.group | where_exp: "other", "other.url != page.url" %}
<aside>{% for other in related limit: 8 %}{% include card.html page=other %}{% endfor %}</aside>
</body></html>
"#;

const CARD: &str =
    "<a class=\"card\" href=\"{{ include.page.url | relative_url }}\">{{ include.page.title | upcase }}</a>\n";

/// Writes the site.
///
/// # Errors
/// Whatever the disk says.
pub(crate) fn write(out: &Path, pages: usize) -> io::Result<()> {
    let sections = pages.div_ceil(65).max(1);
    let put = |path: &str, text: &str| {
        let file = out.join(path);
        file.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(file, text)
    };
    put(
        "_config.yml",
        "title: Harbour Relay\ncollections: {docs: {output: true}}\ndefaults: [{scope: {type: docs}, values: {layout: doc}}]\n",
    )?;
    put("_layouts/doc.html", LAYOUT)?;
    put("_includes/card.html", CARD)?;
    put("index.md", "---\ntitle: Start\nlayout: doc\n---\nStart.\n")?;
    let list: String = (0..sections).map(|at| format!("- {{name: s{at}, title: Section {at}}}\n")).collect();
    put("_data/sections.yml", &list)?;
    (0..pages).try_for_each(|at| put(&format!("_docs/s{}/page-{at:04}.md", at % sections), &page(at, sections, pages)))
}

fn page(at: usize, sections: usize, pages: usize) -> String {
    let random = &mut Random::new(at as u64);
    let title = sentence(random, 4);
    let (section, group) = (at % sections, at % pages.div_ceil(20).max(1));
    let mut text =
        format!("---\ntitle: \"{title}\"\nsection: s{section}\ngroup: g{group}\nrank: {}\n---\n", (at * 7) % pages);
    for (number, language) in LANGUAGES.iter().enumerate() {
        // Every second block stands on twenty pages.
        let tag = if number % 2 == 0 { format!("p{at}") } else { format!("g{group}") };
        let shared = &mut Random::new(if number % 2 == 0 { at as u64 } else { 1_000_000 + group as u64 });
        let code = code(shared, language, &tag);
        let (heading, before) = (sentence(random, 3), paragraph(random, 3));
        text += &format!(
            "## {heading}\n\n{before}\n\n```{language}\n{code}```\n\n* *{}*\n* `{}` – {}\n\n",
            word(random),
            word(random),
            word(random)
        );
    }
    text
}

/// The languages of the code.
const LANGUAGES: [&str; 10] = ["python", "ruby", "javascript", "java", "go", "rust", "css", "sql", "yaml", "bash"];

/// Code of about 400 bytes, distinct by `tag`.
fn code(random: &mut Random, language: &str, tag: &str) -> String {
    let (a, b, c) = (word(random), word(random), word(random));
    let n = 1 + random.below(9);
    match language {
        "python" => format!(
            "import os\nfrom {a} import {b} as {c}\n\n\nclass Relay({c}.Base):\n    \"\"\"The {a} of {tag}.\"\"\"\n\n    def __init__(self, \
             name=\"{tag}\", *, limit={n}0):\n        self.name = name\n        self.limit = limit if limit is not None else \
             os.environ.get('{a}')\n\n    @property\n    def {b}(self):\n        return [f\"{{x!r}}-{{self.name}}\" for x in range(self.limit) if x % {n} == 0]\n"
        ),
        "ruby" => format!(
            "require '{a}'\n\n# The {a} of {tag}\nclass {tag}::Relay < Base\n  attr_reader :{a}, :{b}\n\n  def initialize({a}: nil, **rest)\n    \
             @{a} = {a} || \"{tag}-#{{rest[:{b}]}}\"\n    @{b} = rest.fetch(:{b}) {{ |key| raise KeyError, key }}\n  end\n\n  def {c}?\n    \
             @{a} =~ /^{b}-\\d+$/i && !@{b}.nil?\n  end\nend\n"
        ),
        "javascript" => format!(
            "import {{ {a}, {b} }} from './{c}.js';\n\n// The {a} of {tag}\nexport default async function open({{ name = '{tag}', limit = {n}0 }} = {{}}) {{\n  \
             const found = await {a}(`/{b}/${{name}}`, {{ method: 'PUT' }});\n  if (!found.ok || found.status >= 400) {{\n    throw new Error(\"no {c}\");\n  \
             }}\n  return found.items.filter((x) => /^{b}-\\d+$/.test(x.id)).map(({{ id }}) => id ?? null);\n}}\n"
        ),
        "java" => format!(
            "package org.example.{a};\n\nimport java.util.List;\n\n/** The {a} of {tag}. */\npublic final class Relay<T extends Comparable<T>> implements Runnable \
             {{\n    private static final String NAME = \"{tag}\";\n    private final List<T> {b};\n\n    @Override\n    public void run() {{\n        for (T item : \
             {b}) {{\n            if (item == null || {b}.size() > {n}0L) continue;\n            System.out.printf(\"%s: %s%n\", NAME, item); // {c}\n        }}\n    }}\n}}\n"
        ),
        "go" => format!(
            "package {a}\n\nimport (\n\t\"errors\"\n\t\"fmt\"\n)\n\n// Relay is the {a} of {tag}.\ntype Relay struct {{\n\tName  string `json:\"{b}\"`\n\tLimit \
             int64\n}}\n\nfunc (r *Relay) Open(names ...string) (map[string]int, error) {{\n\tfound := make(map[string]int, {n})\n\tfor at, name := range names {{\n\t\tif \
             name == \"{tag}\" {{\n\t\t\treturn nil, errors.New(fmt.Sprintf(\"no %v\", name))\n\t\t}}\n\t\tfound[name] = at\n\t}}\n\treturn found, nil\n}}\n"
        ),
        "rust" => format!(
            "use std::collections::HashMap;\n\n/// The {a} of {tag}.\n#[derive(Debug, Clone)]\npub struct Relay<'a> {{\n    name: &'a str,\n    {b}: \
             HashMap<String, u64>,\n}}\n\nimpl<'a> Relay<'a> {{\n    pub fn {c}(&self, limit: usize) -> Result<Vec<String>, Error> {{\n        let found = self.{b}.iter().filter(|(_, n)| **n \
             > {n}0);\n        match found.clone().count() {{\n            0 => Err(Error::new(\"{tag}\")),\n            _ => Ok(found.map(|(k, v)| format!(\"{{k}}: {{v}}\")).take(limit).collect()),\n        }}\n    }}\n}}\n"
        ),
        "css" => format!(
            "/* The {a} of {tag} */\n:root {{ --{a}: #{n}a{n}b{n}c; }}\n.{b} > a:hover, #{tag} .{c}::before {{\n  color: var(--{a}, rgba(0, 0, 0, .{n}));\n  margin: 0 auto \
             {n}px -1.{n}em;\n  content: \"{tag}\";\n  background: url('{a}.png') no-repeat !important;\n}}\n@media (min-width: {n}00px) {{\n  .{b} {{ display: grid; }}\n}}\n"
        ),
        "sql" => format!(
            "-- The {a} of {tag}\nCREATE TABLE {a}_{tag} (\n  id BIGINT NOT NULL PRIMARY KEY,\n  name VARCHAR({n}0) DEFAULT '{b}',\n  at TIMESTAMP\n);\nSELECT t.id, \
             COUNT(*) AS {c} FROM {a}_{tag} t LEFT JOIN {b} ON {b}.id = t.id\nWHERE t.name LIKE '{tag}%' AND t.id > {n} GROUP BY t.id ORDER BY 2 DESC LIMIT {n}0;\n"
        ),
        "yaml" => format!(
            "# The {a} of {tag}\nchannels:\n  - name: {a}-{tag}\n    target: http://{b}.internal:8{n}00/{c}\n    attempts: {n}\n    active: true\n    scopes: &{a}\n      \
             - name: \"{c}-{tag}\"\n        match: [\"/{a}\", '/{b}']\n    text: |\n      Load the {b}\n      and the {c}.\n"
        ),
        _ => format!(
            "#!/bin/bash\nset -euo pipefail\n# The {a} of {tag}\nexport {a}_key=\"{tag}\"\nfor name in {a} {b} {c}; do\n  if [ -z \"$name\" ] || ! grep -q \"^$name\" \
             /etc/{b}; then\n    echo \"no ${{name:-{c}}} at $(date +%s)\" >&2\n  fi\ndone\ncurl -sS -X PUT \"http://localhost:9001/{b}/{tag}\" | grep -c '{c}' > /tmp/{tag}.log\n"
        ),
    }
}
