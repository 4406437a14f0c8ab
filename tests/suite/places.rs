//! Includes and tags keep what they stand in whole: items, rows, quotes, fences, sentences.

use crate::support::SiteFolder;

const INCLUDES: [(&str, &str); 4] = [
    ("includes/name.md", "{% doc %}\nThe name.\n{% enddoc %}\nGateway\n"),
    ("includes/steps.md", "Log in:\n\n```sh\nlogin\n```\n\nThen go.\n"),
    ("includes/row.md", "| {{ include.of }} | in |\n"),
    ("includes/nothing.md", "{% if false %}x{% endif %}\n"),
];

/// The page's content, and what the build said.
fn page(config: &str, text: &str) -> (String, String) {
    let config = format!("title: T\nvariables: {{product: Gateway, items: [x, y]}}\n{config}");
    let page = format!("---\ntitle: Start\n---\n{text}");
    let mut files = vec![("carafe.yml", config.as_str()), ("content/index.md", page.as_str())];
    files.extend(INCLUDES);
    let site = SiteFolder::new(&files);
    let ran = site.build(&[]);
    let html = site.output("index.html");
    let start = html.find("</h1>").map_or(0, |at| at + 5);
    let end = html.find("</article>").or_else(|| html.find("</main>")).unwrap_or(html.len());
    (html[start..end].to_owned(), ran.stderr)
}

#[test]
fn an_include_stays_in_its_item_its_sentence_and_its_quote() {
    for dialect in ["kramdown", "commonmark"] {
        let config = format!("markdown: {{dialect: {dialect}}}\n");
        let (html, said) = page(
            &config,
            "1. {% include steps.md %}\n2. Second.\n3. {% include steps.md %}\n\nEnd.\n\n- {% include name.md %}\n- {% include name.md %}\n",
        );
        assert_eq!(html.matches("<ol>").count(), 1, "{html}");
        assert_eq!(html.matches("Then go.</p>").count(), 2, "{html}");
        assert!(html.contains("<li>Gateway</li>") && !said.contains("warning"), "{html}{said}");
        let (html, _) = page(
            &config,
            "**{% include name.md %}** is here ({% include name.md %}).\nNext: {% include name.md %}\nline.\n",
        );
        assert!(html.contains("<p><strong>Gateway</strong> is here (Gateway).\nNext: Gateway\nline.</p>"), "{html}");
        let (html, _) = page(&config, "> {% include steps.md %}\n\nEnd.\n");
        let quote = &html[..html.find("</blockquote>").unwrap()];
        assert!(quote.contains("Log in:") && quote.contains("Then go."), "{html}");
    }
}

#[test]
fn lines_of_tags_part_no_table_list_quote_or_code() {
    let text = "| a | b |\n|---|---|\n{% for item in site.items %}\n| {{ item }} | 1 |\n{% endfor %}\n{% include row.md of=\"z\" %}\n| last | 1 |\n\n\
                - one\n{% if true %}\n- two\n{% endif %}\n{% comment %}\nno\n{% endcomment %}\n{% include nothing.md %}\n- three\n\n\
                > said\n{% assign x = 1 %}\n> on\n\n\
                ```sh\n{% if true %}\nrun\n{% endif %}\nend\n```\n";
    for dialect in ["kramdown", "commonmark"] {
        let (html, said) = page(&format!("markdown: {{dialect: {dialect}}}\n"), text);
        assert_eq!((html.matches("<table>").count(), html.matches("<tr>").count()), (1, 5), "{html}");
        assert_eq!(html.matches("<ul>").count(), 1, "{html}");
        assert!(html.contains("<li>one</li>\n") && html.contains("<li>three</li>"), "{html}");
        assert_eq!(html.matches("<blockquote>").count(), 1, "{html}");
        assert!(html.contains("run\nend\n"), "{html}");
        assert!(!said.contains("warning") && !said.contains("error"), "{said}");
    }
    let (html, _) = page("liquid: {tag_lines: keep}\n", text);
    assert!(html.matches("<table>").count() > 1 || html.contains("| last"), "{html}");
}

#[test]
fn lines_of_tags_part_paragraphs_and_begin_blocks() {
    let (html, _) =
        page("", "Lead-in:\n{% if true %}\n| a | b |\n{% endif %}\nAfter.\n{% if true %}\nMore.\n{% endif %}\n");
    assert!(html.contains("<p>Lead-in:</p>") && html.contains("<td>a</td>"), "{html}");
    assert!(html.contains("<p>After.</p>") && html.contains("<p>More.</p>"), "{html}");
}

#[test]
fn a_cell_holds_what_fits_a_line_and_the_rest_is_told() {
    let (html, _) = page("", "| a | b |\n|---|---|\n| {% include name.md %} | 1 |\n| c | d |\n");
    assert!(html.contains("<td>Gateway</td>") && html.matches("<tr>").count() == 3, "{html}");
    let text = "---\ntitle: Start\n---\n| a | b |\n|---|---|\n| c | {% include steps.md %} |\n";
    let mut files = vec![("carafe.yml", "title: T\n"), ("content/index.md", text)];
    files.extend(INCLUDES);
    let ran = SiteFolder::new(&files).build(&[]);
    assert!(
        ran.stderr.contains("error[include-in-cell]") && ran.stderr.contains("content/index.md:6:7"),
        "{}",
        ran.stderr
    );
}

#[test]
fn parameters_in_quotes_hold_outputs() {
    let (html, said) = page(
        "",
        "{% include row.md of=\"the {{ site.product | append: \" here\" }}\" %}\n\n{% include row.md of='{{ site.nothing }}' %}\n",
    );
    assert!(html.contains("<td>the Gateway here</td>"), "{html}");
    assert!(said.contains("undefined-variable") && said.contains("nothing"), "{said}");
}

#[test]
fn lines_of_tags_leave_nothing_where_they_are_the_only_empty_lines() {
    let (html, _) = page("", "| a |\n|---|\n{% if true %}\n| one |\n{% endif %}\n| two |\n");
    assert_eq!((html.matches("<table>").count(), html.matches("<td>").count()), (1, 2), "{html}");
    let (html, _) = page("", "- one\n{% if true %}\n- two\n{% endif %}\n- three\n");
    assert_eq!((html.matches("<ul>").count(), html.matches("<li>").count()), (1, 3), "{html}");
    assert!(!html[html.find("<ul>").unwrap()..].contains("<p>"), "the items stay tight: {html}");
}
