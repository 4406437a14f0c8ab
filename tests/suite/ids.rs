//! Ids of a page, and what leads to them, as a reader follows them.

use std::collections::BTreeMap;

use scraper::{Html, Selector};

use crate::support;

use support::SiteFolder;

/// The page `p` of a site with this text; builds without a finding.
fn page(text: &str, more: &[(&str, &str)]) -> Html {
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/p.md", text)]);
    more.iter().for_each(|(path, text)| site.write(path, text));
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let html = site.output("p/index.html");
    assert!(!html.chars().any(|c| ('\u{fdd0}'..='\u{fdef}').contains(&c)), "{html}");
    Html::parse_document(&html)
}

fn all<'p>(page: &'p Html, selector: &str) -> Vec<scraper::ElementRef<'p>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// The id of every element that has one, no two alike, with the element's text.
fn ids(page: &Html) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for element in all(page, "[id]") {
        let id = element.value().attr("id").unwrap().to_owned();
        let text = element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(found.insert(id.clone(), text).is_none(), "`{id}` is there twice: {}", page.html());
    }
    found
}

/// The text of what the link with this text leads to.
fn target(page: &Html, link: &str) -> String {
    let links = all(page, "article a[href^='#']");
    let found = links.iter().find(|a| a.text().collect::<String>().trim() == link).unwrap();
    let id = found.value().attr("href").unwrap().trim_start_matches('#').to_owned();
    ids(page)[&id].clone()
}

#[test]
fn each_tab_leads_to_its_own_heading_and_the_first_is_plain() {
    let tab = |name: &str| format!("{{% tab {name} %}}\n### Install\n\n[in {name}](#install)\n{{% endtab %}}\n");
    let text = format!("## Start\n\n{{% tabs x %}}\n{}{}{{% endtabs %}}\n", tab("A"), tab("B"));
    let page = page(&text, &[]);
    let names: Vec<_> = all(&page, "h3").iter().map(|h| h.value().attr("id").unwrap()).collect();
    assert_eq!(names, ["install", "install-1"]);
    let hrefs: Vec<_> = all(&page, "article p a").iter().map(|a| a.value().attr("href").unwrap()).collect();
    assert_eq!(hrefs, ["#install", "#install-1"]);
    ids(&page);
}

#[test]
fn numbers_follow_the_page_though_what_is_inside_is_written_first() {
    let text = "{% accordion Outer %}\n### Install\n\nouter [o](#install)\n\n{% accordion Inner %}\n### Install\n\n[i](#install)\n\
                {% endaccordion %}\n{% endaccordion %}\n\n## Install\n\n[p](#install)\n\n\
                {% note %}\nSee [n](#install) and [s](#start).\n{% endnote %}\n\n## Start\n\n## Install\n";
    let page = page(text, &[]);
    let names: Vec<_> = all(&page, "article h2, article h3").iter().map(|h| h.value().attr("id").unwrap()).collect();
    assert_eq!(names, ["install", "install-1", "install-2", "start", "install-3"]);
    let href = |text: &str| {
        let links = all(&page, "article a");
        let found = links.iter().find(|a| a.text().collect::<String>() == text).unwrap();
        found.value().attr("href").unwrap().to_owned()
    };
    assert_eq!([href("o"), href("i"), href("p")], ["#install", "#install-1", "#install-2"]);
    assert_eq!([href("n"), href("s")], ["#install", "#start"], "what a part does not have is the page's");
    let toc: Vec<_> = all(&page, "nav.toc a").iter().map(|a| a.value().attr("href").unwrap().to_owned()).collect();
    assert!(toc.contains(&"#install-2".to_owned()) && toc.contains(&"#install-3".to_owned()), "{toc:?}");
}

