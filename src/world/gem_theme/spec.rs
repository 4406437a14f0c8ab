//! What a gem says of itself. Its description is Ruby, which is read and not run: each word of it stands on a line of its own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use carafe_liquid::{Map, Value};

/// What the description of a gem says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spec {
    version: String,
    authors: Vec<String>,
    description: String,
    metadata: Vec<(String, String)>,
    /// The gems that it needs, each with the versions that will do.
    needs: Vec<(String, Vec<String>)>,
}

/// The description of the gem in `folder`: beside its files, else where Ruby keeps those of installed gems.
pub(super) fn read(folder: &Path, name: &str) -> Spec {
    let name = name.split('@').next().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
    let installed = || {
        let full = folder.file_name()?.to_str()?;
        fs::read_to_string(folder.parent()?.parent()?.join(format!("specifications/{full}.gemspec"))).ok()
    };
    let beside = |file: &Path| fs::read_to_string(file).ok();
    let any = || {
        let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
        let mut found: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "gemspec")).collect();
        found.sort();
        beside(found.first()?)
    };
    let text = installed().or_else(|| beside(&folder.join(format!("{name}.gemspec")))).or_else(any);
    let mut spec = text.map(|text| parse(&text)).unwrap_or_default();
    if spec.version.is_empty() {
        let full = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let version = full.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        spec.version = version.unwrap_or_default().to_owned();
    }
    spec
}

fn parse(text: &str) -> Spec {
    let mut spec = Spec::default();
    let mut summary = String::new();
    let mut others = Vec::new();
    for line in text.lines() {
        let code = line.trim();
        let Some((_, code)) = code.split_once('.').filter(|_| !code.starts_with('#')) else { continue };
        let word = code.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let rest = &code[word.len()..];
        let values = || texts(rest.split(" if ").next().unwrap_or_default());
        let first = || values().into_iter().next().unwrap_or_default();
        let need = || {
            let mut all = values().into_iter();
            all.next().map(|name| (name, all.collect()))
        };
        match word {
            "version" => spec.version = first(),
            "author" | "authors" => spec.authors = values(),
            "summary" => summary = first(),
            "description" => spec.description = first(),
            "metadata" => {
                let all = values();
                spec.metadata.extend(all.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())));
            }
            "add_runtime_dependency" => spec.needs.extend(need()),
            "add_dependency" => others.extend(need()),
            _ => {}
        }
    }
    if spec.needs.is_empty() {
        spec.needs = others;
    }
    if spec.description.is_empty() {
        spec.description = summary;
    }
    spec
}

/// The texts in a piece of Ruby: `"…"`, `'…'` and `%q<…>`.
fn texts(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '%']) {
        let tail = &rest[at..];
        let (open, close) = match tail.as_bytes() {
            [b'%', b'q', b'<', ..] => (3, '>'),
            [b'%', ..] => {
                rest = &tail[1..];
                continue;
            }
            [b'\'', ..] => (1, '\''),
            _ => (1, '"'),
        };
        let Some(end) = tail[open..].find(close) else { break };
        found.push(tail[open..open + end].to_owned());
        rest = &tail[open + end + 1..];
    }
    found
}

impl Spec {
    /// The plugins that it needs.
    pub(super) fn plugins(&self) -> impl Iterator<Item = &str> {
        let names = self.needs.iter().map(|(name, _)| name.as_str());
        names.filter(|name| name.starts_with("jekyll-") || ["jemoji", "github-pages"].contains(name))
    }

    /// What pages read as `theme`.
    pub(super) fn value(&self, folder: &Path) -> Value {
        let metadata: Map =
            self.metadata.iter().map(|(key, value)| (Arc::from(key.as_str()), value.as_str().into())).collect();
        let need = |(name, versions): &(String, Vec<String>)| {
            let versions = if versions.is_empty() { ">= 0".to_owned() } else { versions.join(", ") };
            Value::from(format!("{name} ({versions})"))
        };
        Value::map([
            ("version", Value::from(self.version.as_str())),
            ("metadata", Value::Map(Arc::new(metadata))),
            ("root", folder.to_string_lossy().as_ref().into()),
            ("dependencies", Value::array(self.needs.iter().map(need).collect())),
            ("authors", self.authors.join(", ").into()),
            ("description", self.description.as_str().into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_read_as_people_and_as_rubygems_write_them() {
        let own = "Gem::Specification.new do |spec|\n  spec.name = 'x'\n  spec.version = \"1.2\"\n  spec.authors = [\"A\", 'B']\n  \
                   # spec.summary = \"no\"\n  spec.summary = \"Short\"\n  spec.metadata[\"plugin_type\"] = \"theme\"\n  \
                   spec.add_dependency \"jekyll\", \"> 3.5\", \"< 5.0\"\n  spec.add_dependency \"jekyll-feed\"\n  \
                   spec.add_development_dependency \"bundler\"\nend\n";
        let spec = parse(own);
        assert_eq!((&*spec.version, &*spec.description, spec.authors.len()), ("1.2", "Short", 2));
        assert_eq!(spec.metadata, [("plugin_type".to_owned(), "theme".to_owned())]);
        assert_eq!(spec.plugins().collect::<Vec<_>>(), ["jekyll-feed"]);
        let written = "  s.metadata = { \"a\" => \"b\" } if s.respond_to? :metadata=\n  s.description = \"Long\".freeze\n  \
                       s.add_runtime_dependency(%q<jekyll-seo-tag>.freeze, [\"~> 2.1\"])\n  s.add_dependency(%q<bundler>.freeze, [\">= 0\"])\n";
        let spec = parse(written);
        assert_eq!(spec.needs, [("jekyll-seo-tag".to_owned(), vec!["~> 2.1".to_owned()])]);
        assert_eq!((&*spec.description, spec.metadata.len()), ("Long", 1));
        assert_eq!(parse("x."), Spec::default());
    }
}
