//! Other names, and other places for files: everything that names them follows, or nothing does.

use serde_json::{Value, json};

use crate::editor::{Editor, cursor};
use crate::support::SiteFolder;

use super::everywhere::{NOTE, site};

/// The files after a rename, in which texts stand as they are on the disk.
fn renamed(editor: &mut Editor, site: &SiteFolder, path: &str, text: &str, name: &str) -> Result<Vec<String>, Value> {
    let (text, position) = cursor(text);
    editor.change(path, &text);
    let params = json!({"textDocument": {"uri": editor.uri(path)}, "position": position, "newName": name});
    let found = editor.request("textDocument/rename", params)?;
    Ok(applied(editor, site, &found))
}

/// The files that a change of the workspace changes, after it.
fn applied(editor: &Editor, site: &SiteFolder, found: &Value) -> Vec<String> {
    let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
    for change in found["documentChanges"].as_array().into_iter().flatten() {
        match change["kind"].as_str() {
            Some(kind) => changes.push((
                format!(
                    "{kind} {} {}",
                    editor.path(change["oldUri"].as_str().unwrap()),
                    editor.path(change["newUri"].as_str().unwrap())
                ),
                Vec::new(),
            )),
            None => changes.push((
                editor.path(change["textDocument"]["uri"].as_str().unwrap()),
                change["edits"].as_array().unwrap().clone(),
            )),
        }
    }
    for (uri, edits) in found["changes"].as_object().into_iter().flatten() {
        changes.push((editor.path(uri), edits.as_array().unwrap().clone()));
    }
    let apply = |(path, edits): (String, Vec<Value>)| {
        let Ok(text) = std::fs::read_to_string(site.path().join(&path)) else { return path };
        let mut lines: Vec<Vec<u16>> = text.split('\n').map(|line| line.encode_utf16().collect()).collect();
        for edit in edits.iter().rev() {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
            let line = &mut lines[number(&start["line"])];
            line.splice(
                number(&start["character"])..number(&end["character"]),
                edit["newText"].as_str().unwrap().encode_utf16(),
            );
        }
        let lines: Vec<String> = lines.iter().map(|line| String::from_utf16(line).unwrap()).collect();
        format!("{path}: {}", lines.join("⏎").replace('\n', "⏎").trim_end_matches('⏎'))
    };
    let mut all: Vec<String> = changes.into_iter().map(apply).collect();
    all.sort();
    all
}

#[test]
fn includes_and_parameters_get_other_names() {
    let site = site();
    let mut editor = Editor::new(site.path());
    let index = std::fs::read_to_string(site.path().join("content/index.md")).unwrap();
    let text = index.replace("note.html", "no¦te.html");
    assert_eq!(
        renamed(&mut editor, &site, "content/index.md", &text, "boxes/note.html").unwrap(),
        [
            "content/index.md: {% include boxes/note.html text=\"a\" %}⏎{{ site.product | upcase }}",
            "content/other.md: 𝒳 {% include outer.html words=\"b\" %} {% include ./boxes/note.html text='c' %}⏎{{ site.product }}",
            "includes/outer.html: é {% include boxes/note.html text=include.words %}",
            "rename includes/note.html includes/boxes/note.html",
        ]
    );
    assert_eq!(
        renamed(&mut editor, &site, "includes/note.html", &NOTE.replace("include.text", "include.te¦xt"), "says")
            .unwrap(),
        [
            "content/index.md: {% include note.html says=\"a\" %}⏎{{ site.product | upcase }}",
            "content/other.md: 𝒳 {% include outer.html words=\"b\" %} {% include ./note.html says='c' %}⏎{{ site.product }}",
            "includes/note.html: {% doc %}⏎A box.⏎@param {string} says - What it says.⏎{% enddoc %}⏎<p>{{ include.says }}</p>",
            "includes/outer.html: é {% include note.html says=include.words %}",
        ]
    );
    for name in ["", "a b", "../out.html", "outer.html"] {
        assert!(renamed(&mut editor, &site, "content/index.md", &text, name).is_err(), "{name}");
    }
    // A call that only a page tells may be one of it.
    site.write("content/more.md", "{% assign kind = 'note' %}{% include {{ kind }}.html text=1 %}\n");
    editor.open("content/more.md", "{% include {{ page.kind }}e.html text=1 %}\n");
    let refused = renamed(&mut editor, &site, "content/index.md", &text, "other.html").unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("`content/more.md`, line 1"), "{refused}");
    editor.close("content/more.md");
    let local = "{% assign é = 1 %}{{ é¦ }}";
    site.write("content/index.md", local.replace('¦', ""));
    assert_eq!(
        renamed(&mut editor, &site, "content/index.md", local, "wort").unwrap(),
        ["content/index.md: {% assign wort = 1 %}{{ wort }}"]
    );
}

