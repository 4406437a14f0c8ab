//! Plugins of Jekyll sites that are built in. What is expected is what the Ruby plugins write.

use crate::support::{SiteFolder, run};

/// A site of these files, built; and what was said.
fn built(files: &[(&str, &str)]) -> (SiteFolder, String) {
    let site = SiteFolder::new(files);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    (site, ran.stderr)
}

#[test]
fn seo_tag_writes_what_search_engines_read() {
    let config = "plugins: [jekyll-seo-tag]\ntitle: My *site*\nurl: https://x.org\nbaseurl: /b\nauthor: bob\nlogo: /l o.png\n\
                  twitter: {username: '@s'}\n";
    let (site, _) = built(&[
        ("_config.yml", config),
        ("_data/authors.yml", "bob: {name: Bob, twitter: bt}\n"),
        ("_layouts/default.html", "{% seo %}"),
        ("a/index.md", "---\nlayout: default\ntitle: A & \"B\"\nimage: {path: i.png, alt: Alt}\n---\nx\n"),
        ("n.html", "---\n---\n{% for page in site.pages %}{% endfor %}{% seo title=false %}\n"),
    ]);
    let page = site.output("a/index.html");
    for line in [
        "<title>A &amp; “B” | My site</title>\n",
        "<meta name=\"author\" content=\"Bob\" />\n<meta property=\"og:locale\" content=\"en_US\" />\n",
        "<link rel=\"canonical\" href=\"https://x.org/b/a/\" />\n<meta property=\"og:url\" content=\"https://x.org/b/a/\" />\n",
        "<meta property=\"og:image\" content=\"https://x.org/b/i.png\" />\n<meta property=\"og:image:alt\" content=\"Alt\" />\n",
        "<meta name=\"twitter:site\" content=\"@s\" />\n<meta name=\"twitter:creator\" content=\"@bt\" />\n",
        "{\"@context\":\"https://schema.org\",\"@type\":\"WebPage\",\"author\":{\"@type\":\"Person\",\"name\":\"Bob\"},\
         \"headline\":\"A &amp; “B”\",\"image\":{\"alt\":\"Alt\",\"url\":\"https://x.org/b/i.png\",\"@type\":\"imageObject\"},\
         \"publisher\":{\"@type\":\"Organization\",\"logo\":{\"@type\":\"ImageObject\",\"url\":\"https://x.org/b/l%20o.png\"},\
         \"name\":\"Bob\"},\"url\":\"https://x.org/b/a/\"}</script>\n<!-- End Jekyll SEO tag -->",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let page = site.output("n.html");
    assert!(!page.contains("<title>") && page.contains("og:url\" content=\"https://x.org/b/n.html\""), "{page}");
}

#[test]
fn a_sites_own_tag_wins_over_a_plugins() {
    let (site, _) = built(&[
        ("_config.yml", "plugins: [jekyll-seo-tag]\n"),
        ("_includes/tags/seo.html", "---\ntag: {markup: words}\n---\nOWN"),
        ("index.html", "---\n---\n{% seo %}\n"),
    ]);
    assert_eq!(site.output("index.html"), "OWN\n");
}

#[test]
fn feeds_are_pages_of_their_own_and_files_of_the_site_take_their_place() {
    let config =
        "plugins: [jekyll-feed]\nurl: https://x.org\ntitle: T\nfeed: {categories: [news], tags: {except: [b]}}\n";
    let post = "---\ncategories: news\ntags: [a, b]\nauthor: Zed\n---\nBody\n";
    let (site, _) = built(&[
        ("_config.yml", config),
        ("_posts/2020-01-02-one.md", post),
        ("_posts/2020-01-03-two.md", "---\n---\nBody\n"),
        ("index.html", "---\n---\n{% feed_meta %}\n"),
    ]);
    let feed = site.output("feed.xml");
    assert!(feed.contains("<id>https://x.org/feed.xml</id><title type=\"html\">T</title>"), "{feed}");
    assert!(
        feed.contains("rel=\"alternate\" type=\"text/html\" title=\"One\" /><published>2020-01-02T00:00:00"),
        "{feed}"
    );
    assert!(
        feed.contains("<author><name>Zed</name></author><category term=\"news\" /><category term=\"a\" />"),
        "{feed}"
    );
    assert!(feed.find("<title type=\"html\">Two").unwrap() < feed.find("<title type=\"html\">One").unwrap());
    let news = site.output("feed/news.xml");
    assert!(news.contains(">T | News</title>") && news.matches("<entry>").count() == 1, "{news}");
    assert_eq!(site.output("feed/by_tag/a.xml").matches("<entry>").count(), 1);
    assert!(!site.path().join("_site").join("feed/by_tag/b.xml").exists());
    let meta = "<link type=\"application/atom+xml\" rel=\"alternate\" href=\"https://x.org/feed.xml\" title=\"T\" />\n";
    assert_eq!(site.output("index.html"), meta);
    let (site, _) = built(&[("_config.yml", config), ("feed.xml", "own"), ("index.html", "---\n---\n")]);
    assert_eq!(site.output("feed.xml"), "own");
}

#[test]
fn the_site_map_leaves_out_what_asks_for_it() {
    let config = "plugins: [jekyll-sitemap]\nurl: https://x.org\nbaseurl: /b\ncollections: {docs: {output: true}}\n\
                  defaults: [{scope: {path: s}, values: {sitemap: false}}]\n";
    let (site, _) = built(&[
        ("_config.yml", config),
        ("index.html", "---\n---\n"),
        ("404.html", "---\n---\n"),
        ("no.md", "---\nsitemap: false\n---\n"),
        ("t.txt", "---\n---\n"),
        ("s/x.pdf", "x"),
        ("y.pdf", "x"),
        ("_docs/a.md", "---\nlast_modified_at: 2020-01-02\n---\n"),
        ("_docs/b.md", "---\nsitemap: false\n---\n"),
    ]);
    let map = site.output("sitemap.xml");
    let all: Vec<&str> = map.split("<loc>").skip(1).map(|rest| rest.split_once("</loc>").unwrap().0).collect();
    assert_eq!(all, ["https://x.org/b/docs/a.html", "https://x.org/b/", "https://x.org/b/y.pdf"], "{map}");
    assert!(map.contains("a.html</loc>\n<lastmod>2020-01-02T00:00:00+00:00</lastmod>\n</url>\n<url>"), "{map}");
    assert_eq!(site.output("robots.txt"), "Sitemap: https://x.org/b/sitemap.xml\n");
}

#[test]
fn pages_that_have_moved_lead_on() {
    let config = ("_config.yml", "plugins: [jekyll-redirect-from]\nurl: https://x.org\nbaseurl: /b\n");
    let files = [
        ("a.md", "---\nredirect_from: [/old, old2/, /p.q]\n---\nx\n"),
        ("c.md", "---\nredirect_to: [https://y.org/?a=1]\nlayout: default\n---\nx\n"),
        ("d/index.md", "---\nredirect_to: a\n---\nx\n"),
        ("_layouts/default.html", "L"),
    ];
    let (site, _) = built(&[&[config], &files[..]].concat());
    for file in ["old.html", "old2/index.html", "p.q"] {
        let page = site.output(file);
        assert!(page.contains("<script>location=\"https://x.org/b/a.html\"</script>"), "{file}: {page}");
    }
    assert!(site.output("c.html").contains("0; url=https://y.org/?a=1\">"));
    assert!(site.output("d/index.html").contains("href=\"https://x.org/b/a\""));
    let json = "{\"/old\":\"https://x.org/b/a.html\",\"/old2/\":\"https://x.org/b/a.html\",\"/p.q\":\"https://x.org/b/a.html\",\
                \"/c.html\":\"https://y.org/?a=1\",\"/d/\":\"https://x.org/b/a\"}";
    assert_eq!(site.output("redirects.json"), json);
    let own = ("_layouts/redirect.html", "{{ page.redirect.from }} > {{ page.redirect.to }}");
    let (site, _) = built(&[&[config, own], &files[..]].concat());
    assert_eq!(site.output("old.html"), "/old > https://x.org/b/a.html");
}

/// What GitHub Pages runs for every site.
const GITHUB: (&str, &str) = ("Gemfile", "gem 'github-pages', group: :jekyll_plugins\n");

#[test]
fn github_pages_makes_pages_of_plain_markdown() {
    let (site, said) = built(&[
        GITHUB,
        ("_config.yml", "baseurl: /b\n"),
        ("_layouts/default.html", "{{ page.title | default: '-' }}|{{ content }}"),
        ("_layouts/home.html", "home: {{ page.title }}|{{ content }}"),
        ("README.md", "# The *site*\n\n[guide](docs/guide.md#x \"t\")\n"),
        ("docs/guide.md", "Guide\n=====\n\n`[up](../README.md)` [no](no.md) [r]\n\n[r]: ../README.md\n"),
        ("docs/README.md", "Nothing\n"),
        ("e/README.md", "x\n"),
        ("e/index.html", "e"),
        ("CONTRIBUTING.md", "# C\n"),
    ]);
    let home = "home: The site|<h1 id=\"the-site\">The <em>site</em></h1>\n\n\
                <p><a href=\"/b/docs/guide.html#x\" title=\"t\">guide</a></p>\n";
    assert_eq!(site.output("index.html"), home);
    let guide = site.output("docs/guide.html");
    assert!(
        guide.starts_with("Guide|") && guide.contains("[up](/b/)") && guide.contains("<a href=\"no.md\">"),
        "{guide}"
    );
    assert!(guide.contains("<a href=\"/b/\">r</a>"), "{guide}");
    assert_eq!(site.output("docs/index.html"), "-|<p>Nothing</p>\n");
    assert_eq!(site.output("e/index.html"), "e");
    // The sources are copied as well, and what speaks to those who work on the site is nothing more.
    assert!(
        site.path().join("_site").join("README.md").exists()
            && site.path().join("_site").join("docs/guide.md").exists()
            && !site.path().join("_site").join("CONTRIBUTING.html").exists()
    );
    assert!(said.contains("note[plugin-not-needed]: `github-pages` is not needed"), "{said}");
}

#[test]
fn titles_are_stripped_and_lines_stay_where_they_are() {
    let site = SiteFolder::new(&[
        ("_config.yml", "plugins: [jekyll-titles-from-headings]\ntitles_from_headings: {strip_title: true}\n"),
        ("a.md", "---\n---\n# A\n\n{{ page.title }} {% nothing %}\n"),
        ("b.md", "---\ntitle: B\n---\n# Not it\n"),
    ]);
    let ran = site.build(&[]);
    assert!(ran.stderr.contains("--> a.md:5:"), "{}", ran.stderr);
    site.write("a.md", "---\n---\n# A\n\n{{ page.title }}\n");
    assert_eq!(site.build(&[]).code, 0);
    assert_eq!(site.output("a.html"), "<p>A</p>\n");
    assert_eq!(site.output("b.html"), "<h1 id=\"not-it\">Not it</h1>\n");
}

#[test]
fn notes_tell_what_is_done_what_is_not_needed_and_what_is_lost() {
    let (_, said) = built(&[
        ("_config.yml", "plugins: [jekyll-feed, jekyll-paginate, jekyll-archives, jekyll-watch, my-own]\n"),
        ("index.html", "---\n---\n"),
    ]);
    for told in [
        "note[built-in-plugin]: built in, so that Ruby is not needed: `jekyll-feed`, `jekyll-paginate`",
        "note[plugin-not-needed]: `jekyll-watch` is not needed: `carafe serve` watches the sources",
        "note[ignored-plugin]: the plugin `jekyll-archives` is not run; the site is without the pages that list the posts",
        "note[ignored-plugin]: the plugin `my-own` is not run; the site is without whatever it adds",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    assert_eq!(said.matches("ignored-plugin").count(), 2, "{said}");
    // A theme may stand among the plugins.
    let site =
        SiteFolder::new(&[("_config.yml", "theme: my-theme\nplugins: [my-theme]\n"), ("index.html", "---\n---\n")]);
    assert!(!site.build(&[]).stderr.contains("ignored-plugin"));
}

/// A site with all of them, and edits that change what generated pages and links say.
#[test]
fn cached_builds_and_edits_give_what_a_clean_build_gives() {
    use std::collections::BTreeSet;

    use carafe::session::Session;
    use carafe::world::Options;

    let site = SiteFolder::new(&[
        GITHUB,
        (
            "_config.yml",
            "plugins: [jekyll-feed, jekyll-sitemap, jekyll-redirect-from, jekyll-seo-tag]\nurl: https://x.org\n",
        ),
        ("_layouts/default.html", "{% seo %}{% feed_meta %}{{ content }}"),
        ("a.md", "# A\n\n[b](b.md)\n"),
        ("b.md", "---\nredirect_from: /old\n---\n# B\n"),
        ("README.md", "Hi [a](a.md)\n"),
        ("_posts/2020-01-02-one.md", "---\ntags: x\n---\nBody\n"),
    ]);
    let edits = [
        ("b.md", "---\npermalink: /new/\nredirect_from: [/old, /older/]\n---\n# B\n"),
        ("a.md", "# Another A\n\n[b](b.md) [c](c.md)\n"),
        ("c.md", "# C\n"),
        ("README.md", "# Title\n\nHi [c](c.md)\n"),
        ("_posts/2020-01-02-one.md", "---\ntags: x\n---\nAnother body\n"),
        ("index.md", "---\n---\nIndex\n"),
        ("feed.xml", "own"),
        ("Gemfile", "gem 'jekyll'\n"),
    ];
    let options = Options { source: site.path().to_owned(), now: Some(1), ..Options::default() };
    let mut session = Session::open(&options).unwrap();
    session.outputs();
    for (path, text) in edits {
        site.write(path, text);
        let ran = site.build(&["--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{path}: {}", ran.stderr);
        session = session.update(&BTreeSet::from([path.to_owned()])).unwrap();
        let clean = Session::open(&options).unwrap();
        assert!(session.outputs() == clean.outputs(), "{path}");
    }
}

#[test]
fn ruby_is_read_and_the_text_of_its_tags_stays() {
    let ruby = "module Jekyll\n  class Tabs < Liquid::Block; end\n  module Price\n    def price(x)\n    end\n  end\n  class Gen < Generator\n    \
                def generate(site)\n      site.pages.each { |p| p.data['toc_items'] = 1 }\n    end\n  end\nend\n\
                Liquid::Template.register_tag('tabs', Jekyll::Tabs)\nLiquid::Template.register_filter(Jekyll::Price)\n";
    let page = "---\n---\n{% tabs group %}text{% endtabs %} {{ 1 | price }}\n";
    let config = "plugins: [jekyll-avatar]\ncarafe: {diagnostics: {foreign-tag: note, foreign-filter: note, ruby-plugin: note}}\n";
    let files = [("_config.yml", config), ("_plugins/a.rb", ruby), ("a.html", page), ("b.html", page)];
    let (site, said) = built(&[&files[..], &[("c.html", "---\n---\n{% avatar me %}\n")]].concat());
    assert_eq!(site.output("a.html"), "{% tabs group %}text{% endtabs %} 1\n");
    assert_eq!(site.output("c.html"), "{% avatar me %}\n");
    for told in [
        "`_plugins/a.rb` is not run; the site is without the tag `tabs` (2 pages), the filter `price` (2 pages), a generator, the \
         variable `page.toc_items` (read by nobody)",
        "`{% tabs %}` is a tag of `_plugins/a.rb`, which is not run; its text stays on the page\n  --> _plugins/a.rb:13:",
        "on 2 pages, first a.html",
        "`{% avatar %}` is a tag of the plugin `jekyll-avatar`, which is not run",
        "`| price` is a filter of `_plugins/a.rb`",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    assert_eq!(said.matches("note[foreign-tag]").count(), 2, "{said}");
    // A template takes over.
    site.write(
        "_includes/tags/tabs.html",
        "---\ntag: {kind: block, markup: words, content: raw}\n---\n<{{ content }}>",
    );
    assert_eq!(site.build(&["--strict"]).code, 0);
    assert!(site.output("a.html").starts_with("<text>"), "{}", site.output("a.html"));
}

#[test]
fn one_missing_layout_and_one_unknown_tag_are_two_findings() {
    let mut files = vec![
        ("_config.yml".to_owned(), "x: 1\n".to_owned()),
        ("_layouts/own.html".to_owned(), "{% nothing %}".to_owned()),
    ];
    files.extend((0..300).map(|n| (format!("p{n}.md"), "---\nlayout: gone\n---\n".to_owned())));
    files.extend((0..300).map(|n| (format!("q{n}.md"), "---\nlayout: own\n---\n".to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let said = SiteFolder::new(&files).build(&[]).stderr;
    assert!(said.contains("1 error, 1 warning"), "{said}");
    assert!(said.contains("there is no layout `gone`") && said.contains("on 300 pages, first p0.md"), "{said}");
}

#[test]
fn gists_mentions_emoji_and_tables_of_contents() {
    let config = "plugins: [jekyll-gist, jekyll-mentions, jemoji, jekyll-toc]\ntoc: {max_level: 3}\n";
    let (site, _) = built(&[
        ("_config.yml", config),
        ("_layouts/t.html", "<body>{{ content | toc }}</body>@no"),
        ("a.html", "---\n---\n@me `@x` <code>@no</code> a@b.c :smile: <pre>:smile:</pre> {% gist me/12 a.rb %}\n"),
        ("t.md", "---\nlayout: t\ntoc: true\n---\n## One & `two`\n\n### Deep\n\n## Out\n{: .no_toc}\n\n#### Deeper\n"),
    ]);
    let a = "<a href=\"https://github.com/me\" class=\"user-mention\">@me</a> `<a href=\"https://github.com/x\" class=\"user-mention\">@x</a>` \
             <code>@no</code> a@b.c <img class=\"emoji\" title=\":smile:\" alt=\":smile:\" \
             src=\"https://github.githubassets.com/images/icons/emoji/unicode/1f604.png\" height=\"20\" width=\"20\"> <pre>:smile:</pre> \
             <script src=\"https://gist.github.com/me/12.js?file=a.rb\"> </script>\n";
    assert_eq!(site.output("a.html"), a);
    let list = "<body><ul id=\"toc\" class=\"section-nav\">\n\
                <li class=\"toc-entry toc-h2\"><a href=\"#one--two\">One &amp; two</a>\n<ul>\n\
                <li class=\"toc-entry toc-h3\"><a href=\"#deep\">Deep</a></li>\n</ul>\n</li>\n</ul>\
                <h2 id=\"one--two\">\n<a class=\"anchor\" href=\"#one--two\" aria-hidden=\"true\"><span class=\"octicon octicon-link\"></span></a>One";
    let page = site.output("t.html");
    assert!(page.starts_with(list) && page.ends_with("</body>@no"), "{page}");
}

#[test]
fn git_tells_when_pages_were_changed_and_whose_the_site_is() {
    let site = SiteFolder::new(&[
        ("_config.yml", "plugins: [jekyll-last-modified-at, jekyll-github-metadata]\n"),
        ("a.html", "---\n---\n{% last_modified_at %Y-%m-%d %} {{ page.last_modified_at | date: '%Y' }}\n"),
        ("g.html", "---\n---\n{{ site.github.repository_url }} {{ site.title }} {% github_edit_link \"Edit\" %}\n"),
    ]);
    let git = |args: &[&str]| {
        let date = "2020-03-04T05:06:07Z";
        let mut git = std::process::Command::new("git");
        git.arg("-C").arg(site.path()).args(["-c", "user.name=N", "-c", "user.email=e@x"]).args(args);
        let output = git.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q"]);
    git(&["remote", "add", "origin", "git@github.com:owner/some-name.git"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "x"]);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(site.output("a.html"), "2020-03-04 2020\n");
    let url = "https://github.com/owner/some-name";
    assert_eq!(site.output("g.html"), format!("{url} some-name <a href=\"{url}/edit/gh-pages/g.html\">Edit</a>\n"));
}

#[test]
fn what_ruby_adds_is_told_with_who_stands_on_it() {
    let ruby = "module Jekyll\n  module Price\n    # def no(x)\n    def price(x)\n      [x].each do |y|\n        y\n      end\n    end\n    \
                def tax(x)\n      x\n    end\n    def self.helper; end\n    private\n    def secret; end\n  end\n  module Other\n    def other(x); end\n  \
                end\n  class Up < Converter\n  end\n  class Down < Jekyll::Converter\n  end\n  class Gen < Generator\n    def generate(site)\n      \
                site.config['v'] = 1\n      site.data['nav'] ||= 1\n      page.data['mark'] = 1\n      page.data['eq'] == 1\n    end\n  end\nend\n\
                module Jekyll\n  module Last\n    def last(x)\n    end\n  end\nend\nmodule Later\n    def later(x)\n    end\nend\nLiquid::Template.register_filter(Jekyll::Price)\nLiquid::Template.register_filter(Jekyll::Last)\nLiquid::Template.register_tag('chart', Jekyll::Chart)\n\
                Jekyll::Hooks.register :pages, :post_render do |page|\nend\nJekyll::Hooks.register :pages, :post_init do |page|\nend\n";
    let mut files = vec![
        ("_config.yml".to_owned(), "{}\n".to_owned()),
        ("_plugins/a.rb".to_owned(), ruby.to_owned()),
        ("_plugins/b.rb".to_owned(), "# nothing\n".to_owned()),
        ("_includes/x.html".to_owned(), "{{ 1 | tax }}".to_owned()),
    ];
    let pages = [
        "{{ 1 | price }} {{ page.mark }}",
        "{{ 1 | list_price }} {{ pricey }}",
        "price without braces",
        "{{ x.price-list }} {{ site.data.nav }}",
        "{{ page['mark'] }} {{ page.marked }}",
        "{{- 1 | tax: 2 -}} {%- chart x -%}",
        "{{ page.mark }} {% charts %}",
        "{{ page.mark }}",
        "{{ mark }}",
    ];
    let named = pages.iter().zip('a'..).map(|(text, name)| (format!("{name}.html"), format!("---\n---\n{text}\n")));
    files.extend(named);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let said = SiteFolder::new(&files).build(&[]).stderr;
    for told in [
        "`_plugins/a.rb` is not run; the site is without the tag `chart` (1 page), the filters `price` (1 page), `tax` (1 page, 1 template), `last`, \
         a generator, 2 converters, 2 hooks, the variables `site.v` (read by nobody), `site.data.nav` (read by `d.html`), \
         `page.mark` (read by `a.html`, `e.html`, `g.html`, 1 more)\n --> _plugins/a.rb:1:1",
        "`_plugins/b.rb` is not run; what it does is not known",
        "`| tax` is a filter of `_plugins/a.rb`, which is not run; values pass through unchanged\n --> _plugins/a.rb:9:9",
        "\n9 |     def tax(x)\n  |         ^^^\n",
        "register_tag('chart', Jekyll::Chart)\n   |                                ^^^^^\n",
        "`page.marked` is undefined",
    ] {
        assert!(said.contains(told), "{told}\n{said}");
    }
    // What the Ruby would set is told of its file, however it is asked for.
    assert!(!said.contains("`page.mark` is undefined") && !said.contains("`page[mark]`"), "{said}");
}

#[test]
fn titles_of_relative_links_stand_behind_any_blanks() {
    let (site, _) = built(&[
        ("_config.yml", "plugins: [jekyll-relative-links]\n"),
        (
            "a.md",
            "---\n---\n[a](b.md  \"two blanks\") [a](b.md\t\"tab\") [b](b.md \"one\") [c](b.md \"a \\\" b\") [d](b.md#x   \"t\") \
             [e](b.md\"t\") [f](b.md \"t\" ) ![g](b.md  \"t\")\n\n[r]: b.md   \"T\"\n[r]\n",
        ),
        ("b.md", "---\n---\nB\n"),
    ]);
    let expected = "<p><a href=\"/b.html\" title=\"two blanks\">a</a> <a href=\"/b.html\" title=\"tab\">a</a> <a href=\"/b.html\" title=\"one\">b</a> \
                    <a href=\"/b.html\" title=\"a \\&quot; b\">c</a> <a href=\"/b.html#x\" title=\"t\">d</a> <a href=\"b.md&quot;t&quot;\">e</a> \
                    <a href=\"b.md\" title=\"t\">f</a> <img src=\"/b.html\" alt=\"g\" title=\"t\" /></p>\n\n\
                    <p><a href=\"/b.html\" title=\"T\">r</a></p>\n";
    assert_eq!(site.output("a.html"), expected);
}

#[test]
fn relative_links_are_followed_in_pages_and_where_it_is_asked_for() {
    let link = "---\n---\n[b](/b.md)\n";
    let files = [
        ("_posts/2020-01-01-p.md", link),
        ("_d/x.md", link),
        ("sub/x.md", link),
        ("h.html", link),
        ("b.md", "---\n---\nB\n"),
        ("my page.md", "---\n---\nB\n"),
        ("s.png", ""),
        (
            "a.md",
            "---\n---\n[b](b.md#x y \"t\") [b](b.md#) ![s](s.png) [h](http://x.y/b.md) [u](../b.md) [p](_posts/2020-01-01-p.md) \
             [d](./_d/x.md) [s](my+page.md) [e](my%20page.md) [q](b.md?x=1)\n",
        ),
    ];
    let config = |more: &str| format!("plugins: [jekyll-relative-links]\ncollections: {{d: {{output: true}}}}\n{more}");
    let (followed, left) = ("<p><a href=\"/b.html\">b</a></p>\n", "<p><a href=\"/b.md\">b</a></p>\n");
    for (more, expected) in [
        ("", [left, left, followed]),
        ("relative_links: {collections: true}\n", [followed, followed, followed]),
        ("relative_links: {exclude: [sub]}\n", [left, left, left]),
        ("relative_links: {enabled: false}\n", [left, left, left]),
    ] {
        let (site, _) = built(&[&[("_config.yml", &*config(more))], &files[..]].concat());
        for (path, expected) in ["2020/01/01/p.html", "d/x.html", "sub/x.html"].iter().zip(expected) {
            assert_eq!(site.output(path), expected, "{path} {more}");
        }
        assert_eq!(site.output("h.html"), "[b](/b.md)\n");
    }
    let (site, _) = built(&[&[("_config.yml", &*config(""))], &files[..]].concat());
    // A fragment has at least one character, were it the end of the link, as for the plugin.
    let expected = "<p><a href=\"/b.html#x y\" title=\"t\">b</a> <a href=\"/b.html#\">b</a> <img src=\"s.png\" alt=\"s\" /> \
                    <a href=\"http://x.y/b.md\">h</a> <a href=\"../b.md\">u</a> <a href=\"/2020/01/01/p.html\">p</a> <a href=\"/d/x.html\">d</a> \
                    <a href=\"/my%20page.html\">s</a> <a href=\"/my%20page.html\">e</a> <a href=\"b.md?x=1\">q</a></p>\n";
    assert_eq!(site.output("a.html"), expected);
}

#[test]
fn the_page_itself_is_described_wherever_the_tag_stands() {
    let (site, _) = built(&[
        ("_config.yml", "title: S\nplugins: [jekyll-seo-tag, jekyll-toc]\npermalink: /:title.html\n"),
        (
            "_layouts/l.html",
            "{% for page in site.posts %}{{ page.title }}{% endfor %}{% seo %}{% for page in site.posts %}{% seo %}{% endfor %}",
        ),
        ("_layouts/t.html", "{% toc %}|{{ content | toc }}|{{ content | toc_only }}|{{ content | inject_anchors }}"),
        ("_posts/2020-01-01-p.md", "---\nlayout: l\n---\nFirst words.\n\nMore.\n"),
        ("_posts/2020-01-02-q.md", "---\ntitle: Other\n---\nOther words.\n"),
        ("_posts/2020-01-03-off.md", "---\nlayout: t\n---\n## One\n"),
        ("_posts/2020-01-04-on.md", "---\nlayout: t\ntoc: true\n---\n## One\n"),
        ("_posts/2020-01-05-word.md", "---\nlayout: t\ntoc: all\n---\n## One\n"),
    ]);
    let page = site.output("p.html");
    assert_eq!(page.matches("<title>P | S</title>").count(), 6, "{page}");
    assert_eq!(page.matches("<meta name=\"description\" content=\"First words.\" />").count(), 2, "{page}");
    let plain = "<h2 id=\"one\">One</h2>\n";
    assert_eq!(site.output("off.html"), format!("|{plain}||{plain}"));
    let list =
        "<ul id=\"toc\" class=\"section-nav\">\n<li class=\"toc-entry toc-h2\"><a href=\"#one\">One</a></li>\n</ul>";
    let anchored = "<h2 id=\"one\">\n<a class=\"anchor\" href=\"#one\" aria-hidden=\"true\"><span class=\"octicon octicon-link\"></span></a>One</h2>\n";
    assert_eq!(site.output("on.html"), format!("{list}|{list}{anchored}|{list}|{anchored}"));
    assert_eq!(site.output("word.html"), format!("{list}|{plain}||{plain}"));
}

#[test]
fn lists_over_several_pages_are_pages_of_html_when_their_permalink_says_so() {
    let list = |own: &str| format!("---\n{own}pagination: {{enabled: true, collection: g, per_page: 2}}\n---\n");
    let config = "url: https://x.org\nplugins: [jekyll-paginate-v2, jekyll-sitemap]\npagination: {enabled: true}\ncollections: {g: {}}\n";
    let (plain, own) = (list(""), list("permalink: /oo/\n"));
    let (site, _) = built(&[
        ("_config.yml", config),
        ("_g/a.md", "---\n---\n"),
        ("_g/b.md", "---\n---\n"),
        ("_g/c.md", "---\n---\n"),
        ("index.html", "---\n---\n<a href=\"/l/page2/\">{{ site.html_pages | map: 'url' | join: ' ' }}</a>"),
        ("l/index.html", &plain),
        ("o.html", &own),
    ]);
    assert_eq!(site.output("index.html"), "<a href=\"/l/page2/\">/ /oo/index.html /oo/page2/index.html</a>");
    let map = site.output("sitemap.xml");
    let addresses: Vec<&str> = map.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
    assert_eq!(addresses, ["https://x.org/", "https://x.org/oo/", "https://x.org/oo/page2/"]);
    let ran = run(&["check", "-s", site.path().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stderr.contains("broken-link"), "{}", ran.stderr);
}

#[test]
fn markdown_without_front_matter_is_a_page_as_the_configuration_says() {
    let plugin = "plugins: [jekyll-optional-front-matter]\n";
    for (more, expected) in [
        ("", ".carafe CONTRIBUTING.md docs/a.html docs/a.md h.html"),
        ("require_front_matter: true\n", ".carafe CONTRIBUTING.md docs/a.md h.html"),
        ("require_front_matter: false\n", ".carafe CONTRIBUTING.md docs/a.html docs/a.md h.html"),
        ("optional_front_matter: {enabled: false}\n", ".carafe CONTRIBUTING.md docs/a.md h.html"),
        ("optional_front_matter: {remove_originals: true}\n", ".carafe CONTRIBUTING.md docs/a.html h.html"),
        ("include: [CONTRIBUTING.md]\n", ".carafe CONTRIBUTING.html CONTRIBUTING.md docs/a.html docs/a.md h.html"),
    ] {
        let config = format!("{plugin}{more}");
        let (site, _) =
            built(&[("_config.yml", &config), ("docs/a.md", "A\n"), ("CONTRIBUTING.md", "C\n"), ("h.html", "H\n")]);
        let files: Vec<String> = site.files().into_keys().map(|path| path.display().to_string()).collect();
        assert_eq!(files.join(" "), expected, "{more}");
    }
}

#[test]
fn seo_tag_asks_the_hashes_of_pages_and_of_the_site() {
    let config = "title: Site\nurl: https://x.org\nplugins: [jekyll-seo-tag]\ntwitter: {username: me, card: summary}\n\
                  author: {name: A, twitter: a, url: 'https://a.org'}\nfacebook: {app_id: 1, publisher: pub, admins: adm}\n\
                  webmaster_verifications: {google: gg, bing: bb}\nsocial: {name: N, links: ['https://l1', 'https://l2']}\n";
    let page = "---\ntitle: L\nauthor: {name: B, twitter: b}\nimage: {path: /a.png, width: 3, height: 4}\n\
                seo: {type: Article, name: Nm, links: ['https://q'], date_modified: 2020-01-02}\n---\n{% seo %}\n";
    let (site, _) = built(&[("_config.yml", config), ("p.html", page), ("index.html", "---\n---\n{% seo %}\n")]);
    let both = "<meta name=\"twitter:site\" content=\"@me\" />\n<meta name=\"twitter:creator\" content=\"@B\" />\n\
                <meta property=\"fb:admins\" content=\"adm\" />\n<meta property=\"article:publisher\" content=\"pub\" />\n\
                <meta property=\"fb:app_id\" content=\"1\" />\n<meta name=\"google-site-verification\" content=\"gg\" />\n\
                <meta name=\"msvalidate.01\" content=\"bb\" />\n<script type=\"application/ld+json\">\n";
    let page = site.output("p.html");
    for part in [
        "<meta property=\"og:image:height\" content=\"4\" />\n<meta property=\"og:image:width\" content=\"3\" />\n\
         <meta property=\"og:type\" content=\"website\" />\n",
        &both.replace("@B", "@b"),
        "{\"@context\":\"https://schema.org\",\"@type\":\"Article\",\"author\":{\"@type\":\"Person\",\"name\":\"B\"},\
         \"dateModified\":\"2020-01-02T00:00:00+00:00\",\"headline\":\"L\",\"image\":{\"width\":3,\"height\":4,\
         \"url\":\"https://x.org/a.png\",\"@type\":\"imageObject\"},\"name\":\"Nm\",\"sameAs\":[\"https://q\"],\
         \"url\":\"https://x.org/p.html\"}</script>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let home = site.output("index.html");
    for part in [
        &both.replace("@B", "@a"),
        "{\"@context\":\"https://schema.org\",\"@type\":\"WebSite\",\"author\":{\"@type\":\"Person\",\"name\":\"A\",\
         \"url\":\"https://a.org\"},\"headline\":\"Site\",\"name\":\"N\",\"sameAs\":[\"https://l1\",\"https://l2\"],\
         \"url\":\"https://x.org/\"}</script>",
    ] {
        assert!(home.contains(part), "{part}\n{home}");
    }
}
