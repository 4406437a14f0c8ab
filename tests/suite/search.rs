//! What the search finds of pages: text that Markdown's writer has ready, and what the templates of tags make of it.

use serde_json::{Value, json};

use crate::support::SiteFolder;

/// The parts of the page at `/`: each the heading, the anchor, the level and the text.
fn parts(tags: &[(&str, &str)], text: &str) -> Value {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\nmarkdown: {dialect: kramdown}\n")]);
    for (name, template) in tags {
        site.write(&format!("includes/tags/{name}.html"), template);
    }
    site.write("content/index.md", format!("---\ntitle: T\n---\n{text}"));
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let pages: Value = serde_json::from_str(&site.output("assets/search/p0.json")).unwrap();
    pages[0][4].clone()
}

/// A body that is long enough to be worth keeping, with what else stands in it.
fn body(more: &str) -> String {
    format!("One *two* `three` four five six seven eight nine ten{more}")
}

const WORDS: &str = "One two three four five six seven eight nine ten";

#[test]
fn bodies_of_tags_are_found_whatever_their_templates_do_with_them() {
    let page = |printed: &str| {
        let head = "---\ntag: {kind: block, content: markdown}\n---\n";
        let text = format!("before\n\n{{% t %}}\n{}\n{{% endt %}}\n\nbehind\n", body(""));
        parts(&[("t", &format!("{head}{printed}\n"))], &text)[0][3].clone()
    };
    let found = |inner: &str| json!(format!("before {inner} behind").split_whitespace().collect::<Vec<_>>().join(" "));
    for (printed, inner) in [
        ("<div>{{ content }}</div>", WORDS.to_owned()),
        ("<b>x</b>{{ content }}<b>y</b>", format!("x {WORDS} y")),
        ("{{ content }}<hr>{{ content }}", format!("{WORDS} {WORDS}")),
        ("{{ content | strip | remove: '<p>' | remove: '</p>' }}z", format!("{WORDS}z")),
        ("<div>{{ content | strip_html | upcase }}</div>", WORDS.to_uppercase()),
        ("{% capture c %}{{ content }}{% endcapture %}<div>{{ c }}</div>", WORDS.to_owned()),
        ("<div>a</div><!-- {{ content }} --><div>b</div>", "a b".to_owned()),
        ("<div>a</div><script>{{ content }}</script><div>b</div>", "a b".to_owned()),
        ("<div>a</div><template>{{ content }}</template><div>b</div>", "a b".to_owned()),
        ("<div>a</div><textarea>{{ content }}</textarea><div>b</div>", "a b".to_owned()),
        // As browsers show it: the first quote in the body ends the attribute.
        ("<div title=\"{{ content }}\">a</div>", "three four five six seven eight nine ten \">a".to_owned()),
        ("<div title='a > {{ content | escape }}'>b</div>", "b".to_owned()),
        ("<div role=\"tablist\">{{ content }}</div><div>b</div>", "b".to_owned()),
    ] {
        assert_eq!(page(printed), found(&inner), "{printed}");
    }
}

#[test]
fn headings_in_bodies_are_parts_with_the_anchors_that_they_have_on_the_page() {
    let template =
        "---\ntag: {kind: block, content: markdown}\n---\n<section id=\"deep\">{{ content }}</section>{{ content }}\n";
    let text = format!(
        "# Deep\n\n{{% t %}}\n## Deep\n\n{}\n\n{{% note Say *it* %}}\n### In it\n\n{}\n{{% endnote %}}\n{{% endt %}}\n\n## Deep\n\nend\n",
        body("."),
        body("!")
    );
    let parts = parts(&[("t", template)], &text);
    let (one, two) = (format!("{WORDS}. Say it"), format!("{WORDS}!"));
    let expected = json!([
        ["", "", 0, ""],
        ["Deep", "deep", 1, ""],
        ["Deep", "deep-2", 2, one],
        ["In it", "in-it", 3, two],
        ["Deep", "deep-3", 2, one],
        ["In it", "in-it-1", 3, two],
        ["Deep", "deep-4", 2, "end"]
    ]);
    assert_eq!(parts, expected);
}

#[test]
fn tabs_and_accordions_within_each_other_are_parts_with_all_of_their_text() {
    let tab = |title: &str, inner: &str| format!("{{% tab {title} %}}\n{inner}\n{{% endtab %}}\n");
    let inner = format!("{{% accordion More %}}\n{}\n{{% endaccordion %}}", body(""));
    let text = format!(
        "1. item\n\n   {}\n2. next[^n]\n\n[^n]: {}\n",
        format!("{{% tabs %}}\n{}{}{{% endtabs %}}", tab("A", &body("\n\n```yaml\na:  1\n```")), tab("B", &inner))
            .replace('\n', "\n   "),
        "{% kbd Ctrl+C %}"
    );
    let parts = parts(&[], &text);
    let texts: Vec<(&str, &str)> =
        parts.as_array().unwrap().iter().map(|part| (part[0].as_str().unwrap(), part[3].as_str().unwrap())).collect();
    let code = format!("{WORDS} a: 1");
    assert_eq!(texts, [("", "item next1 Ctrl+C ↩"), ("A", &*code), ("B", ""), ("More", WORDS)], "{parts}");
}

#[test]
fn what_stands_on_a_page_twice_is_found_at_both_places() {
    let accordion = format!("{{% accordion More %}}\n## In it\n\n{}\n{{% endaccordion %}}", body(""));
    let text = format!(
        "{{% capture twice %}}{accordion}{{% endcapture %}}\n\n{{{{ twice }}}}\n\nbetween\n\n{{{{ twice }}}}\n"
    );
    let expected = json!([
        ["", "", 0, "between"],
        ["More", "accordion-more", 0, ""],
        ["In it", "in-it", 2, WORDS],
        ["More", "accordion-more-1", 0, ""],
        ["In it", "in-it-1", 2, WORDS]
    ]);
    assert_eq!(parts(&[], &text), expected);
}

#[test]
fn tags_within_words_part_them_where_their_templates_do() {
    let inline = "---\ntag: {kind: block, content: markdown, output: inline}\n---\n";
    let found = |template: &str, text: &str| {
        let text = text.replace("TAG", &format!("{{% t %}}\n{}\n{{% endt %}}", body("")));
        parts(&[("t", &format!("{inline}{template}\n"))], &text)[0][3].clone()
    };
    assert_eq!(found(" <i>a</i> {{ content }} <i>b</i> ", "xTAGy"), json!(format!("x a {WORDS} b y")));
    assert_eq!(found("<i>a</i>{{ content | strip }}<i>b</i>", "xTAGy"), json!(format!("xa {WORDS} by")));
    // What a template leaves open, as browsers read it.
    assert_eq!(found("<b>x</b>&", "aTAGlt; b"), json!("ax< b"));
    assert_eq!(found("<i>y</i><", "aTAGb c > d"), json!("ay"));
}