#[test]
fn variables_of_the_site_get_other_names() {
    let index = "é𝒳 {{ site.product }} {{ site[\"product\"] }} {% include note.html text=site.product %}\n";
    for (config, given, page) in [
        ("carafe.yml", "title: T\nvariables:\n  product: Gateway\n  deep: {a: 1}\n", "content/index.md"),
        ("_config.yml", "title: T\nproduct: Gateway\ndeep: {a: 1}\n", "index.md"),
    ] {
        let front = if page == "index.md" { "---\n---\n" } else { "" };
        let include = if page == "index.md" { "_includes/note.html" } else { "includes/note.html" };
        let whole = format!("{front}{index}");
        let site =
            SiteFolder::new(&[(config, given), (page, &whole), (include, "{{ include.text }} {{ site.product }}")]);
        let mut editor = Editor::new(site.path());
        let mut wanted = [
            format!("{config}: {}", given.replace("product", "device").trim_end().replace('\n', "⏎")),
            format!("{include}: {{{{ include.text }}}} {{{{ site.device }}}}"),
            format!("{page}: {}", whole.replace("product", "device").trim_end().replace('\n', "⏎")),
        ];
        wanted.sort();
        let text = whole.replacen("product", "pro¦duct", 1);
        assert_eq!(renamed(&mut editor, &site, page, &text, "device").unwrap(), wanted);
        let text = given.replacen("product", "pro¦duct", 1);
        assert_eq!(renamed(&mut editor, &site, config, &text, "device").unwrap(), wanted);
        for (text, name) in [
            (format!("{front}{{{{ site.pro¦duct }}}}"), "deep"),
            // Liquid reads no such name.
            (format!("{front}{{{{ site.pro¦duct }}}}"), "gerät"),
            (format!("{front}{{{{ site.tit¦le }}}}"), "name"),
            (format!("{front}{{% assign d = site.deep %}}{{{{ site.deep.a¦ }}}}{{{{ d[page.k] }}}}"), "b"),
            (format!("{front}{{% assign d = site.deep | sort %}}{{{{ site.deep.a¦ }}}}"), "b"),
            (
                format!("{front}{{% assign d = site.deep %}}{{% assign d = 1 %}}{{{{ site.deep.a¦ }}}}{{{{ d.a }}}}"),
                "b",
            ),
            (
                format!("{front}{{% assign d = 1 %}}{{% assign d = site.deep %}}{{{{ site.deep.a¦ }}}}{{{{ d.a }}}}"),
                "b",
            ),
            (format!("{front}{{% if site.deep contains 'a' %}}{{% endif %}}{{{{ site.deep.a¦ }}}}"), "b"),
            (format!("{front}{{{{ site.pro¦duct }}}}{{{{ site[page.kind] }}}}"), "b"),
        ] {
            assert!(renamed(&mut editor, &site, page, &text, name).is_err(), "{text}");
        }
    }
}

