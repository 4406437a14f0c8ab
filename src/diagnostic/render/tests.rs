use std::sync::Arc;

use carafe_source::Span;

use super::*;
use crate::diagnostic::{Counts, Diagnostic, Severity, fold};

/// Two pages that use one include, and a third file.
fn example() -> (Sources, Vec<Folded>) {
    let sources = Sources::default();
    let a = sources.add("content/a.md", "---\ntitle: A\n---\nx {% include note.md %}\n".into());
    let b = sources.add("content/b.md", "{% include note.md %}\n".into());
    let note = sources.add("includes/note.md", "Grüße, {{ site.produkt }}!\n{% if x %}\n".into());
    let outer = sources.add("includes/outer.md", "{% include note.md %}".into());
    let variable = Span::new(note, 12, 24);
    let undefined = |call: Span| {
        Diagnostic::warning("undefined-variable", "`site.produkt` is not defined")
            .at(variable)
            .through(vec![Span::new(outer, 0, 20), call])
            .help("did you mean `site.product`?")
    };
    let found = vec![
        ("content/b.md".into(), undefined(Span::new(b, 0, 21))),
        ("content/a.md".into(), undefined(Span::new(a, 19, 40))),
        (
            "content/a.md".into(),
            Diagnostic::error("unclosed-tag", "the tag `if` is never closed")
                .at(Span::new(note, 29, 39))
                .label(Span::new(note, 32, 34), "opened here")
                .label(Span::new(a, 4, 9), "the title is here"),
        ),
        (Arc::from(""), Diagnostic::new("nothing-to-build", Severity::Note, "there are no pages")),
    ];
    let folded = fold(&sources, found);
    (sources, folded)
}

/// Compares the example's rendering with the file; `CARAFE_UPDATE=1` writes the file instead.
fn check(format: Format, prefix: &str, file: &str) {
    let (sources, folded) = example();
    let text = render(&folded, &sources, Options { format, colour: false, prefix });
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/render/expected").join(file);
    if std::env::var_os("CARAFE_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(path).unwrap());
}

#[test]
fn people_see_the_line_the_stack_and_the_advice() {
    check(Format::Human, "", "human.txt");
}

#[test]
fn the_middle_of_an_endless_stack_is_left_out() {
    let sources = Sources::default();
    let file = sources.add("a.md", "{% include a.md %}".into());
    let call = Span::new(file, 0, 18);
    let found = Diagnostic::error("include-depth", "too deep").at(call).through(vec![call; 100]);
    let text = render(
        &fold(&sources, [(Arc::from("a.md"), found)]),
        &sources,
        Options { format: Format::Human, colour: false, prefix: "" },
    );
    assert_eq!(text.matches("included from a.md:1:1").count(), 16, "{text}");
    assert!(text.contains("\n          … 84 more calls\n          included from a.md:1:1"), "{text}");
}

#[test]
fn programs_get_every_field() {
    check(Format::Json, "", "lines.json");
}

#[test]
fn github_gets_annotations_at_the_repositorys_paths() {
    check(Format::Github, "docs/", "github.txt");
}

#[test]
fn sarif_holds_rules_results_and_the_stack() {
    check(Format::Sarif, "docs/", "log.sarif");
}

#[test]
fn folding_does_not_depend_on_the_order_and_counts_pages_once() {
    let sources = Sources::default();
    let file = sources.add("x.md", "abc".into());
    let other = sources.add("a.md", "abc".into());
    let at = |file, n| Span::new(file, n, n + 1);
    let mut found: Vec<(Arc<str>, Diagnostic)> = vec![
        ("p2".into(), Diagnostic::warning("b", "m").at(at(file, 1)).through(vec![at(other, 2)])),
        ("p1".into(), Diagnostic::warning("b", "m").at(at(file, 1)).through(vec![at(other, 1)])),
        ("p1".into(), Diagnostic::warning("b", "m").at(at(file, 1)).through(vec![at(other, 0)])),
        ("p1".into(), Diagnostic::error("a", "m").at(at(file, 1))),
        ("p1".into(), Diagnostic::error("z", "m").at(at(other, 2))),
    ];
    let folded = fold(&sources, found.clone());
    let shown: Vec<_> = folded.iter().map(|f| (f.diagnostic.code, f.pages, f.page.as_deref())).collect();
    assert_eq!(shown, [("z", 1, Some("p1")), ("a", 1, Some("p1")), ("b", 2, Some("p1"))]);
    assert_eq!(folded[2].diagnostic.trace, [at(other, 0)]);
    found.reverse();
    assert_eq!(fold(&sources, found), folded);
    assert_eq!(Counts::of(&folded).to_string(), "2 errors, 1 warning (3 kinds)");
    assert_eq!(Counts::default().to_string(), "");
}

#[test]
fn a_line_of_megabytes_is_cut_around_the_place() {
    let sources = Sources::default();
    let text = format!("{}{{{{ x }}}}{}", "é".repeat(3_000_000), "y".repeat(4_000_000));
    let file = sources.add("long.md", text.into());
    let found = Diagnostic::warning("undefined-variable", "`x` is not defined")
        .at(Span::new(file, 6_000_000, 6_000_007))
        .label(Span::new(file, 0, 2), "far away");
    let folded = fold(&sources, [(Arc::from("long.md"), found)]);
    let text = render(&folded, &sources, Options { format: Format::Human, colour: false, prefix: "" });
    assert!(text.contains("long.md:1:3000001"), "{text}");
    assert!(text.contains("…éé"), "{text}");
    assert!(text.lines().any(|line| line.trim().trim_matches(['|', ' ']) == "^^^^^^^"), "{text}");
    assert!(text.len() < 2000, "{}", text.len());
}

#[test]
fn any_span_at_all_can_be_shown() {
    let sources = Sources::default();
    let long = "é€x\t".repeat(60);
    for text in ["é\r\n\n{% €\n%}\u{301}\0 \u{202e}x", long.as_str(), ""] {
        let file = sources.add(&text.len().to_string(), text.into());
        let end = text.len() + 2;
        let step = 1 + end / 40;
        for start in (0..end).step_by(step) {
            for stop in (0..end).step_by(step) {
                let span = Span { file, start: start as u32, end: stop as u32 };
                let other = Span { file, start: stop as u32 / 2, end: start as u32 };
                let found =
                    Diagnostic::error("a", "m").at(span).label(other, "l").label(span, "k").through(vec![other]);
                let folded = fold(&sources, [(Arc::from("x.md"), found)]);
                for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
                    assert!(!render(&folded, &sources, Options { format, colour: true, prefix: "" }).is_empty());
                }
            }
        }
    }
}

#[test]
fn places_at_the_end_of_a_file_over_several_lines_or_of_no_file_are_shown_all_the_same() {
    let sources = Sources::default();
    let file = sources.add("x.md", "a\r\n{% if x\n%}\nz".into());
    let none = sources.add("empty.md", "".into());
    let spans = [Span::new(file, 14, 15), Span::new(file, 3, 13), Span::new(file, 900, 901), Span::new(none, 0, 0)];
    let unknown = Span::new(carafe_source::FileId(77), 0, 1);
    for span in spans.into_iter().chain([unknown]) {
        let found = Diagnostic::error("a", "m").at(span).label(span, "l").through(vec![span]);
        let folded = fold(&sources, [(Arc::from("x.md"), found)]);
        for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
            assert!(!render(&folded, &sources, Options { format, colour: false, prefix: "" }).is_empty());
        }
    }
}
