//! Documents, addresses and lists as Jekyll has them; what is expected here Jekyll 4.3 has answered.

use crate::support;

use support::SiteFolder;

fn built(config: &str, files: &[(&str, &str)]) -> SiteFolder {
    let site = SiteFolder::new(&[("_config.yml", config)]);
    for (path, text) in files {
        site.write(path, text);
    }
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site
}

fn has(site: &SiteFolder, path: &str) -> bool {
    site.files().contains_key(std::path::Path::new(path))
}

#[test]
fn documents_come_in_the_order_of_their_collections_and_of_what_these_say() {
    let config =
        "collections:\n  zed: {output: true, sort_by: weight}\n  abc: {order: [b.md, s/c.md]}\n  mix: {output: true}\n";
    let site = built(
        config,
        &[
            ("_zed/a.md", "---\nweight: 3\n---\n"),
            ("_zed/b.md", "---\n---\n"),
            ("_zed/c.md", "---\nweight: 1\n---\n"),
            ("_abc/a.md", "---\n---\n"),
            ("_abc/b.md", "---\n---\n"),
            ("_abc/s/c.md", "---\n---\n"),
            ("_abc/f.txt", "not copied"),
            ("_mix/later.md", "---\ndate: 2099-01-01\n---\n"),
            ("_mix/old.md", "---\ndate: 2001-01-01\n---\n"),
            ("_mix/none.md", "---\n---\n"),
            ("_mix/g.txt", "copied"),
            ("_posts/2020-01-02-p.md", "---\n---\n"),
            ("_posts/2020-01-01-q.md", "---\n---\n"),
            (
                "a.txt",
                "---\n---\n{% for d in site.documents %}{{ d.path }} {% endfor %}\n\
                 {% for c in site.collections %}{{ c.label }}:{{ c.docs | size }}:{{ c.files | size }} {% endfor %}\n\
                 {% for p in site.posts %}{{ p.url }}<{{ p.next.url }}<{{ p.previous.url }} {% endfor %}\n\
                 {% for p in site.pages %}{{ p.path }} {% endfor %}|{% for p in site.html_pages %}{{ p.path }} {% endfor %}",
            ),
            ("x/index.md", "---\n---\n"),
            ("index.md", "---\n---\n"),
            ("B.md", "---\n---\n"),
        ],
    );
    assert_eq!(
        site.output("a.txt"),
        "_posts/2020-01-01-q.md _posts/2020-01-02-p.md _zed/c.md _zed/a.md _zed/b.md _abc/b.md _abc/s/c.md _abc/a.md _abc/f.txt \
         _mix/later.md _mix/none.md _mix/old.md _mix/g.txt \n\
         abc:3:1 mix:3:1 posts:2:0 zed:3:0 \n\
         /2020/01/02/p.html<</2020/01/01/q.html /2020/01/01/q.html</2020/01/02/p.html< \n\
         B.md a.txt x/index.md index.md |B.md x/index.md index.md "
    );
    assert!(has(&site, "mix/g.txt") && !has(&site, "abc/f.txt") && !has(&site, "mix/later.html"));
}

#[test]
fn excerpts_end_at_the_separator_and_take_their_definitions_along() {
    let site = built(
        "excerpt_separator: \"<!--more-->\"\ntimezone: UTC\n",
        &[
            ("_layouts/l.html", "[{{ page.excerpt | strip }}]{{ page.content | size }}:{{ content }}"),
            (
                "_posts/2020-01-01-a.md",
                "---\nlayout: l\n---\n\n\nIntro [l] {{ page.id }}\n<!--more-->\nrest\n\n[l]: /x\n",
            ),
            ("_posts/2020-01-02-b.md", "---\nexcerpt: \"*own*\"\n---\nbody"),
            ("_posts/2020-01-03-c.md", "---\nexcerpt_separator: \"@@\"\n---\n{% if true %}one@@two{% endif %}"),
            ("i.txt", "---\n---\n{% for p in site.posts %}{{ p.excerpt }}/{% endfor %}"),
        ],
    );
    let excerpt = "<p>Intro <a href=\"/x\">l</a> /2020/01/01/a";
    assert_eq!(site.output("i.txt"), format!("<p>one</p>\n/*own*/{excerpt}#excerpt</p>\n\n/"));
    let content = format!("{excerpt}\n<!--more-->\nrest</p>\n\n");
    assert_eq!(site.output("2020/01/01/a.html"), format!("[{excerpt}#excerpt</p>]{}:{content}", content.len()));
}

