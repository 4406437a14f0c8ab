//! The pages of the documentation that are made from the tables of the code.

use std::fmt::Write;
use std::path::Path;

use carafe_liquid::reference::{DATA, Entry, FILTERS, TAGS};

const FILTERS_HEAD: &str = "---
title: Filters
description: Every built-in filter, what it gives, and an example.
---
{% raw %}
A filter stands behind a `|` and makes another value of the one before it. Your own are [templates](../../writing/tags/).
";

const TAGS_HEAD: &str = "---
title: Tags
description: Every built-in tag of the template language, what it does, and an example.
---
{% raw %}
Tabs, accordions, callouts and code blocks are [templates](../../writing/tags/) that come with Carafe; those here are the language itself.
";

/// A page with a section for each entry.
fn page(head: &str, entries: &[Entry]) -> String {
    let mut page = String::from(head);
    write!(page, "The examples read these variables:\n\n```json\n{DATA}\n```\n").unwrap();
    for Entry { name, about, example, result } in entries {
        // The page itself is one `raw` block.
        let example = example.replace("{% endraw %}", "{% endraw %}{{ '{' }}% endraw %}{% raw %}");
        write!(page, "\n## {name}\n\n{about}\n\n```liquid\n{example}\n```\n").unwrap();
        match result.trim_end_matches('\n') {
            "" => page.push_str("\ngives nothing.\n"),
            result => write!(page, "\ngives\n\n```text\n{result}\n```\n").unwrap(),
        }
    }
    page + "{% endraw %}\n"
}

/// With `CARAFE_UPDATE` set, the pages are written anew.
#[test]
fn the_pages_of_filters_and_tags_are_made_from_the_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/reference");
    for (name, made) in [("filters.md", page(FILTERS_HEAD, FILTERS)), ("tags.md", page(TAGS_HEAD, TAGS))] {
        let path = folder.join(name);
        if std::env::var_os("CARAFE_UPDATE").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(written, made, "{name}: run the test with CARAFE_UPDATE=1 to write it anew");
    }
}