#[test]
fn keys_of_data_files_get_other_names() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("data/team/uns.yml", "\"first\":\n  name: Öne\nlist:\n  - name: a\n"),
        ("content/index.md", "é {{ site.data.team.uns.first.name }}\n"),
        ("content/other.md", "{{ site.data['team'].uns.first['name'] }} {{ site.data.team.uns.list[0].name }}\n"),
    ]);
    let mut editor = Editor::new(site.path());
    let text = "\"first\":\n  na¦me: Öne\nlist:\n  - name: a\n";
    assert_eq!(
        renamed(&mut editor, &site, "data/team/uns.yml", text, "title").unwrap(),
        [
            "content/index.md: é {{ site.data.team.uns.first.title }}",
            "content/other.md: {{ site.data['team'].uns.first['title'] }} {{ site.data.team.uns.list[0].name }}",
            "data/team/uns.yml: \"first\":⏎  title: Öne⏎list:⏎  - name: a",
        ]
    );
    let found =
        renamed(&mut editor, &site, "content/index.md", "é {{ site.data.team.uns.fir¦st.name }}\n", "one").unwrap();
    assert_eq!(found[2], "data/team/uns.yml: \"one\":⏎  name: Öne⏎list:⏎  - name: a");
    // Handed on, it is read under another name: here, in what others hand on, and in brackets.
    let text = "{% assign uns = site.data.team.uns %}{{ site.data.team.uns.fir¦st }}{% if site.data.team.uns %}{{ uns.first.name }}{% endif %}\n";
    site.write("content/index.md", text.replace('¦', ""));
    editor.open("content/other.md", "{% assign eins = uns['first'] %}{{ eins.name }} {{ uns['first'].name }}\n");
    site.write("content/other.md", "{% assign eins = uns['first'] %}{{ eins.name }} {{ uns['first'].name }}\n");
    let changes = json!([{"uri": editor.uri("content/other.md"), "type": 2}]);
    editor.notify("workspace/didChangeWatchedFiles", json!({"changes": changes}));
    assert_eq!(
        renamed(&mut editor, &site, "content/index.md", text, "one").unwrap(),
        [
            "content/index.md: {% assign uns = site.data.team.uns %}{{ site.data.team.uns.one }}{% if site.data.team.uns %}{{ uns.one.name }}{% endif %}",
            "content/other.md: {% assign eins = uns['one'] %}{{ eins.name }} {{ uns['one'].name }}",
            "data/team/uns.yml: \"one\":⏎  name: Öne⏎list:⏎  - name: a",
        ]
    );
    let text = "{% assign uns = site.data.team.uns %}{{ site.data.team.uns.first.na¦me }}\n";
    let found = renamed(&mut editor, &site, "content/index.md", text, "title").unwrap();
    assert!(found[1].ends_with("{{ eins.title }} {{ uns['first'].title }}"), "{found:?}");
    // Under a name that stands for more than one thing it cannot be followed.
    let text =
        "{% assign uns = site.data.team.uns %}{% for uns in page.all %}{% endfor %}{{ site.data.team.uns.fir¦st }}\n";
    let refused = renamed(&mut editor, &site, "content/index.md", text, "one").unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("`content/index.md`, line 1"), "{refused}");
}

