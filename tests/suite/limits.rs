//! Pages and data that would cost without a bound: the program ends by itself and says where.

use crate::support::{Ran, SiteFolder, run};

/// Files that call the next one twice each, sixty deep; `make` gives the path and the text for a number.
fn doubling(make: impl Fn(usize) -> (String, String)) -> Vec<(String, String)> {
    (0..60).map(make).collect()
}

fn site(kind: &str, page: &str, files: &[(String, String)]) -> SiteFolder {
    let (config, index) = match kind {
        "native" => ("carafe.yml", "content/index.md"),
        _ => ("_config.yml", "index.md"),
    };
    let text = format!("---\ntitle: Home\n---\n{page}\n");
    let mut all = vec![(config, "title: T\n"), (index, text.as_str())];
    all.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    SiteFolder::new(&all)
}

fn told(ran: &Ran, parts: &[&str]) {
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

fn command(name: &str, site: &SiteFolder) -> Ran {
    run(&[name, "-s", site.path().to_str().unwrap()])
}

#[test]
fn a_chain_in_which_each_calls_the_next_twice_ends_with_its_place_and_stack() {
    let include = doubling(|n| {
        let call = format!("{{% include i{}.md %}}", n + 1);
        (format!("includes/i{n}.md"), format!("{call}{call}"))
    });
    let chain =
        site("native", "{% include i0.md %}", &[include, vec![("includes/i60.md".into(), "x".into())]].concat());
    told(&chain.build(&[]), &["iteration-limit", "includes/i59.md:1:1", "content/index.md:4:1"]);
    told(&command("check", &chain), &["iteration-limit"]);
    assert_eq!(command("graph", &chain).code, 0);

    let jekyll = doubling(|n| {
        let call = format!("{{% include i{}.md %}}", n + 1);
        (format!("_includes/i{n}.md"), format!("{call}{call}"))
    });
    let chain =
        site("jekyll", "{% include i0.md %}", &[jekyll, vec![("_includes/i60.md".into(), "x".into())]].concat());
    told(&chain.build(&[]), &["iteration-limit", "index.md:4:1"]);
}

#[test]
fn templates_of_tags_and_filters_and_files_of_render_are_calls_too() {
    let tags = doubling(|n| {
        let next = n + 1;
        (format!("includes/tags/t{n}.html"), format!("---\ntag: {{}}\n---\n{{% t{next} %}}{{% t{next} %}}\n"))
    });
    let last = ("includes/tags/t60.html".into(), "---\ntag: {}\n---\nx\n".into());
    told(
        &site("native", "{% t0 %}", &[tags, vec![last]].concat()).build(&[]),
        &["iteration-limit", "content/index.md:4:1"],
    );

    let filters = doubling(|n| {
        let again = format!("{{{{ input | f{} }}}}", n + 1);
        (format!("includes/filters/f{n}.html"), format!("---\nfilter: {{}}\n---\n{again}{again}\n"))
    });
    let last = ("includes/filters/f60.html".into(), "---\nfilter: {}\n---\nx\n".into());
    told(&site("native", "{{ 'a' | f0 }}", &[filters, vec![last]].concat()).build(&[]), &["iteration-limit"]);

    let files = doubling(|n| {
        let call = format!("{{% render 'r{}.md' %}}", n + 1);
        (format!("includes/r{n}.md"), format!("{call}{call}"))
    });
    let last = ("includes/r60.md".into(), "x".into());
    told(&site("native", "{% render 'r0.md' %}", &[files, vec![last]].concat()).build(&[]), &["iteration-limit"]);
}

#[test]
fn what_calls_itself_twice_ends_the_page_when_it_is_too_deep() {
    for (path, text, page) in [
        ("includes/a.md", "x{% include a.md %}{% include a.md %}", "{% include a.md %}"),
        ("includes/tags/a.html", "---\ntag: {}\n---\n{% a %}{% a %}\n", "{% a %}"),
        ("includes/filters/a.html", "---\nfilter: {}\n---\n{{ input | a }}{{ input | a }}\n", "{{ 'x' | a }}"),
        ("includes/a.md", "{% render 'a.md' %}{% render 'a.md' %}", "{% render 'a.md' %}"),
    ] {
        let ran = site("native", page, &[(path.into(), text.into())]).build(&[]);
        told(&ran, &["include-depth", path]);
        assert_eq!(ran.stderr.matches("[include-depth]").count().max(1), 1, "{}", ran.stderr);
    }
}

#[test]
fn layouts_share_the_budget_of_their_page() {
    let double = doubling(|n| {
        let text = format!("---\nlayout: l{}\n---\n{{{{ content }}}}{{{{ content }}}}", n + 1);
        (format!("_layouts/l{n}.html"), text)
    });
    let config = vec![("_layouts/l60.html".to_owned(), "{{ content }}".to_owned())];
    let page = "Hello\n{: #a}\n";
    let folder = site("jekyll", page, &[double, config].concat());
    folder.write("index.md", "---\nlayout: l0\n---\nHello\n");
    told(&folder.build(&[]), &["output-limit", "_layouts/l"]);

    let loops = doubling(|n| {
        let turns = "{% for i in (1..9000) %}{% endfor %}{{ content }}";
        (format!("_layouts/l{n}.html"), format!("---\nlayout: l{}\n---\n{turns}", n + 1))
    });
    let folder = site("jekyll", page, &loops);
    folder.write("_layouts/l60.html", "{{ content }}");
    folder.write("index.md", "---\nlayout: l0\n---\nHello\n");
    folder.write("_config.yml", "title: T\ncarafe: {limits: {iterations: 100000}}\n");
    told(&folder.build(&[]), &["iteration-limit", "_layouts/l"]);
    folder.write("_config.yml", "title: T\ncarafe: {limits: {iterations: 1000000}}\n");
    assert_eq!(folder.build(&[]).code, 0);
}

#[test]
fn includes_tried_by_tests_end_too() {
    let include = doubling(|n| {
        let call = format!("{{% include i{}.md %}}", n + 1);
        (format!("includes/i{n}.md"), format!("{call}{call}"))
    });
    let folder = site("native", "Hello", &include);
    folder.write("includes/i60.md", "x");
    folder.write(
        "tests/includes/i.yml",
        "include: i0.md\ncases:\n  - name: ends\n    expect:\n      - {select: p, text: x}\n",
    );
    told(&command("test", &folder), &["iteration-limit"]);
}

#[test]
fn work_that_is_no_call_counts_by_its_size() {
    let list = "{% assign a = (1..30000) | sort %}";
    for page in [
        "{% for i in (1..10000000) %}{{ page.titel }}{% endfor %}".to_owned(),
        format!("{{% for i in (1..10000000) %}}{}{{% endfor %}}", "{{ nil }}".repeat(500)),
        format!("{list}{{% for i in (1..10000) %}}{{% assign b = a | reverse | sort %}}{{% endfor %}}"),
        format!("{list}{{% for i in (1..10000) %}}{{% assign b = a | where_exp: 'x', 'x > 3' %}}{{% endfor %}}"),
        format!("{list}{{% for i in (1..10000) %}}{{% assign b = a | join %}}{{% endfor %}}"),
        "{% for i in (1..100000) %}{% note %}a{% endnote %}{% endfor %}".to_owned(),
        "{% for i in (1..100000) %}{% highlight ruby %}a{{ i }}{% endhighlight %}{% endfor %}".to_owned(),
        "{% for i in (1..100000) %}{% assign a = 'text' | markdownify %}{% endfor %}".to_owned(),
    ] {
        let folder = site("native", &page, &[]);
        folder.write("carafe.yml", "limits: {iterations: 400000}\n");
        told(&folder.build(&[]), &["iteration-limit", "content/index.md:4:"]);
    }
}

#[test]
fn what_doubles_ends_before_it_fills_the_memory() {
    for (page, code) in [
        ("{% assign a = 'ab' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}", "output-limit"),
        (
            "{% capture a %}ab{% endcapture %}{% for i in (1..99) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
            "output-limit",
        ),
        (
            "{% assign a = 'a,b' | split: ',' %}{% for i in (1..99) %}{% assign a = a | concat: a %}{% endfor %}",
            "output-limit",
        ),
        (
            "{% capture a %}{% note %}Some words.{% endnote %}{% endcapture %}{% for i in (1..99) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}{{ a }}",
            "output-limit",
        ),
    ] {
        let folder = site("native", page, &[]);
        folder.write("carafe.yml", "liquid: {limits: {output_bytes: 1000000}}\n");
        told(&folder.build(&[]), &[code, "content/index.md:4:", "limits.output_bytes"]);
    }
    let block = "---\ntag: {kind: block}\n---\n{{ content }}{{ content }}\n";
    let page = format!("{}x{}", "{% b %}".repeat(40), "{% endb %}".repeat(40));
    told(&site("native", &page, &[("includes/tags/b.html".into(), block.into())]).build(&[]), &["output-limit"]);
}

#[test]
fn a_value_too_large_to_print_is_never_printed_in_part() {
    let nested = "{% assign a = 'a,b' | split: ',' %}{% for i in (1..40) %}{% assign e = '' | split: ',' %}\
                  {% assign a = e | push: a | push: a | push: a %}{% endfor %}";
    for (end, code) in [
        ("{{ a }}", "output-limit"),
        ("{{ a | append: 'x' | size }}", "iteration-limit"),
        ("{{ a | jsonify | size }}", "filter-error"),
    ] {
        told(&site("native", &format!("{nested}{end}"), &[]).build(&[]), &[code, "content/index.md:4:"]);
    }
}

#[test]
fn pages_that_assign_the_same_variable_again_and_again_are_not_cut_off() {
    let page = "{% for i in (1..3000) %}{% capture a %}{{ 'now' | date: '%1000d' }}{% endcapture %}{% assign b = a | upcase %}{% endfor %}Whole.";
    let folder = site("native", page, &[]);
    folder.write("carafe.yml", "limits: {output_bytes: 100000}\n");
    let ran = folder.build(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(folder.output("index.html").contains("Whole."));
}

#[test]
fn data_has_a_limit_for_all_files_together() {
    let table = |n: usize| {
        let header: String = (0..100).map(|column| format!("c{column},")).collect();
        let rows: String = (0..100).map(|row| format!("{n}-{row}\n")).collect();
        format!("{header}\n{rows}")
    };
    let page = "{{ site.data.a.size }} {{ site.data.b.size }} {{ site.data.a[7].c99 }}";
    let files = [("data/a.csv".to_owned(), table(1)), ("data/b.csv".to_owned(), table(2))];
    let folder = site("native", page, &files);
    assert_eq!(folder.build(&[]).code, 0);
    assert!(folder.output("index.html").contains("100 100"));
    folder.write("carafe.yml", "limits: {data_bytes: 2000000}\n");
    told(&folder.build(&[]), &["data-limit", "data/b.csv:", "limits.data_bytes"]);
    folder.write("data/b.csv", "a\n1\n");
    assert_eq!(folder.build(&[]).code, 0);
    folder.write("data/b.json", "[]");
    folder.write("data/c.json", format!("[{}1]", "[],".repeat(20_000)));
    folder.write("content/index.md", "{{ site.data.c | size }}\n");
    told(&folder.build(&[]), &["data-limit", "data/c.json:1:"]);
}