#[test]
fn the_text_of_others_is_rendered_when_they_come_before() {
    let site = built(
        "collections: {a: {}, b: {output: true}}\n",
        &[
            ("_layouts/l.html", "<l>{{ content | strip }}</l>"),
            ("_a/1.md", "---\n---\n*one* {% if site.b[0].content contains '_two_' %}as written{% endif %}"),
            ("_b/1.md", "---\nlayout: l\n---\n_two_ {{ site.a[0].content | strip_html | strip }}"),
            (
                "_b/2.md",
                "---\n---\n{{ page.previous.content | strip_html | strip }}, {{ page.previous.output | size }}",
            ),
            ("p.txt", "---\n---\n{{ site.b[0].output }}/{{ site.pages[1].content }}"),
            ("q.md", "---\n---\n*q* {{ site.pages[0].content | size }}"),
        ],
    );
    let two = "<l><p><em>two</em> one as written</p></l>";
    assert_eq!(site.output("b/1.html"), two);
    assert_eq!(site.output("b/2.html"), format!("<p>two one as written, {}</p>\n", two.len()));
    assert_eq!(site.output("p.txt"), format!("{two}/*q* {{{{ site.pages[0].content | size }}}}"));
    assert_eq!(site.output("q.html"), format!("<p><em>q</em> {}</p>\n", site.output("p.txt").len()));
}