#[test]
fn links_follow_headings_and_ids() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("data/nav.yml", "- url: /a/#über-uns\n"),
        ("includes/up.html", "<a href=\"{{ include.to }}\">up</a> [q](/a/#über-uns)\n"),
        ("content/a.md", "# A\n\n## Über uns\n\n## Über uns\n\n## Z {#z}\n\n[o](#über-uns-1)\n"),
        (
            "content/b.md",
            "# B\n\n[x](a.md#über-uns) [y](/a/#%C3%BCber-uns-1)\n[z\nz](/a/#z) [r]\n\n[r]: ../a/#über-uns\n\n{% include up.html to=\"/a/#über-uns\" %}\n",
        ),
    ]);
    let mut editor = Editor::new(site.path());
    let text = std::fs::read_to_string(site.path().join("content/a.md")).unwrap();
    let first = text.replacen("Über", "Ü¦ber", 1);
    assert_eq!(
        renamed(&mut editor, &site, "content/a.md", &first, "Wir").unwrap(),
        [
            "content/a.md: # A⏎⏎## Wir⏎⏎## Über uns⏎⏎## Z {#z}⏎⏎[o](#über-uns)",
            "content/b.md: # B⏎⏎[x](a.md#wir) [y](/a/#%C3%BCber-uns)⏎[z⏎z](/a/#z) [r]⏎⏎[r]: ../a/#wir⏎⏎{% include up.html to=\"/a/#wir\" %}",
            "data/nav.yml: - url: /a/#wir",
            "includes/up.html: <a href=\"{{ include.to }}\">up</a> [q](/a/#wir)",
        ]
    );
    assert_eq!(
        renamed(&mut editor, &site, "content/a.md", &text.replace("{#z}", "{#z¦}"), "ende").unwrap(),
        [
            "content/a.md: # A⏎⏎## Über uns⏎⏎## Über uns⏎⏎## Z {#ende}⏎⏎[o](#über-uns-1)",
            "content/b.md: # B⏎⏎[x](a.md#über-uns) [y](/a/#%C3%BCber-uns-1)⏎[z⏎z](/a/#ende) [r]⏎⏎[r]: ../a/#über-uns⏎⏎{% include up.html to=\"/a/#über-uns\" %}",
        ]
    );
    // A link that is put together from a value cannot follow.
    editor.open("content/b.md", "# B\n\n{% assign to = 'a/#z' %}[x](/{{ to }})\n");
    let refused = renamed(&mut editor, &site, "content/a.md", &text.replace("{#z}", "{#z¦}"), "ende").unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("`content/b.md`, line 3"), "{refused}");
    assert!(renamed(&mut editor, &site, "content/a.md", &first, " ").is_err());
}

#[test]
fn definitions_of_links_get_other_names() {
    let text = "---\ntitle: T\n---\né𝒳 [a][Doc] [doc] [doc][] [b](x) note[^1]\n\n[do¦c]: /x/\n[^1]: Text\n";
    let site = SiteFolder::new(&[("carafe.yml", "title: T\n"), ("content/index.md", &text.replace('¦', ""))]);
    let mut editor = Editor::new(site.path());
    assert_eq!(
        renamed(&mut editor, &site, "content/index.md", text, "manual").unwrap(),
        [
            "content/index.md: ---⏎title: T⏎---⏎é𝒳 [a][manual] [doc][manual] [doc][manual] [b](x) note[^1]⏎⏎[manual]: /x/⏎[^1]: Text"
        ]
    );
    let note = text.replace('¦', "").replace("note[^1]", "note[^1¦]");
    assert_eq!(
        renamed(&mut editor, &site, "content/index.md", &note, "^n").unwrap(),
        ["content/index.md: ---⏎title: T⏎---⏎é𝒳 [a][Doc] [doc] [doc][] [b](x) note[^n]⏎⏎[doc]: /x/⏎[^n]: Text"]
    );
    assert!(renamed(&mut editor, &site, "content/index.md", &note, "n").is_err());
}

/// The files after others have got new paths.
fn moved(editor: &mut Editor, site: &SiteFolder, files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<Value> =
        files.iter().map(|(old, new)| json!({"oldUri": editor.uri(old), "newUri": editor.uri(new)})).collect();
    let found = editor.request("workspace/willRenameFiles", json!({"files": files})).unwrap();
    applied(editor, site, &found)
}

