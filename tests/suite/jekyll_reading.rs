//! What a Jekyll site's files are read as: their encoding, the dates of drafts, the folder that `source` names, code of all kinds of names. What is
//! expected is what Jekyll writes.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::support::{SiteFolder, program};

/// The bytes of a file of the output.
fn bytes(site: &SiteFolder, path: &str) -> Vec<u8> {
    fs::read(site.path().join("_site").join(path)).unwrap_or_default()
}

#[test]
fn a_site_in_another_encoding_is_read_and_written_in_it() {
    let site = SiteFolder::new(&[("_config.yml", "encoding: ISO-8859-1\n")]);
    site.write("_layouts/d.html", b"<html>\xe9 {{ content }}</html>");
    site.write("_includes/i.html", b"\xe8");
    site.write("a.md", b"---\nlayout: d\n---\n\"caf\xe9\" {% include i.html %} {{ \"\xe9t\xe9\" | size }}\n");
    site.write("up.txt", b"---\n---\n{{ \"\xe9\" | upcase }}");
    // A mark of UTF-8 is text here, so that this is no page; other files are copied as they are.
    site.write("mark.html", b"\xef\xbb\xbf---\n---\n{{ page.title }}\n");
    site.write("picture.bin", b"\xff\x00\xfe");
    for _ in 0..2 {
        let ran = site.build(&["--strict", "--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(bytes(&site, "a.html"), b"<html>\xe9 <p>\x93caf\xe9\x94 \xe8 3</p>\n</html>");
        assert_eq!(bytes(&site, "up.txt"), b"\xc9");
        assert_eq!(bytes(&site, "mark.html"), b"\xef\xbb\xbf---\n---\n{{ page.title }}\n");
        assert_eq!(bytes(&site, "picture.bin"), b"\xff\x00\xfe");
    }
}

#[test]
fn any_encoding_has_rubys_names_and_one_that_nobody_knows_is_told() {
    let page = "---\n---\nЖ é 日本 …";
    for (name, text, expected) in [
        ("cp1251", &b"---\n---\n\xc6 &amp;"[..], &b"<p>\xc6 &amp;</p>\n"[..]),
        ("Windows-31J", b"---\n---\n\x93\xfa\x96\x7b", b"<p>\x93\xfa\x96\x7b</p>\n"),
        ("eucJP", b"---\n---\n\xc6\xfc", b"<p>\xc6\xfc</p>\n"),
        ("GBK", b"---\n---\n\xc4\xe3 &hearts;", b"<p>\xc4\xe3 &#9829;</p>\n"),
        ("bom|utf-8", page.as_bytes(), "<p>Ж é 日本 …</p>\n".as_bytes()),
        ("UTF-8", page.as_bytes(), "<p>Ж é 日本 …</p>\n".as_bytes()),
    ] {
        let site = SiteFolder::new(&[("_config.yml", &format!("encoding: {name}\n"))]);
        site.write("a.md", text);
        let ran = site.build(&["--strict"]);
        assert_eq!((ran.code, bytes(&site, "a.html").as_slice()), (0, expected), "{name} {}", ran.stderr);
    }
    for name in ["klingon", "utf-16", "IBM437"] {
        let site = SiteFolder::new(&[("_config.yml", &format!("encoding: {name}\n")), ("a.md", page)]);
        let ran = site.build(&[]);
        assert!(ran.code == 0 && ran.stderr.contains(&format!("there is no encoding `{name}`")), "{}", ran.stderr);
    }
    let site = SiteFolder::new(&[("_config.yml", "encoding: shift_jis\n")]);
    site.write("a.md", b"---\n---\n\x81");
    let ran = site.build(&[]);
    assert!(ran.code == 1 && ran.stderr.contains("the file is not in Shift_JIS"), "{}", ran.stderr);
}

#[test]
fn a_draft_has_the_date_of_its_file() {
    let text = "---\n---\n{{ page.date | date: '%F %R' }}\n";
    let site = SiteFolder::new(&[
        ("_config.yml", "show_drafts: true\ntimezone: UTC\n"),
        ("_drafts/plain.md", text),
        ("_drafts/2018-03-04-named.md", text),
        ("_drafts/said.md", &text.replacen("---\n", "---\ndate: 2019-02-03\n", 1)),
    ]);
    let written = |seconds| {
        for name in ["plain", "2018-03-04-named", "said"] {
            let path = site.path().join(format!("_drafts/{name}.md"));
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
        }
        let ran = site.build(&["--strict", "--cache", "--verify"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    };
    written(1_620_284_889);
    assert_eq!(site.output("2021/05/06/plain.html"), "<p>2021-05-06 07:08</p>\n");
    assert_eq!(site.output("2018/03/04/named.html"), "<p>2018-03-04 00:00</p>\n");
    assert_eq!(site.output("2019/02/03/said.html"), "<p>2019-02-03 00:00</p>\n");
    written(1_651_820_889);
    assert_eq!(site.output("2022/05/06/plain.html"), "<p>2022-05-06 07:08</p>\n");
}

#[test]
fn the_configuration_may_name_the_sites_folder() {
    let site = SiteFolder::new(&[
        ("_config.yml", "source: docs\ntitle: Outer\n"),
        ("docs/_config.yml", "title: Inner\n"),
        ("docs/index.md", "---\n---\n{{ site.title }}\n"),
        ("other.md", "---\n---\n"),
    ]);
    let build = |args: &[&str]| {
        let output = program().current_dir(site.path()).arg("build").args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    build(&["--strict"]);
    assert_eq!(site.output("index.html"), "<p>Outer</p>\n");
    assert!(!site.path().join("_site/other.html").exists() && !site.path().join("docs/_site").exists());
    // A folder that is named wins.
    build(&["-s", "docs", "-d", "_site"]);
    assert_eq!(site.output("index.html"), "<p>Inner</p>\n");
}

#[test]
fn a_language_has_the_case_that_rouge_gives_it() {
    let site = SiteFolder::new(&[
        ("_config.yml", "a: 1\n"),
        ("a.md", "---\n---\n```Scala\nval x\n```\n\n```scala\nval x\n```\n\n```R\nx\n```\n\n```armasm\na < b\n```\n"),
    ]);
    assert_eq!(site.build(&["--strict"]).code, 0);
    let page = site.output("a.html");
    assert!(page.starts_with("<pre><code class=\"language-Scala\">val x\n</code></pre>\n"), "{page}");
    assert!(
        page.contains("<div class=\"language-scala highlighter-rouge\">")
            // Nobody here colours it, and Rouge does.
            && page.contains("<div class=\"language-armasm highlighter-rouge\"><div class=\"highlight\"><pre class=\"highlight\"><code>a &lt; b\n")
            && page.contains("<div class=\"language-R highlighter-rouge\">")
    );
}

#[test]
fn a_block_of_code_behind_text_ends_the_paragraph() {
    let code = "{% highlight text %}x{% endhighlight %}";
    let text = format!(
        "---\n---\nBefore {code} behind\n\n- item {code}\n- two\n\n| a | {code} |\n\n> quote {code}\n\nLine\n{code}\nline\n"
    );
    let site =
        SiteFolder::new(&[("_config.yml", "a: 1\n"), ("a.md", &text), ("b.html", &format!("---\n---\na {code} b"))]);
    assert_eq!(site.build(&["--strict"]).code, 0);
    let block =
        "<figure class=\"highlight\"><pre><code class=\"language-text\" data-lang=\"text\">x</code></pre></figure>";
    let page = format!(
        "<p>Before</p>\n{block}\n<p>behind</p>\n\n<ul>\n  <li>item</li>\n</ul>\n{block}\n\n<ul>\n  <li>two</li>\n</ul>\n\n<p>| a |</p>\n{block}\n<p>|</p>\n\n\
         <blockquote>\n  <p>quote</p>\n</blockquote>\n{block}\n\n<p>Line</p>\n\n{block}\n\n<p>line</p>\n"
    );
    assert_eq!(site.output("a.html"), page);
    assert_eq!(site.output("b.html"), format!("a {block} b"));
}

#[test]
fn tables_are_read_as_the_configuration_says() {
    let page = "---\n---\n{{ site.data.t | jsonify }} {{ site.data.u | jsonify }}\n";
    let config = "csv_reader: {headers: false, csv_converters: [numeric]}\ntsv_reader: {headers: [x, y], csv_converters: [\":float\"]}\n";
    for (config, expected) in [
        (config, "[[\"a\",\"b\"],[1,2.5]] [{\"x\":\"a\",\"y\":\"b\"},{\"x\":1.0,\"y\":\"z\"}]\n"),
        ("csv_reader:\ntsv_reader: {headers: true}\n", "[{\"a\":\"1\",\"b\":\"2.5\"}] [{\"a\":\"1\",\"b\":\"z\"}]\n"),
    ] {
        let site = SiteFolder::new(&[
            ("_config.yml", config),
            ("_data/t.csv", "a,b\n1,2.5\n"),
            ("_data/u.tsv", "a\tb\n1\tz\n"),
            ("a.txt", page),
        ]);
        let ran = site.build(&["--strict"]);
        assert_eq!((ran.code, site.output("a.txt").as_str()), (0, expected), "{}", ran.stderr);
    }
}

#[test]
fn nothing_lies_below_what_is_empty_by_right() {
    let posts = "{% for p in site.posts %}{{ p.previous.title }}-{{ p.next.title }} {% endfor %}{{ page.empty.x }}{{ site.exclude | first }}";
    let site = SiteFolder::new(&[
        ("_config.yml", "a: 1\n"),
        ("_posts/2020-01-01-a.md", "---\ntitle: A\n---\n{{ page.previous.url }}"),
        ("_posts/2020-01-02-b.md", "---\ntitle: B\n---\n"),
        ("a.txt", &format!("---\nempty:\n---\n{posts}")),
    ]);
    let ran = site.build(&["--strict"]);
    assert_eq!((ran.code, site.output("a.txt").as_str()), (0, "A- -B .sass-cache"), "{}", ran.stderr);
    // What was never there is told.
    site.write("a.txt", "---\n---\n{% for p in site.posts %}{{ p.previuos.title }}{% endfor %}");
    let ran = site.build(&[]);
    assert!(ran.stderr.contains("`p.previuos` is undefined"), "{}", ran.stderr);
}

#[test]
fn dates_of_files_and_what_is_excluded_are_known() {
    let site = SiteFolder::new(&[
        ("_config.yml", "encoding: ISO-8859-1\nshow_drafts: true\ntimezone: UTC\nexclude: [own, vendor/]\n"),
        ("_drafts/plain.md", "---\n---\n{{ page.date | date: '%F' }}\n"),
        ("index.html", "---\n---\n{{ site.exclude | join: ',' }}"),
        ("own/a.html", "---\n---\n"),
        ("node_modules/b.html", "---\n---\n"),
    ]);
    let file = fs::File::options().write(true).open(site.path().join("_drafts/plain.md")).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_620_284_889)).unwrap();
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(site.output("2021/05/06/plain.html"), "<p>2021-05-06</p>\n");
    let excluded = "own,vendor/,.sass-cache,.jekyll-cache,gemfiles,Gemfile,Gemfile.lock,node_modules,vendor/bundle/,vendor/cache/,\
                    vendor/gems/,vendor/ruby/";
    assert_eq!(site.output("index.html"), excluded);
    let pages = site.files().into_keys().filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    assert_eq!(pages.count(), 2);
}
