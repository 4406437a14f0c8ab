//! `init --from-jekyll`: templates for what a Jekyll site's Ruby did, and the list of what is to be done.

use crate::support::{SiteFolder, run};

const RUBY: &str = "class Box < Liquid::Block\nend\nclass Gen < Jekyll::Generator\n  def generate(site)\n    site.data['tree'] = 1\n    \
                    site.pages.each { |p| p.data['words'] = 2 }\n  end\nend\nmodule Money\n  def money(x)\n  end\nend\n\
                    Liquid::Template.register_tag('box', Box)\nLiquid::Template.register_tag('unused', Box)\n\
                    Liquid::Template.register_filter(Money)\n";

fn site() -> SiteFolder {
    SiteFolder::new(&[
        ("_config.yml", "includes_dir: parts\nplugins: [jekyll-youtube]\n"),
        ("_plugins/own.rb", RUBY),
        ("_layouts/default.html", "{%- stamp -%}{{ content }}{{ 2 | shout | money }}{{ site.data.tree }}\n"),
        (
            "index.md",
            "---\nlayout: default\n---\n{% box warning\r\n  \"big one\" %}\n*Body*\n{%- endbox -%}\n\n{% figure src=\"a.png\" alt='A b' %} \
             {% figure src=\"b\" %} {% youtube abc %} {{ 3 | money: \"EUR\" }} {{ page.words }}\n\n{% raw %}{% shown %}{% endraw %}\n",
        ),
        ("parts/tags/youtube.html", "---\ntag: {markup: words}\n---\nOWN {{ words }}"),
    ])
}

fn init(site: &SiteFolder) -> crate::support::Ran {
    run(&["init", "--from-jekyll", "-s", site.path().to_str().unwrap()])
}

fn file(site: &SiteFolder, path: &str) -> String {
    std::fs::read_to_string(site.path().join(path)).unwrap_or_default()
}

#[test]
fn each_unknown_tag_and_filter_gets_a_template_and_the_site_builds() {
    let site = site();
    assert_eq!(site.build(&[]).code, 1);
    let ran = init(&site);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let head = |path: &str| file(&site, path).rsplit_once("---\n").map(|(head, _)| head.to_owned()).unwrap_or_default();
    let boxed = head("parts/tags/box.html");
    assert!(
        boxed.contains("# `box` comes from `_plugins/own.rb`")
            && boxed.contains("used as  {% box warning \"big one\" %}")
    );
    assert!(boxed.ends_with("tag:\n  kind: block\n  output: text\n  markup: words\n"), "{boxed}");
    let figure = head("parts/tags/figure.html");
    assert!(
        figure.contains("known to nobody") && figure.ends_with("  markup: params\n  params: {alt: \"\", src: \"\"}\n")
    );
    assert!(head("parts/tags/stamp.html").ends_with("tag:\n  markup: none\n"));
    assert!(file(&site, "parts/filters/money.html").ends_with("---\n{{ input }}\n"));
    // What shows as text, what nobody uses and what is there are left alone.
    for absent in ["shown", "unused"] {
        assert_eq!(file(&site, &format!("parts/tags/{absent}.html")), "");
    }
    assert!(file(&site, "parts/tags/youtube.html").contains("OWN"));
    let built = site.build(&[]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    let page = site.output("index.html");
    for shown in ["<!-- stamp -->", "<p><em>Body</em>", "<!-- figure -->", "OWN abc 3</p>", "{% shown %}", "</p>\n2"] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    // Only what has no template is left of the Ruby, and it comes first.
    let left = "warning[ruby-plugin]: `_plugins/own.rb` is not run; the site is without the tag `unused`, a generator, the variables \
                `site.data.tree` (read by `_layouts/default.html`), `page.words` (read by `index.md`)";
    assert!(built.stderr.starts_with(left), "{}", built.stderr);
    assert!(!built.stderr.contains("undefined-variable"), "{}", built.stderr);
}

#[test]
fn the_list_is_printed_and_kept_and_nothing_is_written_over() {
    let site = site();
    let ran = init(&site);
    let list = file(&site, "_carafe-move.md");
    assert_eq!(ran.stdout.trim_end(), list.trim_end());
    for line in [
        "- [ ] `{% box %}` of `_plugins/own.rb`, in `index.md`: `parts/tags/box.html`\n",
        "- [ ] `| shout`, in `_layouts/default.html`: `parts/filters/shout.html`\n",
        "- [ ] `| money` of `_plugins/own.rb`, in `_layouts/default.html` and 1 more: `parts/filters/money.html`\n",
        "- [ ] `page.words` is set by `_plugins/own.rb`; read by `index.md`",
        "- [ ] the plugin `jekyll-youtube` is not run",
    ] {
        assert!(list.contains(line), "{line}\n{list}");
    }
    site.write("parts/tags/box.html", "mine");
    site.write("_carafe-move.md", "my notes");
    let again = init(&site);
    assert!(again.code == 0 && again.stderr.contains("Wrote 0 templates; the list is above"), "{}", again.stderr);
    assert_eq!(
        (file(&site, "parts/tags/box.html"), file(&site, "_carafe-move.md")),
        ("mine".into(), "my notes".into())
    );
}

#[test]
fn a_folder_that_is_no_jekyll_site_is_left_alone() {
    for files in [&[("carafe.yml", "title: T\n")][..], &[("x.md", "x")], &[("_config.yml", "a: [\n")]] {
        let site = SiteFolder::new(files);
        let ran = init(&site);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert_eq!(std::fs::read_dir(site.path()).unwrap().count(), 1);
    }
    let ran = run(&["init", "-s", site().path().to_str().unwrap()]);
    assert!(ran.code == 2, "{}", ran.stderr);
}

#[test]
fn addresses_and_names_of_files_without_quotes_are_texts_of_parameters() {
    let uses = [
        ("video", "url=https://example.org/v?a=b&c=1"),
        ("picture", "src=/img/a.png width=40 from=page.title"),
        ("chart", "data=tables/x.csv, at=-1.5"),
        ("since", "v=1.2.3"),
        ("drawing", "src=plan.svg of=site.data.plans[0].name"),
        ("plain", "x=page.x z=\"1/2\""),
    ];
    let page: String = uses.iter().map(|(tag, markup)| format!("{{% {tag} {markup} %}}\n\n")).collect();
    let page = format!("---\nx: 1\n---\n{page}");
    let site =
        SiteFolder::new(&[("_config.yml", "title: T\n"), ("_data/plans.yml", "- name: P\n"), ("index.md", &page)]);
    assert_eq!(init(&site).code, 0);
    let bare = |tag: &str| {
        let text = file(&site, &format!("_includes/tags/{tag}.html"));
        assert!(text.contains("  markup: params\n"), "{text}");
        text.lines().find_map(|line| line.strip_prefix("  bare: ")).unwrap_or_default().to_owned()
    };
    assert_eq!(uses.map(|(tag, _)| bare(tag)), ["[url]", "[src]", "[data]", "[v]", "[of, src]", ""]);
    // The values reach the templates as they are written.
    for (tag, show) in [("video", "url"), ("picture", "src"), ("since", "v"), ("drawing", "src")] {
        let path = format!("_includes/tags/{tag}.html");
        site.write(
            &path,
            file(&site, &path).replace(&format!("<!-- {tag} -->"), &format!("({{{{ params.{show} }}}})")),
        );
    }
    let built = site.build(&["--strict"]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    let page = site.output("index.html");
    for shown in ["(https://example.org/v?a=b&amp;c=1)", "(/img/a.png)", "(1.2.3)", "(plan.svg)"] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
}