#[test]
fn links_and_redirects_follow_pages() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("data/nav.yml", "- url: /guides/first/\n"),
        ("content/index.md", "é [x](guides/first.md#p) [y](/guides/first/) [z](guides/first/) ![p](guides/p.png)\n"),
        ("content/guides/first.md", "---\ntitle: F\n---\n# F\n\n[i](../index.md) [n](next.md) ![p](p.png)\n"),
        ("content/guides/next.md", "[f](first.md) [again](./first.md)\n"),
        ("content/guides/p.png", "x"),
    ]);
    let mut editor = Editor::new(site.path());
    editor.open("content/guides/next.md", "ü [f](first.md) [again](./first.md)\n");
    site.write("content/guides/next.md", "ü [f](first.md) [again](./first.md)\n");
    assert_eq!(
        moved(&mut editor, &site, &[("content/guides/first.md", "content/start/erste.md")]),
        [
            "content/guides/first.md: ---⏎title: F⏎redirect_from: /guides/first/⏎---⏎# F⏎⏎[i](../index.md) [n](../guides/next.md) ![p](../guides/p.png)",
            "content/guides/next.md: ü [f](../start/erste.md) [again](../start/erste.md)",
            "content/index.md: é [x](start/erste.md#p) [y](/start/erste/) [z](/start/erste/) ![p](guides/p.png)",
            "data/nav.yml: - url: /start/erste/",
        ]
    );
    // A folder takes all that is in it along.
    let found = moved(&mut editor, &site, &[("content/guides", "content/help")]);
    assert_eq!(
        found[2],
        "content/index.md: é [x](help/first.md#p) [y](/help/first/) [z](/help/first/) ![p](help/p.png)"
    );
    assert!(found[0].ends_with("[i](../index.md) [n](next.md) ![p](p.png)"), "{found:?}");
    assert!(
        found[1].starts_with("content/guides/next.md: ---⏎redirect_from: /guides/next/⏎---⏎ü [f](first.md)"),
        "{found:?}"
    );
    assert!(moved(&mut editor, &site, &[("content/gone.md", "content/more.md")]).is_empty());
}

#[test]
fn pages_of_jekyll_and_includes_are_followed() {
    let page =
        "---\n---\n[a]({% link docs/a.md %}#p) [b]({{ '/docs/a.html' | relative_url }}) {% include box.html %}\n";
    let files = [("docs/a.md", "---\n---\n# A\n"), ("index.md", page), ("_includes/box.html", "box")];
    for plugins in ["", "plugins: [jekyll-redirect-from]\n"] {
        let site = SiteFolder::new(&[&[("_config.yml", plugins)], &files[..]].concat());
        let mut editor = Editor::new(site.path());
        editor.open("index.md", page);
        let found = moved(&mut editor, &site, &[("docs/a.md", "docs/ä.md")]);
        let followed = "index.md: ---⏎---⏎[a]({% link docs/ä.md %}#p) [b]({{ '/docs/%C3%A4.html' | relative_url }}) {% include box.html %}";
        let told = editor.said.iter().any(|said| said["method"] == "window/showMessage");
        match plugins {
            "" => assert_eq!((found, told), (vec![followed.to_owned()], true)),
            _ => assert_eq!(
                (found, told),
                (vec!["docs/a.md: ---⏎redirect_from: /docs/a.html⏎---⏎# A".to_owned(), followed.to_owned()], false)
            ),
        }
        let found = moved(&mut editor, &site, &[("_includes/box.html", "_includes/boxes/b.html")]);
        assert_eq!(
            found,
            [followed.replace("docs/ä.md", "docs/a.md").replace("%C3%A4", "a").replace("box.html", "boxes/b.html")]
        );
    }
}

#[test]
fn links_in_includes_follow_from_the_pages_that_show_them() {
    let link = "é [z](a.md#z) [y](../a/#z)\n";
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\n"),
        ("includes/part.md", link),
        ("content/g/a.md", "# A\n\n## Z {#z}\n"),
        ("content/g/b.md", "# B\n\n{% include part.md %}\n"),
        ("content/g/c.md", "# C\n\n{% include part.md %}\n"),
    ]);
    let mut editor = Editor::new(site.path());
    assert_eq!(
        renamed(&mut editor, &site, "content/g/a.md", "# A\n\n## Z {#z¦}\n", "ende").unwrap(),
        ["content/g/a.md: # A⏎⏎## Z {#ende}", "includes/part.md: é [z](a.md#ende) [y](../a/#ende)"]
    );
    let found = moved(&mut editor, &site, &[("content/g/a.md", "content/h/a.md")]);
    assert_eq!(found[1], "includes/part.md: é [z](../h/a.md#z) [y](/h/a/#z)");
    // The pages that show it go elsewhere, all of them or some.
    let found = moved(&mut editor, &site, &[("content/g/b.md", "content/b.md"), ("content/g/c.md", "content/c.md")]);
    assert_eq!(found[2], "includes/part.md: é [z](g/a.md#z) [y](/g/a/#z)");
    let found = moved(&mut editor, &site, &[("content/g/b.md", "content/b.md")]);
    assert!(!found.iter().any(|file| file.contains("[z](") && !file.contains("[z](a.md#z)")), "{found:?}");
    let said =
        |said: &Value| said["params"]["message"].as_str().unwrap_or_default().contains("`a.md` in `includes/part.md`");
    assert!(editor.said.iter().any(said), "{:?}", editor.said);
}

