//! The plugins that a Gemfile names: gems of the group `jekyll_plugins`. Ruby is not run, only read: a gem stands on a line of its
//! own, and a group is a block that ends with `end` or an option of its gem.

use carafe_source::{FileId, Span};

use super::options::NamedPlugin;

const GROUP: &str = "jekyll_plugins";

/// The plugins in the text of a Gemfile.
pub(super) fn plugins(file: FileId, text: &str) -> Vec<NamedPlugin> {
    let mut found = Vec::new();
    // Whether each of the blocks around a line is the group.
    let mut blocks: Vec<bool> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let code = line.split('#').next().unwrap_or_default().trim();
        if code == "end" {
            blocks.pop();
            continue;
        }
        if code.ends_with(" do")
            || code.contains(" do |")
            || ["if ", "unless ", "case "].iter().any(|word| code.starts_with(word))
        {
            blocks.push(code.starts_with("group") && code.contains(GROUP));
            continue;
        }
        let Some((name, offset)) = gem(code) else { continue };
        if blocks.contains(&true) || code.contains(GROUP) {
            let start = start + line.find(code).unwrap_or(0) + offset;
            found.push(NamedPlugin { name: name.to_owned(), span: Some(Span::new(file, start, start + name.len())) });
        }
    }
    found
}

/// The name of the gem in a line, and where it stands.
fn gem(code: &str) -> Option<(&str, usize)> {
    let rest = code.strip_prefix("gem").filter(|rest| rest.starts_with([' ', '(', '\t']))?;
    let quote = rest.find(['"', '\''])?;
    let inner = &rest[quote + 1..];
    let end = inner.find(&rest[quote..=quote])?;
    Some((&inner[..end], "gem".len() + quote + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gems_of_the_group_are_plugins_and_others_are_not() {
        let text = "source \"https://rubygems.org\"\ngem 'jekyll', '~> 4.3'\ngroup :jekyll_plugins do\n  gem \"jekyll-feed\" # x\n  \
                    # gem \"jekyll-x\"\n  if ENV['A']\n    gem 'jekyll-b'\n  end\nend\ngem(\"github-pages\", group: :jekyll_plugins)\n\
                    group :test do\n  gem 'rspec'\nend\ngem \"wdm\", :install_if => Gem.win_platform?\n";
        let found = plugins(FileId(0), text);
        let names: Vec<&str> = found.iter().map(|plugin| plugin.name.as_str()).collect();
        assert_eq!(names, ["jekyll-feed", "jekyll-b", "github-pages"]);
        for plugin in &found {
            let span = plugin.span.unwrap();
            assert_eq!(&text[span.start as usize..span.end as usize], plugin.name);
        }
    }
}