#[test]
fn an_excerpt_that_shows_itself_is_told_and_ends() {
    let list = "---\n---\n{% for p in site.posts %}{{ p.excerpt }}{% endfor %}";
    let site = SiteFolder::new(&[
        ("_config.yml", "title: x\n"),
        ("_posts/2020-01-01-a.md", list),
        ("_posts/2020-01-02-b.md", list),
        ("index.html", list),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("text-cycle"), "{}", ran.stderr);
}

#[test]
fn a_chain_of_texts_is_followed_and_bounded() {
    let posts: Vec<(String, String)> = (0..60)
        .map(|n| {
            (
                format!("_posts/2020-01-01-{n:03}.md"),
                format!("---\n---\n{n} {{{{ page.previous.content | strip_html | strip }}}}"),
            )
        })
        .collect();
    let posts: Vec<(&str, &str)> = posts.iter().map(|(path, text)| (&**path, &**text)).collect();
    let site = built("title: x\n", &posts);
    assert!(site.output("2020/01/01/059.html").contains("59 58 57"));
    assert!(site.output("2020/01/01/059.html").ends_with("1 0</p>\n"));
}

#[test]
fn layouts_see_what_the_inner_ones_say_and_blank_lines_behind_front_matter_count_for_nothing() {
    let site = built(
        "title: x\n",
        &[
            (
                "_layouts/out.html",
                "---\na: out\nm: {x: 1, y: 2}\n---\n\n\n({{ layout.a }} {{ layout.m | jsonify }}){{ content }}",
            ),
            ("_layouts/in.html", "---\nlayout: out\na: in\nm: {y: 3}\n---\n[{{ layout.a }}]{{ content }}"),
            ("p.txt", "---\nlayout: in\n---\n\n \n  {{ layout.a }} {{ jekyll.environment }}"),
        ],
    );
    assert_eq!(site.output("p.txt"), "(in {\"x\":1,\"y\":3})[in]  in development");
}

#[test]
fn addresses_are_escaped_and_files_are_not() {
    let site = built(
        "permalink: pretty\ncollections: {g: {output: true, permalink: \"/:collection/:name:output_ext\"}}\ntimezone: UTC\n",
        &[
            ("sub dir/ä.md", "---\n---\n{{ page.url }} {{ page.dir }}"),
            ("404.md", "---\n---\n"),
            ("q.txt", "---\npermalink: /bar/\n---\n{{ page.url }}"),
            ("_g/A b.md", "---\n---\n{{ page.url }} {{ page.id }}"),
            ("_g/s/pic.png", "x"),
            ("_g/plain", "---\n---\n{{ page.url }}"),
            (
                "news/_posts/deep/2020-03-04-Ü b.md",
                "---\ncategories: [A B, C]\n---\n{{ page.url }} {{ page.categories | join: '+' }}",
            ),
            (
                "_posts/en/2020-03-05-x.md",
                "---\npermalink: /:year:month:day-:hour:minute/:slug\ndate: 2020-03-05 06:07\n---\n{{ page.url }}",
            ),
            ("_posts/2020-03-06-bare.md", "no front matter {{ page.title }}"),
        ],
    );
    assert_eq!(site.output("sub dir/ä/index.html"), "<p>/sub%20dir/%C3%A4/ /sub%20dir/%C3%A4/</p>\n");
    assert!(has(&site, "404/index.html") && has(&site, "g/pic.png"));
    assert_eq!(site.output("bar/index.txt"), "/bar/");
    assert_eq!(site.output("g/a-b.html"), "<p>/g/a-b.html /g/A b</p>\n");
    assert_eq!(site.output("g/plain"), "/g/plain");
    assert_eq!(
        site.output("news/a b/c/2020/03/04/Ü-b/index.html"),
        "<p>/news/a%20b/c/2020/03/04/%C3%9C-b/ news+A B+C</p>\n"
    );
    assert_eq!(site.output("20200305-0607/x.html"), "<p>/20200305-0607/x</p>\n");
    assert_eq!(site.output("2020/03/06/bare/index.html"), "<p>no front matter Bare</p>\n");
}

#[test]
fn posts_are_listed_over_several_pages() {
    let posts: Vec<String> = (1..=5).map(|n| format!("_posts/2020-01-0{n}-p{n}.md")).collect();
    let mut files: Vec<(&str, &str)> = posts.iter().map(|path| (&**path, "---\n---\n")).collect();
    files.push(("_posts/2020-01-06-no.md", "---\nhidden: true\n---\n"));
    let show = "---\ntitle: T\n---\n{% for p in paginator.posts %}{{ p.slug }} {% endfor %}{{ paginator.page }}/{{ paginator.total_pages }} \
                {{ paginator.previous_page_path }} {{ paginator.next_page_path }} {{ page.url }}";
    files.push(("blog/index.html", show));
    files.push(("index.html", "---\n---\n{{ paginator.page }}{{ site.pages | map: 'url' | join: ' ' }}"));
    let site = built("plugins: [jekyll-paginate]\npaginate: 2\npaginate_path: /blog/p:num\n", &files);
    assert_eq!(site.output("blog/index.html"), "p5 p4 1/3  /blog/p2 /blog/");
    assert_eq!(site.output("blog/p2/index.html"), "p3 p2 2/3 /blog/ /blog/p3 /blog/p2/");
    assert_eq!(site.output("blog/p3/index.html"), "p1 3/3 /blog/p2  /blog/p3/");
    assert_eq!(site.output("index.html"), "/blog/ / /blog/p2/ /blog/p3/");
}

#[test]
fn every_page_may_ask_for_lists_of_its_own() {
    let show = "{% for p in paginator.posts %}{{ p.slug }} {% endfor %}{{ paginator.page }}/{{ paginator.total_pages }} \
                {{ paginator.previous_page_path }} {{ paginator.next_page_path }} {{ page.url }} {{ page.title }}\
                {% for t in paginator.page_trail %} {{ t.num }}={{ t.path }}{% endfor %}";
    let list = format!(
        "---\ntitle: G\npagination: {{enabled: true, collection: g, sort_field: w, per_page: 1, permalink: 'p/:num/', trail: {{before: 1}}}}\n---\n{show}"
    );
    let site = built(
        "plugins: [jekyll-paginate-v2]\npagination: {enabled: true}\ncollections: {g: {}}\n",
        &[("l/index.html", &list), ("_g/a.md", "---\nw: 2\n---\n"), ("_g/b.md", "---\nw: 1\n---\n")],
    );
    assert_eq!(site.output("l/index.html"), "b 1/2  /l/p/2/ /l/index.html G 1=/l/index.html 2=/l/p/2/index.html");
    assert_eq!(
        site.output("l/p/2/index.html"),
        "a 2/2 /l/  /l/p/2/index.html G - page 2 1=/l/index.html 2=/l/p/2/index.html"
    );
}

#[test]
fn what_jekyll_only_warns_of_is_a_warning() {
    let site = SiteFolder::new(&[
        ("_config.yml", "timezone: Mars/Olympus\nplugins: [jekyll-paginate]\npaginate: 3\n"),
        ("a.md", "---\n---\n{% include_relative b/part.txt %}"),
        ("b/part.txt", "part"),
    ]);
    let ran = site.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("Mars/Olympus") && ran.stderr.contains("warning[pagination]"), "{}", ran.stderr);
    assert_eq!(site.output("a.html"), "<p>part</p>\n");
}