#[test]
fn sources_of_several_releases_keep_their_addresses() {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: T\nsingle_source: {versions: versions, source: src, nav: ['nav_*']}\n"),
        ("data/versions.yml", "- {edition: gw, release: 1.0.x}\n- {edition: gw, release: 1.1.x, latest: true}\n"),
        (
            "data/nav_10.yml",
            "product: gw\nrelease: 1.0.x\ngenerate: true\nitems:\n  - title: Ä\n    url: /a/\n  - {title: B, url: /b/}\n",
        ),
        (
            "data/nav_11.yml",
            "product: gw\nrelease: 1.1.x\ngenerate: true\nitems:\n- title: More\n  items:\n  - url: /c/\n    src: b\n  - url: /a/ # the first\n",
        ),
        ("src/gw/a.md", "[b](b.md) [way](../b/)\n"),
        ("src/gw/b.md", "# B\n"),
        ("content/index.md", "[one](/gw/1.0.x/b/)\n"),
    ]);
    let mut editor = Editor::new(site.path());
    assert_eq!(
        moved(&mut editor, &site, &[("src/gw/b.md", "src/gw/more/b.md"), ("src/gw/a.md", "src/all/a.md")]),
        [
            "data/nav_10.yml: product: gw⏎release: 1.0.x⏎generate: true⏎items:⏎  - title: Ä⏎    url: /a/⏎    src: /all/a⏎  - {title: B, url: /b/, src: more/b}",
            "data/nav_11.yml: product: gw⏎release: 1.1.x⏎generate: true⏎items:⏎- title: More⏎  items:⏎  - url: /c/⏎    src: more/b⏎  - url: /a/ # the first⏎    src: /all/a",
            "src/gw/a.md: [b](../gw/more/b.md) [way](../b/)",
        ]
    );
}

#[test]
fn files_of_several_sites_move_in_one_request() {
    let folder = SiteFolder::new(&[
        ("one/carafe.yml", "title: T\n"),
        ("one/content/index.md", "[a](a.md)\n"),
        ("one/content/a.md", "# A\n"),
        ("two/_config.yml", "plugins: [jekyll-redirect-from]\n"),
        ("two/index.md", "---\n---\n[a]({% link a.md %})\n"),
        ("two/a.md", "---\n---\n# A\n"),
    ]);
    let mut editor = Editor::new(folder.path());
    // One of them is followed, the other is not.
    editor.open("two/index.md", "---\n---\n[a]({% link a.md %})\n");
    let files = [
        ("one/content/a.md", "one/content/b.md"),
        ("two/a.md", "two/c.md"),
        ("two/index.md", "one/content/i.md"),
        ("none.md", "other.md"),
    ];
    assert_eq!(
        moved(&mut editor, &folder, &files),
        [
            "one/content/a.md: ---⏎redirect_from: /a/⏎---⏎# A",
            "one/content/index.md: [a](b.md)",
            "two/a.md: ---⏎redirect_from: /a.html⏎---⏎# A",
            "two/index.md: ---⏎---⏎[a]({% link c.md %})",
        ]
    );
    let said =
        |said: &Value| said["params"]["message"] == "`index.md` leaves its site; what leads to it stays as it is";
    assert!(editor.said.iter().any(said), "{:?}", editor.said);
}
