//! Formulas: MathML in native sites, kramdown's markup in Jekyll's.

use crate::support::{Ran, SiteFolder};

fn built(config: &str, page: &str) -> (Ran, String) {
    let page = format!("---\ntitle: T\n---\n{page}\n");
    let (name, page_name) =
        if config.starts_with("jekyll") { ("_config.yml", "index.md") } else { ("carafe.yml", "content/index.md") };
    let config = format!("title: T\n{}", config.trim_start_matches("jekyll\n"));
    let site = SiteFolder::new(&[(name, &config), (page_name, &page)]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (ran, site.output("index.html"))
}

const DIALECTS: [&str; 2] = ["markdown: {dialect: kramdown}\n", "markdown: {dialect: commonmark}\n"];
const SQUARE: &str = "<msup><mi>x</mi><mn>2</mn></msup></math>";

#[test]
fn formulas_are_mathml_in_both_dialects() {
    for dialect in DIALECTS {
        let text = "Where $x^2$ is *small*, and ($a_1 * b_1 * c$):\n\n$$\nx^2\n$$\n\n| $y_1$ | b |\n|---|---|\n| $x^2$ | **c** |\n\n## The $x^2$ case\n";
        let (ran, page) = built(dialect, text);
        assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
        for expected in [
            format!("<p>Where <math>{SQUARE} is <em>small</em>"),
            format!("\n<math display=\"block\">{SQUARE}"),
            format!("<td><math>{SQUARE}</td>"),
            "<strong>c</strong>".to_owned(),
            format!("The <math>{SQUARE} case"),
        ] {
            assert!(page.contains(&expected), "{dialect}: {expected}\n{page}");
        }
        assert!(!page.contains("<em> b"), "{page}");
    }
}

#[test]
fn pipes_in_formulas_end_no_cell() {
    let (_, page) = built("", "With $P(A|B)$ and $|x|$ it is a paragraph.\n\n| $|x^2|$ | b |\n|---|---|\n| c | d |\n");
    assert!(page.contains("<p>With <math>") && page.matches("<td>").count() == 2, "{page}");
    assert!(page.contains("|</mo></math></th>"), "{page}");
}

#[test]
fn dollar_signs_of_prices_variables_code_and_addresses_stay() {
    let text = "It costs $5 and then $6. Use $HOME. From $10 to\n*$20* or 30 $.\n\n\
        `$x$` and [a $5](https://example.org/$a$) <kbd title=\"$b$\">$c</kbd> Outer$Inner$Deep $PATH:$HOME \\$e\\$\n\n```sh\necho $a$\n```\n\n\
        <div data-a=\"$f$\">$g$</div>\n\nA [link $7](b) or 8$ and `$`, <https://example.org/$h$>.\n";
    for dialect in DIALECTS {
        let (ran, page) = built(dialect, text);
        assert!(!ran.stderr.contains("bad-math"), "{}", ran.stderr);
        let content = &page[page.find("It costs").unwrap()..];
        assert!(!content.contains("<math"), "{dialect}: {content}");
        for expected in [
            "It costs $5 and then $6. Use $HOME. From $10 to\n<em>$20</em> or 30 $.",
            "<code class=\"language-plaintext highlighter-rouge\">$x$</code>",
            "href=\"https://example.org/$a$\">a $5</a>",
            "$e$",
            "data-a=\"$f$\"",
            ">link $7</a> or 8$",
        ] {
            assert!(content.contains(expected), "{dialect}: {expected}\n{content}");
        }
    }
}

#[test]
fn what_is_no_tex_is_shown_as_it_is_written_and_told_at_its_place() {
    for dialect in DIALECTS {
        let deep = format!("${}x$", "\\hat".repeat(3000));
        let text = format!("A $\\nope{{a<b}}$ b.\n\n$$\n\\frac{{1}}\n$$\n\n{deep}\n");
        let (ran, page) = built(dialect, &text);
        assert!(page.contains("<p>A $\\nope{a&lt;b}$ b.</p>") && page.contains("<p>$$\\frac{1}$$</p>"), "{page}");
        assert_eq!(ran.stderr.matches("warning[bad-math]").count(), 3, "{}", ran.stderr);
        for place in ["content/index.md:4:3", "content/index.md:6:1", "content/index.md:10:1"] {
            assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
        }
        assert!(ran.stderr.contains("unknown command \"\\nope\""), "{}", ran.stderr);
    }
}

#[test]
fn formulas_can_be_turned_off_and_jekyll_sites_ask_for_them() {
    let text = "A $x^2$ b $$y$$ c.\n";
    for config in
        ["jekyll\n", "markdown: {math: false}\n", "markdown: {math_engine: mathjax}\n", "markdown: {github: false}\n"]
    {
        let (_, page) = built(config, text);
        assert!(page.contains("A $x^2$ b \\(y\\) c."), "{config}: {page}");
    }
    let (_, page) = built("markdown: {math: false, dialect: commonmark}\n", text);
    assert!(page.contains("A $x^2$ b $$y$$ c."), "{page}");
    for config in ["jekyll\ncarafe: {markdown: {github: true}}\n", "jekyll\ncarafe: {markdown: {math: true}}\n"] {
        let (_, page) = built(config, text);
        assert!(page.contains(SQUARE) && page.contains("<math><mi>y</mi></math> c."), "{config}: {page}");
    }
}

#[test]
fn formulas_in_includes_and_tabs_are_told_where_they_stand() {
    let page = "---\ntitle: T\n---\n{% tabs %}\n{% tab A %}\nSee $x^2$.\n{% endtab %}\n{% endtabs %}\n\n{% include f.md n=\"2\" %}\n";
    let include = "Here $x^{{ include.n }}$\nand $\\nope$.\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("includes/f.md", include), ("content/index.md", page)]);
    let ran = site.build(&[]);
    let page = site.output("index.html");
    assert_eq!(page.matches(SQUARE).count(), 2, "{page}");
    assert!(ran.stderr.contains("includes/f.md:2:5"), "{}", ran.stderr);
}

#[test]
fn names_of_emoji_are_characters_in_native_sites() {
    let text =
        "Go :rocket: and :+1:, not `:rocket:` nor 10:100:20 or :nope:.\n\n<b title=\":x:\">:white_check_mark:</b>\n";
    for dialect in DIALECTS {
        let (_, page) = built(dialect, text);
        let expected = [
            "Go \u{1f680} and \u{1f44d}, not ",
            ">:rocket:</code> nor 10:100:20 or :nope:.",
            "title=\":x:\">\u{2705}</b>",
        ];
        assert!(expected.iter().all(|expected| page.contains(expected)), "{dialect}: {page}");
    }
    for config in ["jekyll\n", "markdown: {emoji: false}\n"] {
        assert!(built(config, text).1.contains("Go :rocket: and :+1:"), "{config}");
    }
}

#[test]
fn jekyll_sites_are_told_of_formulas_and_names_of_emoji() {
    let text = "Of $x^2$ :rocket: and $y$, $5, `:x:` and 10:100:20.\n\n- [ ] task\n";
    let (ran, _) = built("jekyll\n", text);
    for expected in [
        "a formula between single dollar signs is text here, here and in 1 more place",
        "the name of an emoji is text here",
        "index.md:4:4",
        "index.md:4:10",
    ] {
        assert!(ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("foreign-syntax").count(), 2, "{}", ran.stderr);
    for config in [
        "jekyll\ncarafe: {markdown: {math: true, emoji: true}}\n",
        "jekyll\nplugins: [jemoji]\ncarafe: {markdown: {math: true}}\n",
    ] {
        let (ran, _) = built(config, text);
        assert!(!ran.stderr.contains("foreign-syntax"), "{config}: {}", ran.stderr);
    }
}