/// What is expected is what the plugin writes.
#[test]
fn lists_over_several_pages_have_trails_titles_limits_and_endings_of_their_own() {
    let show = "{% for p in paginator.posts %}{{ p.slug }} {% endfor %}{{ paginator.page }}/{{ paginator.total_pages }}|{{ page.title }}\
                |{{ page.autogen }}|{{ paginator.previous_page_path }}|{{ paginator.next_page_path }}|{{ paginator.first_page_path }}\
                |{{ paginator.last_page_path }}|{{ paginator.total_posts }}|{% for t in paginator.page_trail %} {{ t.num }}={{ t.title }}{% endfor %}";
    let list = |own: &str, options: &str| {
        format!("---\n{own}pagination: {{enabled: true, collection: g, {options}}}\n---\n{show}")
    };
    let documents: Vec<(String, String)> = (1..=5)
        .map(|n| (format!("_g/d{n}.md"), format!("---\ncategories: [c{}, all]\nmeta: {{w: {}}}\n---\n", n % 2, 9 - n)))
        .collect();
    let trail = list("", "sort_field: 'meta:w', per_page: 1, trail: {before: 1, after: 1}");
    let short = list(
        "title: M\n",
        "category: [c1, all], sort_reverse: true, sort_field: slug, per_page: 9, trail: {before: 1}",
    );
    let other = "limit: 2, offset: 1, per_page: 2, indexpage: feed, extension: json, permalink: '/p:num/', title: ':title (:num of :max)'";
    let other = list("title: N\n", other);
    let fixed = list("title: O\npermalink: /oo/\n", "per_page: 3");
    let mut files: Vec<(&str, &str)> = documents.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.extend([
        ("l/index.html", &*trail),
        ("m/index.html", &short),
        ("n/index.html", &other),
        ("o/index.html", &fixed),
    ]);
    let config = "title: Site\nplugins: [jekyll-paginate-v2]\npagination: {enabled: true}\ncollections: {g: {}}\n";
    let site = built(config, &files);
    let (one, two, three) = ("1=Site", "2=Site - page 2", "3=Site - page 3");
    for (path, expected) in [
        ("l/index.html", format!("d5 1/5|Site|||/l/page2/|/l/|/l/page5/|5| {one} {two} {three}")),
        (
            "l/page2/index.html",
            format!("d4 2/5|Site - page 2|jekyll-paginate-v2|/l/|/l/page3/|/l/|/l/page5/|5| {one} {two} {three}"),
        ),
        (
            "l/page3/index.html",
            format!(
                "d3 3/5|Site - page 3|jekyll-paginate-v2|/l/page2/|/l/page4/|/l/|/l/page5/|5| {two} {three} 4=Site - page 4"
            ),
        ),
        (
            "l/page5/index.html",
            format!(
                "d1 5/5|Site - page 5|jekyll-paginate-v2|/l/page4/||/l/|/l/page5/|5| {three} 4=Site - page 4 5=Site - page 5"
            ),
        ),
        ("m/index.html", "d5 d3 d1 1/1|M||||/m/|/m/page1/|3|".to_owned()),
        ("n/feed.json", "d1 d2 1/2|N|||/n/p2/feed.json|/n/feed.json|/n/p2/feed.json|4|".to_owned()),
        (
            "n/p2/feed.json",
            "d3 d4 2/2|N (2 of 2)|jekyll-paginate-v2|/n/feed.json||/n/feed.json|/n/p2/feed.json|4|".to_owned(),
        ),
        ("oo/index.html", "d1 d2 d3 1/2|O|||/oo/page2/|/oo/|/oo/page2/|5|".to_owned()),
        ("oo/page2/index.html", "d4 d5 2/2|O - page 2|jekyll-paginate-v2|/oo/||/oo/|/oo/page2/|5|".to_owned()),
    ] {
        assert_eq!(site.output(path), expected, "{path}");
    }
}

