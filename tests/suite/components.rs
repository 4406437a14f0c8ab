//! The tags beside tabs, accordions and callouts that come with the theme: cards, steps, figures, trees of files, badges, keys, icons, what stands
//! beside the title of a landing page.

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

#[test]
fn icons_are_in_the_page_and_only_those_that_it_shows() {
    let page = html(
        "## {% icon star %} Best\n\nGo {% icon arrow-right label=\"A <b>\" %} on.\n\n| a |\n|---|\n| {% icon check %} |\n",
    );
    for expected in [
        "<span class=\"icon icon-star\" aria-hidden=\"true\"><svg viewBox=\"0 0 24 24\" ",
        "<p>Go <span class=\"icon icon-arrow-right\" role=\"img\" aria-label=\"A &lt;b&gt;\"><svg ",
        "</svg></span> on.</p>",
        "<td><span class=\"icon icon-check\"",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    // In the text and in the table of contents.
    assert_eq!(page.matches("class=\"icon ").count(), 4, "{page}");
    assert_eq!(markdown("{% icon star %}Go {% icon check label=\"yes\" %}.\n"), "Go yes.\n");
    let cards =
        "{% cards %}\n{% card A icon=\"rocket\" %}\nx\n{% endcard %}\n{% card B %}\ny\n{% endcard %}\n{% endcards %}\n";
    let page = html(cards);
    assert_eq!(page.matches("<span class=\"icon card-icon\" aria-hidden=\"true\"><svg ").count(), 1, "{page}");
    assert_eq!(markdown(cards), "- **A**\n\n  x\n\n- **B**\n\n  y\n");
}

#[test]
fn a_site_has_icons_of_its_own_and_hears_of_names_that_there_are_not() {
    let site = site("{% icon mine %} {% icon star %}\n");
    site.write("includes/icons/mine.svg", "<?xml version=\"1.0\"?>\n<svg width=\"9\"><path d=\"M0 0\"/></svg>\n");
    site.write("includes/icons/star.svg", "<svg class=\"own\"></svg>");
    let ran = site.build(&["--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = site.output("index.html");
    assert!(page.contains("aria-hidden=\"true\"><svg width=\"9\"><path d=\"M0 0\"/></svg></span>"), "{page}");
    assert!(page.contains("><svg class=\"own\"></svg></span>"), "{page}");
    let ran = run(&["check", "--strict", "-s", site.path().to_str().unwrap()]);
    assert!(!ran.stderr.contains("unused-include"), "{}", ran.stderr);
    // An icon is called by its tag; any other include of that folder is one like all.
    site.write(
        "includes/icons/legend.md",
        "{% doc %}\n  @example\n  {% include icons/legend.md %}\n{% enddoc %}Legend\n",
    );
    let ran = |command: &str| run(&[command, "-s", site.path().to_str().unwrap()]);
    let listed = ran("includes").stdout;
    assert!(listed.contains("icons/legend.md") && !listed.contains(".svg"), "{listed}");
    let tested = ran("test");
    assert!(
        format!("{}{}", tested.stdout, tested.stderr).contains("1 test passed"),
        "{} {}",
        tested.stdout,
        tested.stderr
    );
    for (call, told) in [
        ("{% icon rockt %}", ["there is no include `icons/rockt.svg`", "did you mean `icons/rocket.svg`?"]),
        ("{% icon star lable=\"x\" %}", ["`lable=` is no option here", "did you mean `label`?"]),
        ("{% icon %}", ["`name` is undefined", "content/index.md:4"]),
        (
            "{% cards %}{% card A icon=\"rockt\" %}{% endcard %}{% endcards %}",
            ["no include `icons/rockt.svg`", "did you mean `icons/rocket.svg`?"],
        ),
    ] {
        let ran = self::site(&format!("{call}\n")).build(&["--strict"]);
        assert!(ran.code == 1 && told.iter().all(|told| ran.stderr.contains(told)), "{call}: {}", ran.stderr);
    }
}

#[test]
fn what_stands_beside_the_title_of_a_landing_page() {
    let page = html("{% hero %}\n```sh\nls\n```\n{% endhero %}\n\nBelow.\n");
    assert!(page.contains("<div class=\"hero-side\">\n") && page.contains("<p>Below.</p>"), "{page}");
    let page = html("{% hero image=\"a.svg\" dark=\"a.svg\" alt=\"A <b>\" %}{% endhero %}\n");
    let image = |class: &str| format!("<img class=\"{class}\" src=\"/a.svg\" alt=\"A &lt;b&gt;\">");
    assert!(page.contains(&format!("{}{}", image("figure-light"), image("figure-dark"))), "{page}");
    let text = "{% hero image=\"a.svg\" alt=\"A\" %}\nSome *text*.\n{% endhero %}\n";
    assert_eq!(markdown(text), "![A](a.svg)\n\nSome *text*.\n");
    for (call, told) in [
        ("{% hero imag=\"a.svg\" %}{% endhero %}", "did you mean `image`?"),
        ("{% hero image=\"b.svg\" %}{% endhero %}", "no file `b.svg`\n --> content/index.md:4:1"),
    ] {
        let ran = site(&format!("{call}\n")).build(&["--strict"]);
        assert!(ran.code == 1 && ran.stderr.contains(told), "{call}: {}", ran.stderr);
    }
}
