//! The tags beside tabs, accordions and callouts that come with the theme: cards, steps, figures, trees of files, badges, keys.

use crate::support::{SiteFolder, run};

fn site(text: &str) -> SiteFolder {
    SiteFolder::new(&[
        ("carafe.yml", "title: T\npictures: {lazy: false}\n"),
        ("content/index.md", &format!("---\ntitle: Page\n---\n{text}")),
        ("content/other.md", "---\ntitle: Other\n---\n"),
        ("content/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ])
}

fn html(text: &str) -> String {
    let site = site(text);
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    site.output("index.html")
}

fn markdown(text: &str) -> String {
    let site = site(text);
    let ran = run(&[
        "expand",
        "-s",
        site.path().to_str().unwrap(),
        site.path().join("content/index.md").to_str().unwrap(),
        "--front-matter",
        "drop",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

const CARDS: &str = "{% cards %}\n{% card Go on href=\"other.md\" %}\nSee *this*.\n{% endcard %}\n{% card \"A & `b`\" %}\nNo link.\n{% endcard %}\n{% endcards %}\n";
const STEPS: &str = "{% steps %}\n{% step Install %}\n```sh\nls\n```\n{% endstep %}\n{% step Use it %}\n- a\n{% endstep %}\n{% endsteps %}\n";

#[test]
fn cards_lead_by_file_and_steps_count() {
    let page = html(&format!("{CARDS}\n{STEPS}"));
    for expected in [
        "<p class=\"card-title\"><a href=\"/other/\">Go on</a></p>\n\n<p>See <em>this</em>.</p>",
        "<p class=\"card-title\">A &amp; <code",
        "<ol class=\"steps\">\n<li id=\"steps-install\">\n<p class=\"step-title\">Install</p>",
        "<li id=\"steps-use-it\">",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    let text = markdown(&format!("{CARDS}\n{STEPS}"));
    let expected = "- **[Go on](other.md)**\n\n  See *this*.\n\n- **A & `b`**\n\n  No link.\n\n1. **Install**\n\n   ```sh\n   ls\n   ```\n\n2. **Use it**\n\n   - a\n";
    assert_eq!(text, expected);
}

#[test]
fn a_figure_has_a_caption_and_a_picture_for_the_dark() {
    let page = html(
        "{% figure src=\"a.svg\" alt=\"A <b>\" caption=\"The *first* one\" dark=\"a.svg\" width=\"40\" zoom=true %}\n\n- {% figure src=\"a.svg\" alt=\"x\" %}\n",
    );
    let image = |class: &str| format!("<img{class} src=\"/a.svg\" alt=\"A &lt;b&gt;\" width=\"40\">");
    let both =
        format!("<a href=\"/a.svg\">{}{}</a>", image(" class=\"figure-light\""), image(" class=\"figure-dark\""));
    assert!(page.contains(&both), "{page}");
    assert!(page.contains("<figcaption>The <em>first</em> one</figcaption>"), "{page}");
    assert!(page.contains("<img src=\"/a.svg\" alt=\"x\">\n</figure>"), "{page}");
    assert_eq!(
        markdown("{% figure src=\"a.svg\" alt=\"A\" caption=\"The *first*\" %}\n"),
        "![A](a.svg)\n\nThe *first*\n"
    );
    let broken = site(
        "{% figure src=\"b.svg\" alt=\"x\" %}\n{% cards %}{% card x href=\"no.md\" %}{% endcard %}{% endcards %}\n",
    );
    let built = broken.build(&["--strict"]).stderr;
    assert!(
        built.contains("no file `b.svg`\n --> content/index.md:4:1") && built.contains("no source `no.md`"),
        "{built}"
    );
    let ran = run(&["check", "-s", broken.path().to_str().unwrap()]);
    assert!(ran.stderr.contains("missing-image") && ran.stderr.contains("content/index.md:4:"), "{}", ran.stderr);
}

#[test]
fn badges_and_keys_stand_within_a_line_and_trees_are_lists() {
    let text = "Press {% kbd Ctrl + <K> %}: {% badge New %} {% badge Since 3.4 tone=\"tip\" %}.\n\n{% filetree %}\n- a\n  - b.md\n{% endfiletree %}\n";
    let page = html(text);
    let line = "<p>Press <kbd>Ctrl</kbd>+<kbd>&lt;K&gt;</kbd>: <span class=\"badge\">New</span> <span class=\"badge badge-tip\">Since 3.4</span>.</p>";
    assert!(page.contains(line), "{page}");
    assert!(page.contains("<div class=\"filetree\">\n\n<ul>\n  <li>a"), "{page}");
    assert_eq!(markdown(text), "Press <kbd>Ctrl</kbd>+<kbd>&lt;K&gt;</kbd>: **New** **Since 3.4**.\n\n- a\n  - b.md\n");
    let keys = html("{% kbd Ctrl++ %}, {% kbd + %}, {% kbd Ctrl + + %}\n");
    assert!(keys.contains("<p><kbd>Ctrl</kbd>+<kbd>+</kbd>, <kbd>+</kbd>, <kbd>Ctrl</kbd>+<kbd>+</kbd></p>"), "{keys}");
    for (call, lacks) in [("{% kbd %}", "keys"), ("{% badge %}", "title_html"), ("{% figure alt=\"x\" %}", "src")] {
        let ran = site(&format!("{call}\n")).build(&["--strict"]);
        let told = format!("`{lacks}` is undefined\n --> content/index.md:4:1");
        assert!(ran.code == 1 && ran.stderr.contains(&told), "{}", ran.stderr);
    }
    let site = site("{% badge New tine=\"tip\" %}{% card x %}{% endcard %}\n");
    let ran = site.build(&[]);
    assert!(
        ran.stderr.contains("`tine=` is no option here") && ran.stderr.contains("stray-child-tag"),
        "{}",
        ran.stderr
    );
}
