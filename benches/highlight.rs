//! Highlighting: `cargo bench --bench highlight`.

#[path = "gen/mod.rs"]
mod site;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use carafe_highlight::Highlighter;

fn main() {
    divan::main();
}

/// The code blocks of a site of this many pages: (language, code).
fn blocks(pages: usize) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in site::pages(site::Options { pages, ..Default::default() }, site::Spelling::Carafe) {
        let mut parts = page.body.split("```");
        while let (Some(_), Some(block)) = (parts.next(), parts.next()) {
            let (language, code) = block.split_once('\n').unwrap_or_default();
            found.push((language.to_owned(), code.to_owned()));
        }
    }
    found
}

/// Every block of a site with 1000 pages, from an empty cache, as a cold build does it.
#[divan::bench(args = [100, 1000])]
fn site_from_an_empty_cache(bencher: Bencher<'_, '_>, pages: usize) {
    let blocks = blocks(pages);
    let bytes: usize = blocks.iter().map(|(_, code)| code.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(blocks.len()))
        .with_inputs(Highlighter::new)
        .bench_values(|highlighter| {
            for (language, code) in &blocks {
                divan::black_box(highlighter.highlight(code, language));
            }
            highlighter.distinct()
        });
}

/// One language's blocks, each distinct.
#[divan::bench(args = ["yaml", "json", "shell", "console"])]
fn language(bencher: Bencher<'_, '_>, language: &str) {
    let blocks: Vec<_> = blocks(200).into_iter().filter(|(of, _)| of == language).map(|(_, code)| code).collect();
    let bytes: usize = blocks.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).with_inputs(Highlighter::new).bench_values(|highlighter| {
        for code in &blocks {
            divan::black_box(highlighter.highlight(code, language));
        }
    });
}

const SYNTECT: [(&str, &str); 4] = [
    ("toml", "# The relay\n[channels.first]\nname = \"a\"\nports = [80, 443]\nactive = true\nsince = 2024-01-01\n"),
    ("hcl", "resource \"relay\" \"main\" {\n  name = \"a-${var.region}\"\n  count = 3\n  tags = [\"x\", \"y\"]\n}\n"),
    (
        "python",
        "import os\n\ndef load(path: str) -> dict:\n    \"\"\"Read it.\"\"\"\n    return {\"a\": os.environ[path]}\n",
    ),
    (
        "go",
        "package main\n\nfunc Load(path string) (map[string]int, error) {\n\treturn nil, fmt.Errorf(\"no %s\", path)\n}\n",
    ),
];

/// Syntect's languages, the loading of syntaxes and the first use of their expressions included.
#[divan::bench(args = ["toml", "hcl", "python", "go"])]
fn first_block(bencher: Bencher<'_, '_>, language: &str) {
    let code = SYNTECT.iter().find(|(name, _)| *name == language).map_or("", |(_, code)| code);
    bencher.with_inputs(Highlighter::new).bench_values(|highlighter| highlighter.highlight(code, language));
}

/// Syntect's languages once their expressions are compiled.
#[divan::bench(args = ["toml", "hcl", "python", "go"])]
fn further_block(bencher: Bencher<'_, '_>, language: &str) {
    let code = SYNTECT.iter().find(|(name, _)| *name == language).map_or("", |(_, code)| code);
    let highlighter = Highlighter::new();
    let mut number = 0;
    bencher
        .with_inputs(|| {
            number += 1;
            format!("{code}\n{number}\n")
        })
        .bench_local_refs(|code| highlighter.highlight(code, language));
}