/// Dates as texts, which Ruby reads with more patience than YAML.
#[test]
fn a_date_has_any_offset_and_the_half_of_a_day() {
    let dates = [
        ("2024-01-31 10:05:09+0130", "2024-01-31 08:35:09"),
        ("2024-01-31 10:05:09-04:30", "2024-01-31 14:35:09"),
        ("2024-01-31 10:05+05", "2024-01-31 05:05:00"),
        ("2024-01-31T10:05:09Z", "2024-01-31 10:05:09"),
        ("2024-01-31 10:05:09 GMT", "2024-01-31 10:05:09"),
        ("2024-01-31 10:05:09 -0700", "2024-01-31 17:05:09"),
        ("2024-01-31 10:05:09 -7", "2024-01-31 10:05:09"),
        ("2024-01-31 10:05:09.75 +0200", "2024-01-31 08:05:09"),
        ("2024-01-31 23:30 -0100", "2024-02-01 00:30:00"),
        ("2024-1-3", "2024-01-03 00:00:00"),
        ("2024-1-3 7:05", "2024-01-03 07:05:00"),
        ("2024-01-31 10:05 PM", "2024-01-31 22:05:00"),
        ("2024-01-31 12:05am", "2024-01-31 00:05:00"),
        ("2024-01-31 13:05 pm", "2024-01-31 13:05:00"),
        ("2024-01-31 10 pm +0100", "2024-01-31 21:00:00"),
    ];
    let files: Vec<(String, String)> = dates
        .iter()
        .enumerate()
        .map(|(n, (date, _))| {
            (format!("_d/p{n}.html"), format!("---\ndate: '{date}'\n---\n{{{{ page.date | date: '%F %T' }}}}"))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let site = built("timezone: UTC\ncollections: {d: {output: true}}\n", &files);
    for (n, (date, expected)) in dates.iter().enumerate() {
        assert_eq!(site.output(&format!("d/p{n}.html")), *expected, "{date}");
    }
}

#[test]
fn a_page_knows_its_folder_its_name_and_its_address() {
    let show = "---\n---\n{{ page.dir }} {{ page.name }} {{ page.path }} {{ page.url }}";
    let own = show.replacen("---\n", "---\npermalink: /own/place\n", 1);
    let files =
        [("index.html", show), ("r.html", show), ("s/x.html", show), ("s/d/index.html", show), ("o.html", &own)];
    let site = built("{}\n", &files);
    for (path, expected) in [
        ("index.html", "/ index.html index.html /"),
        ("r.html", "/ r.html r.html /r.html"),
        ("s/x.html", "/s/ x.html s/x.html /s/x.html"),
        ("s/d/index.html", "/s/d/ index.html s/d/index.html /s/d/"),
        ("own/place.html", "/own/ o.html o.html /own/place"),
    ] {
        assert_eq!(site.output(path), expected, "{path}");
    }
}

#[test]
fn a_post_without_a_date_in_its_name_is_told_when_it_has_a_front_matter() {
    let site = SiteFolder::new(&[
        ("_config.yml", "{}\n"),
        ("_posts/undated.md", "---\n---\nx\n"),
        ("_posts/note.md", "no page\n"),
        ("index.html", "---\n---\n{{ site.posts | size }}"),
    ]);
    let ran = site.build(&[]);
    assert!(
        ran.stderr.contains("warning[bad-date]: the post `_posts/undated.md` has no date in its name"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("note.md"), "{}", ran.stderr);
    assert_eq!(site.output("index.html"), "0");
}

#[test]
fn related_posts_are_the_newest_others() {
    let text = "---\ntitle: P\n---\n{{ site.related_posts | map: 'url' | join: ' ' }}";
    let posts: Vec<String> = (1..=13).map(|n| format!("_posts/2020-01-{n:02}-p{n}.html")).collect();
    let mut files: Vec<(&str, &str)> = posts.iter().map(|path| (&**path, text)).collect();
    files.push(("index.html", "---\n---\n{{ site.related_posts | size }}"));
    let site = built("permalink: /:title.html\n", &files);
    let urls = |all: &[u8]| all.iter().map(|n| format!("/p{n}.html")).collect::<Vec<_>>().join(" ");
    assert_eq!(site.output("p1.html"), urls(&[13, 12, 11, 10, 9, 8, 7, 6, 5, 4]));
    assert_eq!(site.output("p9.html"), urls(&[13, 12, 11, 10, 8, 7, 6, 5, 4, 3]));
    assert_eq!(site.output("index.html"), "0");
    let site = built("permalink: /:title.html\n", &[("_posts/2020-01-01-p1.html", text)]);
    assert_eq!(site.output("p1.html"), "");
}

#[test]
fn collections_tell_what_is_said_of_them_and_posts_are_found_by_name() {
    let site = built(
        "permalink: pretty\ncollections: {docs: {output: true, owner: ann, label: other, files: none}, posts: {owner: bob}}\n",
        &[
            ("_docs/a.md", "---\n---\n"),
            ("_posts/2020-01-02-one.md", "---\n---\n"),
            ("_posts/in/2020-01-03-two.md", "---\n---\n"),
            ("deep/_posts/2020-01-04-two.md", "---\n---\n"),
            (
                "a.txt",
                "---\n---\n{% for c in site.collections %}{{ c.label }} {{ c.owner }} {{ c.permalink }} {{ c.files | size }} {{ c.relative_directory }}\n{% endfor %}\
                 {% post_url 2020-01-02-one %} {% post_url in/2020-01-03-two %} {% post_url /2020-01-03-two %} {% post_url 2020-01-04-two %}",
            ),
        ],
    );
    assert_eq!(
        site.output("a.txt"),
        "docs ann  0 _docs\nposts bob /:categories/:year/:month/:day/:title/ 0 _posts\n\
         /2020/01/02/one/ /2020/01/03/two/ /2020/01/03/two/ /deep/2020/01/04/two/"
    );
}

#[test]
fn a_list_holds_the_collections_that_it_names() {
    let show = "{% for p in paginator.posts %}{{ p.slug }} {% endfor %}|{{ page.dir }}|{{ page.url }}";
    let asked = ["g", "all", "g, h", "h;g", "posts"];
    let lists: Vec<(String, String)> = asked
        .iter()
        .enumerate()
        .map(|(n, names)| {
            let front = format!("---\npagination: {{enabled: true, collection: '{names}', per_page: 5}}\n---\n{show}");
            (format!("m{n}/index.html"), front)
        })
        .collect();
    let mut files = vec![("_g/a.md", "---\n---\n"), ("_g/b.md", "---\n---\n"), ("_h/c.md", "---\n---\n")];
    files.push(("_posts/2020-01-01-p.md", "---\n---\n"));
    files.extend(lists.iter().map(|(path, text)| (&**path, &**text)));
    let config =
        "plugins: [jekyll-paginate-v2]\npagination: {enabled: true, sort_field: slug}\ncollections: {g: {}, h: {}}\n";
    let site = built(config, &files);
    for (n, expected) in ["a b ", "a b c ", "a b c ", "a b c ", "p "].iter().enumerate() {
        assert_eq!(site.output(&format!("m{n}/index.html")), format!("{expected}|/m{n}/|/m{n}/index.html"));
    }
}

#[test]
fn options_of_kramdown_reach_the_page() {
    let page = "---\n---\n&copy; \"q\" &hearts; $$x$$ a[^1]\n\n[^1]: > Note\n";
    for (config, expected) in [
        ("{}\n", "<p>© “q” ♥ \\(x\\) a<sup"),
        ("kramdown: {entity_output: numeric}\n", "<p>&#169; &#8220;q&#8221; &#9829; \\(x\\) a<sup"),
        ("kramdown: {entity_output: symbolic}\n", "<p>&copy; &ldquo;q&rdquo; &hearts; \\(x\\) a<sup"),
        ("kramdown: {math_engine: null}\n", "<p>© “q” ♥ <span class=\"kdmath\">$x$</span> a<sup"),
    ] {
        let text = built(config, &[("e.md", page)]).output("e.html");
        assert!(text.starts_with(expected), "{config}{text}");
    }
    let inline = built("kramdown: {footnote_backlink_inline: true}\n", &[("e.md", page)]).output("e.html");
    assert!(
        inline.contains("<p>Note <a href=\"#fnref:1\"") || inline.contains("<p>Note\u{a0}<a href=\"#fnref:1\""),
        "{inline}"
    );
    assert!(built("{}\n", &[("e.md", page)]).output("e.html").contains("<p>Note</p>"));
}

/// What is expected is what Jekyll and its plugins write.
#[test]
fn every_page_of_a_list_has_an_address_of_its_own_wherever_pages_are_told() {
    let index = "---\npagination: {enabled: true}\npermalink: /blog/\n---\n{{ site.pages | map: 'url' | join: ' ' }}";
    let config =
        "url: https://x.org\nplugins: [jekyll-sitemap, jekyll-paginate-v2]\npagination: {enabled: true, per_page: 1}\n";
    let posts =
        [("index.html", index), ("_posts/2024-01-01-a.md", "---\n---\n"), ("_posts/2024-01-02-b.md", "---\n---\n")];
    let site = built(config, &posts);
    assert_eq!(site.output("blog/index.html"), "/sitemap.xml /robots.txt /blog/index.html /blog/page2/index.html");
    let map = site.output("sitemap.xml");
    let told: Vec<&str> = map.split("<loc>").skip(1).map(|rest| rest.split_once('<').unwrap().0).collect();
    let all = ["2024/01/01/a.html", "2024/01/02/b.html", "blog/", "blog/page2/"];
    assert_eq!(told, all.map(|path| format!("https://x.org/{path}")));
}

/// What is expected is what Jekyll writes.
#[test]
fn a_file_of_a_collection_without_front_matter_is_put_where_its_pattern_says() {
    let site = built(
        "collections: {c: {output: true, permalink: '/t/:path/:name:output_ext'}, d: {output: true}}\ninclude: [.hid]\n",
        &[
            ("_c/.hid", "1"),
            ("_c/a.b.txt", "2"),
            ("_c/d/x..txt", "3"),
            ("_c/noext", "4"),
            ("_d/.hid", "5"),
            ("_d/e/a.b.txt", "6"),
            ("_d/noext", "7"),
        ],
    );
    let places = ["t/.hid/.hid", "t/a.b/a.b.txt", "t/d/x/x.txt", "t/noext/noext", "d/.hid", "d/e/a.b.txt", "d/noext"];
    for (path, text) in places.iter().zip(1..) {
        assert_eq!(site.output(path), text.to_string(), "{path}");
    }
}

#[test]
fn what_kramdown_makes_of_nothing_is_a_line_end() {
    let site = built(
        "collections: {docs: {output: true}}\nkramdown: {entity_output: symbolic}\n",
        &[
            ("_layouts/l.html", "[{{ content }}]"),
            ("_docs/a.md", "---\nlayout: l\n---\n"),
            ("b.md", "---\nlayout: l\n---\n\n{% comment %}x{% endcomment %}\n"),
            ("c.html", "---\nlayout: l\n---\n"),
            ("d.md", "---\n---\na[^1]\n\n[^1]: b\n"),
        ],
    );
    assert_eq!(site.output("docs/a.html"), "[\n]");
    assert_eq!(site.output("b.html"), "[\n]");
    assert_eq!(site.output("c.html"), "[]");
    assert!(site.output("d.html").contains("<p>b&nbsp;<a href=\"#fnref:1\""), "entities leave in one way");
}

/// Posts are related where there are several, and pages have none.
#[test]
fn the_newest_other_posts_are_related() {
    let list = "---\n---\n[{{ site.related_posts | map: 'slug' | join: ' ' }}]";
    let config = ("_config.yml", "collections: {g: {output: true}}\npermalink: /:title.html\n");
    let site = SiteFolder::new(&[config, ("_posts/2020-01-01-a.html", list), ("_g/d.html", list), ("p.html", list)]);
    assert_eq!(site.build(&[]).code, 0);
    for path in ["a.html", "g/d.html", "p.html"] {
        assert_eq!(site.output(path), "[]", "{path}");
    }
    for day in 2..=12 {
        site.write(&format!("_posts/2020-01-{day:02}-p{day}.html"), list);
    }
    assert_eq!(site.build(&[]).code, 0);
    let newest =
        |range: std::ops::RangeInclusive<u32>| range.rev().map(|day| format!("p{day}")).collect::<Vec<_>>().join(" ");
    assert_eq!(site.output("a.html"), format!("[{}]", newest(3..=12)));
    assert_eq!(site.output("g/d.html"), format!("[{}]", newest(3..=12)));
    assert_eq!(site.output("p5.html"), format!("[{} {}]", newest(6..=12), newest(2..=4)));
    assert_eq!(site.output("p.html"), "[]");
}

#[test]
fn documents_and_static_files_are_gone_through_by_the_names_of_what_is_known_of_them() {
    let site = built(
        "{}\n",
        &[
            ("_posts/2020-01-02-one.md", "---\nlevel: 2\n---\n"),
            ("pic.svg", "<svg/>"),
            (
                "a.txt",
                "---\n---\n{% for key in site.posts[0] %}{{ key }} {% endfor %}\n{% for key in site.static_files[0] %}{{ key }} {% endfor %}\n\
                 {{ site.static_files[0] | size }}{{ site.static_files[0].modified_time | date: '%Y' | size }}\n\
                 {{ site.kramdown.syntax_highlighter }} {{ site.kramdown.syntax_highlighter_opts | jsonify }}",
            ),
        ],
    );
    let text = site.output("a.txt");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("name id relative_path excerpt title categories collection next tags"), "{text}");
    assert!(lines[0].contains(" level "), "{text}");
    assert_eq!(lines[1], "name basename extname path collection modified_time ");
    assert_eq!(lines[2], "04");
    assert_eq!(lines[3], "rouge {\"default_lang\":\"plaintext\",\"guess_lang\":true}");
}

#[test]
fn pages_know_when_a_static_file_was_changed() {
    let site = SiteFolder::new(&[
        ("_config.yml", "timezone: UTC\n"),
        ("a.css", "a"),
        ("b.txt", "---\n---\n{{ site.static_files[0].modified_time | date: '%s' }}"),
    ]);
    let times = [1_500_000_000, 1_600_000_000].map(|seconds| {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let file = std::fs::File::options().append(true).open(site.path().join("a.css")).unwrap();
        file.set_modified(time).unwrap();
        let ran = site.build(&["--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        site.output("b.txt")
    });
    assert_eq!(times, ["1500000000", "1600000000"], "though the file says the same");
}

#[test]
fn long_lists_are_picked_from_alike_by_all_pages() {
    let names: Vec<String> = (0..40).map(|n| format!("_docs/d{n:02}.md")).collect();
    let texts: Vec<String> = (0..40).map(|n| format!("---\ngroup: g{}\nn: {n}\n---\n{n}\n", n % 3)).collect();
    let picks = "{{ site.docs | where: 'group', page.want | map: 'n' | join: ' ' }}|{{ site.docs | where: 'group', 'g9' | size }}|\
                 {{ site.documents | where: 'group', page.want | where_exp: 'd', 'd.n > 30 and d.n != page.not' | map: 'n' | join: ' ' }}|\
                 {{ site.docs | where: 'content', '4' | map: 'n' | join }}|{{ site.docs | find_exp: 'd', 'd.n > page.not' | map: 'n' }}";
    let pages: Vec<(String, String)> =
        (0..3).map(|n| (format!("p{n}.txt"), format!("---\nwant: g{n}\nnot: 3{}\n---\n{picks}", n + 1))).collect();
    let mut files: Vec<(&str, &str)> = names.iter().zip(&texts).map(|(name, text)| (&**name, &**text)).collect();
    files.extend(pages.iter().map(|(name, text)| (&**name, &**text)));
    let site = built("collections: {docs: {output: true}}\n", &files);
    let of = |group: usize, keep: &dyn Fn(usize) -> bool| {
        let kept: Vec<String> = (0..40).filter(|n| n % 3 == group && keep(*n)).map(|n| n.to_string()).collect();
        kept.join(" ")
    };
    for group in 0..3 {
        let (all, some) = (of(group, &|_| true), of(group, &|n| n > 30 && n != 31 + group));
        let text = site.output(&format!("p{group}.txt"));
        assert!(text.starts_with(&format!("{all}|0|{some}|")), "{text}");
        assert!(text.ends_with(&format!("|{}", 32 + group)), "{text}");
    }
}

#[test]
fn an_excerpt_knows_its_place_and_pages_have_no_output_yet() {
    let site = built(
        "permalink: /:title.html\nconfig: own\ncollections: {g: {output: true}}\n",
        &[
            (
                "_posts/2020-01-01-a.html",
                "---\n---\n{{ page.path }} {{ page.relative_path }} {{ page.id }} {{ page.content | strip }}|{{ page.output }}|{{ page.excerpt }}\n\nMore.\n",
            ),
            (
                "p.html",
                "---\n---\n{{ site.posts[0].excerpt }}@{{ site.pages[0].output | inspect }}@{{ site.config | inspect }}@{{ site.static_files | map: 'collection' | inspect }}",
            ),
            ("_g/x.png", "x"),
            ("y.png", "y"),
        ],
    );
    let page = site.output("p.html");
    let parts: Vec<&str> = page.split('@').collect();
    assert!(
        parts[0].starts_with(
            "_posts/2020-01-01-a.html/#excerpt _posts/2020-01-01-a.html/#excerpt /a#excerpt {{ page.path }}"
        ),
        "{page}"
    );
    assert!(!parts[0].contains("More") && parts[0].trim_end().ends_with("||"), "{page}");
    assert_eq!(parts[1..], ["nil", "nil", "[nil, &quot;g&quot;]"]);
}

#[test]
fn numbers_of_both_kinds_stand_in_one_order() {
    let weights = [("a", "2"), ("b", "1.5"), ("c", "1"), ("d", "1.75"), ("e", "-0.5")];
    let documents = weights.map(|(name, weight)| (format!("_g/{name}.md"), format!("---\nweight: {weight}\n---\n")));
    let mut files: Vec<(&str, &str)> = documents.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("i.html", "---\n---\n{{ site.g | map: 'slug' | join: ' ' }}"));
    let site = built("collections: {g: {output: true, sort_by: weight}}\n", &files);
    assert_eq!(site.output("i.html"), "e c b d a");
}