#[test]
fn footnotes_and_contents_of_each_part_stay_together() {
    let part = |n: &str| {
        format!(
            "{{% tab {n} %}}\n* toc\n{{:toc}}\n\n### Notes {n}\n\nword {n}[^1] and again[^1]\n\n[^1]: note {n}\n{{% endtab %}}\n"
        )
    };
    let text =
        format!("{{% tabs x %}}\n{}{}{{% endtabs %}}\n\nouter[^1]\n\n[^1]: note of the page\n", part("A"), part("B"));
    let page = page(&text, &[]);
    let all_ids = ids(&page);
    for (panel, name) in all(&page, "[role=tabpanel]").iter().zip(["A", "B"]) {
        let inside = Selector::parse("a[href^='#'], sup[id]").unwrap();
        for element in panel.select(&inside) {
            let Some(href) = element.value().attr("href") else { continue };
            let text = &all_ids[href.trim_start_matches('#')];
            let fits = text.contains(&format!("note {name}")) || text.contains(&format!("Notes {name}")) || text == "1";
            assert!(fits, "{href} of {name} leads to {text}");
        }
    }
    assert_eq!(all(&page, ".footnotes li").len(), 3);
}

#[test]
fn each_call_of_an_include_keeps_its_labels_and_other_attributes_stay() {
    let include = "<p id=\"hint\">Hint {{ include.n }}</p>\n<label for=\"name\">Name {{ include.n }}</label>\n\
                   <input id=\"name\" aria-describedby=\"hint other\" aria-label=\"name\" title=\"#name\">\n";
    let text = "{% include form.html n=1 %}\n\n{% include form.html n=2 %}\n\n{% note %}\n{% include form.html n=3 %}\n{% endnote %}\n";
    let page = page(text, &[("includes/form.html", include)]);
    ids(&page);
    let inputs = all(&page, "article input");
    for (n, (input, label)) in inputs.iter().zip(all(&page, "article label")).enumerate() {
        let end = if n == 0 { String::new() } else { format!("-{n}") };
        let get = |name: &str| input.value().attr(name).unwrap().to_owned();
        assert_eq!(get("id"), format!("name{end}"));
        assert_eq!(label.value().attr("for"), Some(&*format!("name{end}")));
        assert_eq!(get("aria-describedby"), format!("hint{end} other"));
        assert_eq!((get("aria-label"), get("title")), ("name".to_owned(), "#name".to_owned()));
    }
    assert_eq!(inputs.len(), 3);
}

#[test]
fn what_a_tags_template_writes_is_numbered_with_its_references() {
    let tag = "---\ntag: {kind: block, markup: title, content: markdown}\n---\n<section aria-labelledby=\"head\">\n\
               <b id=\"head\">{{ title }}</b>{{ content }}<a href=\"#head\">up {{ title }}</a></section>\n";
    let text = "{% part A %}\n### Head\n\n[to head](#head)\n{% endpart %}\n\n{% part B %}\ntext\n{% endpart %}\n\n\
                {% capture c %}{% part C %}\nx\n{% endpart %}{% endcapture %}\n{{ c }}\n\n{{ c }}\n";
    let page = page(text, &[("includes/tags/part.html", tag)]);
    assert_eq!(ids(&page)["head"], "A");
    assert_eq!(
        (target(&page, "up A"), target(&page, "to head"), target(&page, "up B")),
        ("A".into(), "Head".into(), "B".into())
    );
    let sections = all(&page, "article section");
    assert_eq!(sections.len(), 4);
    for section in sections {
        let own = section.select(&Selector::parse("b").unwrap()).next().unwrap().value().attr("id");
        assert_eq!(section.value().attr("aria-labelledby"), own);
    }
}

#[test]
fn ids_that_are_given_by_hand_count_and_forged_marks_do_not() {
    let text = "## Install\n{: #a-1}\n\n<p id=a>x</p>\n\n## A\n\n## Other {#a}\n\n[to a-1](#a-1) &#xfdd2;0&#xfdd3; `\u{fdd2}1\u{fdd3}`\n";
    let page = page(text, &[]);
    assert_eq!(ids(&page)["a-1"], "Install");
    assert_eq!(target(&page, "to a-1"), "Install");
}

#[test]
fn a_jekyll_site_keeps_the_ids_that_jekyll_writes_and_check_tells() {
    let site = SiteFolder::new(&[("_config.yml", "title: T\n"), ("p.md", "---\n---\n## A\n{: #x}\n\n## B\n{: #x}\n")]);
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.output("p.html").matches("id=\"x\"").count(), 2);
    let ran = support::run(&["check", "-s", site.path().to_str().unwrap()]);
    assert!(ran.code == 1 && ran.stderr.contains("duplicate-id"), "{}", ran.stderr);
}
