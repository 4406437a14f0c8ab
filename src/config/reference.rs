//! The options as the documentation has them: what each is for and what holds without it. The page is the one place that says so;
//! a test holds it to what the reader asks for.

/// One option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Described {
    /// Its name, with the sections around it: `folders.content`.
    pub name: String,
    /// What holds without it, as Markdown; empty when the page does not say.
    pub default: String,
    /// What it is for, as Markdown.
    pub about: String,
}

/// The options of native sites.
pub(crate) fn options() -> Vec<Described> {
    let mut all = rows(include_str!("../../content/reference/configuration.md"));
    let sections = [
        ("variables", "what pages and includes read as `site.NAME`"),
        ("defaults", "front matter for many pages at once"),
        ("nav", "the navigation; without it, it follows the folders"),
        ("diagnostics", "the severity of findings by their codes: `error`, `warn`, `note` or `off`"),
    ];
    let described =
        |(name, about): (&str, &str)| Described { name: name.into(), default: String::new(), about: about.into() };
    all.extend(sections.map(described));
    all
}

/// The keys of front matter that mean something by themselves.
pub(crate) fn front_matter() -> Vec<Described> {
    let page = include_str!("../../content/writing/pages.md");
    let section = page.split_once("\n## Front matter\n").map_or("", |(_, rest)| rest);
    rows(section.split("\n## ").next().unwrap_or_default())
}

/// The rows of tables whose first column names options.
fn rows(page: &str) -> Vec<Described> {
    let mut all = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let (names, default, about) = match cells.as_slice() {
            [names, about] => (names, "", *about),
            [names, default, about @ ..] => (names, *default, about.first().copied().unwrap_or_default()),
            _ => continue,
        };
        for name in names.split(", ") {
            let name = name.trim_matches('`').to_owned();
            all.push(Described { name, default: default.to_owned(), about: without_links(about) });
        }
    }
    all
}

/// A text whose links are their words: addresses of the page lead nowhere elsewhere.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(close) = rest.find("](") {
        let (Some(open), Some(end)) = (rest[..close].rfind('['), rest[close..].find(')')) else { break };
        out.push_str(&rest[..open]);
        out.push_str(&rest[open + 1..close]);
        rest = &rest[close + end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_read() {
        let all = options();
        let find = |name: &str| all.iter().find(|one| one.name == name).unwrap();
        assert_eq!(find("folders.content").default, "`content`");
        assert!(find("theme.scripts").about.contains("scripts"));
        assert!(!find("language").about.contains("]("), "{}", find("language").about);
        assert!(all.len() > 80 && front_matter().iter().any(|key| key.name == "weight"));
    }
}
