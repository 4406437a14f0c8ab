//! A made-up product whose documentation comes from single sources, the same in every run: each source becomes a page in every release.
//!
//! All pages call an include, a tenth of the sources prints the patch version of its release, another tenth the name of the site. The page template is the site's own, so that a page
//! shows nothing of the configuration that its text does not ask for.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// How large the product is: it has as many pages as sources times releases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// How many sources.
    pub sources: usize,
    /// How many releases; the newest is the last.
    pub releases: usize,
}

/// The file of the versions.
pub(crate) const VERSIONS: &str = "data/versions.yml";

/// Writes the product into a folder.
///
/// # Errors
/// Those of the disk.
pub(crate) fn write(out: &Path, options: Options) -> io::Result<()> {
    let put = |path: &str, text: &str| {
        let path = out.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(out))?;
        std::fs::write(path, text)
    };
    put("carafe.yml", CONFIG)?;
    put("templates/plain.html", TEMPLATE)?;
    put("includes/setup.md", SETUP)?;
    let (mut versions, mut items) = (String::new(), String::new());
    for release in 0..options.releases {
        let latest = if release + 1 == options.releases { ", latest: true" } else { "" };
        _ = writeln!(versions, "- {{edition: relay, release: 1.{release}.x, version: 1.{release}.3{latest}}}");
    }
    put(VERSIONS, &versions)?;
    for source in 0..options.sources {
        _ = writeln!(items, "  - {{title: Task {source}, url: /task-{source}/}}");
        put(&format!("versioned/relay/task-{source}.md"), &text(source, options.releases))?;
    }
    for release in 0..options.releases {
        let navigation = format!("product: relay\nrelease: 1.{release}.x\ngenerate: true\nitems:\n{items}");
        put(&format!("data/nav_relay_{release}.yml"), &navigation)?;
    }
    Ok(())
}

const CONFIG: &str = "\
title: Relay documentation
single_source:
  versions: versions
  source: versioned
  nav: [nav_relay_*]
  layout: plain
";

const TEMPLATE: &str = "<!doctype html>\n<title>{{ page.title }}</title>\n<main>{{ page.content | safe }}</main>\n";

const SETUP: &str = "\
{% if_version gte:1.2.x %}Run `relayctl setup {{ include.task }}`.{% else %}Run `relay-setup {{ include.task }}`.{% endif_version %}
";

fn text(source: usize, releases: usize) -> String {
    let mut text = format!("---\ntitle: Task {source}\n---\n{{% include setup.md task=\"{source}\" %}}\n\n");
    match source % 10 {
        0 => text.push_str("This is for version {{ page.version }}.\n"),
        1 => text.push_str("You read the {{ site.title }}.\n"),
        _ => {
            let next = (source * 7) % releases.max(1);
            _ = writeln!(text, "{{% if_version gte:1.{next}.x %}}Since 1.{next}, this is quick.{{% endif_version %}}");
        }
    }
    for step in 0..5 {
        _ = write!(
            text,
            "\n## Step {step}\n\nTurn the wheel {} times.\n\n```yaml\nturns: {step}\n```\n",
            source + step
        );
    }
    text
}
