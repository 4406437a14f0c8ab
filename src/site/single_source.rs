//! One source, one page for each release: pages made from a versions file and the navigation of each release.
//!
//! A versions file lists records with `edition` (the product), `release` and more; `latest: true` marks the newest of a
//! product, else it is the last one not labelled `unreleased`. Each navigation file names its `product` and `release`
//! and lists the pages in `items` (nested) and `unlisted`. In a site of several languages each of these pages is there in every one of them: from the
//! translation of its source, where there is one, at the address of the source's page within the part of the site that is in the language.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_liquid::value::{Map, Value};
use carafe_liquid::{Version, convert};

use crate::content::{DataFiles, Page, matches_glob};
use crate::diagnostic::Diagnostic;

use super::address::{clean, file_of};
use super::entry::Entry;
use super::languages;
use super::options::{Options, SingleSource};
use super::release::Release;
use super::variant::Variant;

/// What [`pages`] made.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub entries: Vec<Entry>,
    pub data: Map,
    pub diagnostics: Vec<Diagnostic>,
}

struct Product {
    releases: Vec<Arc<Release>>,
    records: Vec<Arc<Map>>,
    latest: usize,
}

/// Makes the pages. Diagnostics: `versions` (no such file, a navigation of an unknown release), `missing-source`.
pub(super) fn pages(
    sources: Vec<Arc<Page>>,
    data: &DataFiles,
    single_source: &SingleSource,
    options: &Options,
) -> Made {
    let mut made = Made::default();
    let Some((_, Value::Array(records))) = data.get(&single_source.versions) else {
        let message = format!("there is no list of releases in the data `{}`", single_source.versions);
        made.diagnostics.push(Diagnostic::error("versions", message));
        return made;
    };
    let products = products(&records);
    made.data = latest_records(&single_source.versions, &products);
    let (sources, translations) = by_language(sources, options, &mut made.diagnostics);
    let mut maker = Maker {
        data,
        sources,
        translations,
        products,
        single_source,
        options,
        taken: FxHashSet::default(),
        made,
        selected: false,
        known: Vec::new(),
    };
    let mut navigations: Vec<&str> = data
        .stems()
        .filter(|(_, stem)| single_source.nav.iter().any(|glob| matches_glob(glob, stem)))
        .map(|(key, _)| key)
        .collect();
    navigations.sort_unstable();
    for key in navigations {
        if let Some((path, navigation)) = data.get(key) {
            maker.navigation(&path, &navigation);
        }
    }
    if !maker.selected && !single_source.only.is_empty() {
        let message = format!("there is no release `{}` to build", single_source.only.join("`, `"));
        let help = format!("there is {}", maker.known.join(", "));
        maker.made.diagnostics.push(Diagnostic::error("unknown-release", message).help(help));
    }
    maker.made
}

/// Sources by their paths in the language of the sources.
type Sources = FxHashMap<Arc<str>, Arc<Page>>;

/// The translations of each source, in the order of languages.
type Translations = FxHashMap<Arc<str>, Vec<Arc<Page>>>;

/// Sources, and the translations of each. Diagnostics: `duplicate-translation`, `translation-without-source`, each once for a file.
fn by_language(all: Vec<Arc<Page>>, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> (Sources, Translations) {
    let mut sources = Sources::default();
    let mut translations = Translations::default();
    let mut known: FxHashMap<(usize, Arc<str>), Arc<Page>> = FxHashMap::default();
    for page in all {
        if let Some(first) = known.get(&(page.language, page.relative.clone())) {
            diagnostics.push(languages::duplicate(first, &page, options));
            continue;
        }
        known.insert((page.language, page.relative.clone()), page.clone());
        match page.language {
            0 => drop(sources.insert(page.relative.clone(), page)),
            _ => translations.entry(page.relative.clone()).or_default().push(page),
        }
    }
    let mut lost: Vec<&Arc<Page>> =
        translations.values().flatten().filter(|page| !sources.contains_key(&page.relative)).collect();
    lost.sort_by(|a, b| a.path.cmp(&b.path));
    diagnostics.extend(lost.into_iter().map(|page| languages::without_source(page)));
    translations.values_mut().for_each(|pages| pages.sort_by_key(|page| page.language));
    (sources, translations)
}

/// The products in the order of their first record.
fn products(records: &[Value]) -> indexmap::IndexMap<Arc<str>, Product> {
    let mut grouped: indexmap::IndexMap<Arc<str>, Vec<Arc<Map>>> = indexmap::IndexMap::new();
    for record in records {
        let Value::Map(record) = record else { continue };
        if let (Some(Value::Str(edition)), true) = (record.get("edition"), record.contains_key("release")) {
            grouped.entry(edition.clone()).or_default().push(record.clone());
        }
    }
    grouped.into_iter().map(|(name, records)| (name.clone(), product(&name, records))).collect()
}

fn product(name: &Arc<str>, records: Vec<Arc<Map>>) -> Product {
    let is = |record: &Map, key: &str| record.get(key).is_some_and(Value::truthy);
    let text = |record: &Map, key: &str| record.get(key).map(plain_text);
    let value = |record: &Map| -> Arc<str> { text(record, "release").unwrap_or_default().into() };
    let unreleased = |record: &Map| text(record, "label").as_deref() == Some("unreleased");
    let latest = records
        .iter()
        .position(|record| is(record, "latest"))
        .or_else(|| newest(records.iter().map(|record| (!unreleased(record)).then(|| value(record)))))
        .unwrap_or(records.len().saturating_sub(1));
    let all = Arc::new(records.iter().map(|record| Value::Str(value(record))).collect());
    let newest: Arc<str> = records.get(latest).map(|record| value(record)).unwrap_or_default();
    let release = |(at, record): (usize, &Arc<Map>)| {
        Arc::new(Release {
            product: name.clone(),
            value: value(record),
            label: text(record, "label").map(Arc::from),
            latest: at == latest,
            newest: newest.clone(),
            lts: is(record, "lts"),
            all: Arc::clone(&all),
        })
    };
    let releases = records.iter().enumerate().map(release).collect();
    Product { releases, records, latest }
}

/// The position of the newest of these releases; pre-releases and names such as `next` count only where nothing else is
/// there. Of equal ones the last. `None` stands for one that does not count.
fn newest(releases: impl Iterator<Item = Option<Arc<str>>>) -> Option<usize> {
    let releases: Vec<Option<Arc<str>>> = releases.collect();
    let counting = releases.iter().enumerate().filter_map(|(at, release)| {
        let version = Version::parse(release.as_ref()?)?;
        Some((at, version))
    });
    counting.max_by(|(_, a), (_, b)| a.is_release().cmp(&b.is_release()).then_with(|| a.cmp(b))).map(|(at, _)| at)
}

fn plain_text(value: &Value) -> String {
    match value {
        Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => convert::text(value).into_owned(),
        _ => value.written().map(|text| text.to_string()).unwrap_or_default(),
    }
}

/// `PREFIX_latest_PRODUCT` for a versions file `PREFIX_versions`: the newest record of each product, also under the
/// product's initials, in both cases, with and without the prefix's own initial (`kong_latest_KIC`, `kong_latest_kgo`).
fn latest_records(versions: &str, products: &indexmap::IndexMap<Arc<str>, Product>) -> Map {
    let prefix = versions.rsplit('.').next().unwrap_or(versions).trim_end_matches("versions").trim_end_matches('_');
    let named =
        |name: &str| if prefix.is_empty() { format!("latest_{name}") } else { format!("{prefix}_latest_{name}") };
    let mut data = Map::default();
    for (name, product) in products {
        let Some(record) = product.records.get(product.latest) else { continue };
        let initials: String = name.split(['-', '_']).filter_map(|word| word.chars().next()).collect();
        let prefixed: String = prefix.chars().take(1).chain(initials.chars()).collect();
        let names =
            [name.to_string(), initials.clone(), initials.to_uppercase(), prefixed.clone(), prefixed.to_uppercase()];
        for name in names {
            data.entry(named(&name).into()).or_insert_with(|| Value::Map(record.clone()));
        }
    }
    data
}

/// What every page of a release knows of it beside its front matter, whatever its language.
pub(crate) const RELEASE_FIELDS: [&str; 8] = [
    "release",
    "edition",
    "version",
    "versions",
    "kong_latest",
    "latest_release",
    "short_version",
    "major_minor_version",
];

struct Maker<'a> {
    data: &'a DataFiles,
    sources: Sources,
    translations: Translations,
    products: indexmap::IndexMap<Arc<str>, Product>,
    single_source: &'a SingleSource,
    options: &'a Options,
    taken: FxHashSet<String>,
    made: Made,
    /// Whether any release was wanted.
    selected: bool,
    /// The releases that pages are made for.
    known: Vec<String>,
}

/// A navigation file's own settings.
struct Navigation<'n> {
    path: &'n str,
    product: String,
    release: Arc<Release>,
    record: Arc<Map>,
    latest: Arc<Map>,
    generate: bool,
    assume_generated: bool,
}

impl Maker<'_> {
    fn navigation(&mut self, path: &str, value: &Value) {
        let field = |key: &str| value.field(key).map(|value| plain_text(&value)).unwrap_or_default();
        let flag = |key: &str, default: bool| value.field(key).map_or(default, |value| value.truthy());
        let (name, release_name) = (field("product"), field("release"));
        let found = self.products.get(name.as_str()).and_then(|product| {
            let releases = &product.releases;
            let version = Version::parse(&release_name);
            let same = |release: &Arc<Release>| version.is_some() && Version::parse(&release.value) == version;
            let exact = releases.iter().position(|release| *release.value == *release_name);
            let at = exact.or_else(|| releases.iter().position(same))?;
            Some((product.releases[at].clone(), product.records[at].clone(), product.records[product.latest].clone()))
        });
        let Some((release, record, latest)) = found else {
            if flag("generate", false) {
                let message = format!("`{path}` is for `{name}` `{release_name}`, which the versions do not list");
                self.made.diagnostics.push(Diagnostic::error("versions", message));
            }
            return;
        };
        let navigation = Navigation {
            path,
            product: name,
            release,
            record,
            latest,
            generate: flag("generate", false),
            assume_generated: flag("assume_generated", true),
        };
        if !navigation.generate {
            return;
        }
        self.known.push(format!("{}/{}", navigation.product, navigation.release.value));
        if !self.wanted(&navigation) {
            return;
        }
        self.selected = true;
        for list in ["items", "unlisted"] {
            if let Some(Value::Array(items)) = value.field(list) {
                self.items(&navigation, &items, &mut Vec::new());
            }
        }
    }

    fn wanted(&self, navigation: &Navigation<'_>) -> bool {
        let only = &self.single_source.only;
        let full = format!("{}/{}", navigation.product, navigation.release.value);
        let latest = |wanted: &str| {
            navigation.release.latest && wanted.strip_suffix("/latest") == Some(navigation.product.as_str())
        };
        only.is_empty() || only.iter().any(|wanted| *wanted == full || *wanted == navigation.product || latest(wanted))
    }

    fn items(&mut self, navigation: &Navigation<'_>, items: &[Value], groups: &mut Vec<String>) {
        // Deeper than any menu: a file that refers to itself by YAML anchors must end.
        if groups.len() > 64 {
            return;
        }
        for item in items {
            self.item(navigation, item, groups);
            if let Some(Value::Array(children)) = item.field("items") {
                groups.push(title(item).map(|title| plain_text(&title)).unwrap_or_default());
                self.items(navigation, &children, groups);
                groups.pop();
            }
        }
    }

    fn item(&mut self, navigation: &Navigation<'_>, item: &Value, groups: &[String]) {
        let Some(Value::Str(url)) = item.field("url") else { return };
        let product_index = format!("/{}/", navigation.product);
        let release_index = format!("/{}/{}/", navigation.product, navigation.release.value);
        let is_index = *url == *product_index || *url == *release_index;
        let generate = item.field("generate");
        if generate.as_ref().is_some_and(|value| !value.truthy()) {
            return;
        }
        if !(navigation.assume_generated || generate.is_some_and(|value| value.truthy()) || *url == *product_index) {
            return;
        }
        let absolute = item.field("absolute_url").is_some_and(|value| value.truthy()) || url.contains("://");
        if absolute && !is_index {
            return;
        }
        let own = if is_index { "" } else { url.split('#').next().unwrap_or("") };
        let address = clean(&format!("/{}/{}/{own}/", navigation.product, navigation.release.value));
        if self.taken.contains(&address) {
            return;
        }
        let src = item.field("src").map(|value| plain_text(&value)).unwrap_or_else(|| own.to_owned());
        let Some(page) = self.source(navigation, &src) else {
            let message = format!("`{}` lists `{url}`, but there is no source for it", navigation.path);
            let wanted =
                format!("write `{}`, or set `generate: false` on the entry", self.candidates(navigation, &src)[0]);
            let mut diagnostic = Diagnostic::warning("missing-source", message).help(wanted);
            diagnostic.span = self.data.find(navigation.path, "url", &url);
            self.made.diagnostics.push(diagnostic);
            return;
        };
        self.taken.insert(address.clone());
        let entry = Entry { groups: groups.into(), ..self.entry(navigation, page, address, title(item)) };
        let translations = self.translations.get(&entry.page.relative).into_iter().flatten();
        let translated = translations.filter_map(|page| self.translated(&entry, page)).collect::<Vec<_>>();
        self.made.entries.push(entry);
        self.made.entries.extend(translated);
    }

    /// The page in the language of a translation; `None` where that is not to be published yet, so that the source's stands for it.
    fn translated(&self, source: &Entry, page: &Arc<Page>) -> Option<Entry> {
        let options = self.options;
        let mut values = options.defaults.merge(page, source.url.trim_matches('/'));
        let release = source.variant.release.as_ref()?;
        apply_overrides(&mut values, &release.value);
        let is_draft = !options.drafts && values.get("draft").is_some_and(Value::truthy);
        let is_withheld = !options.unpublished && matches!(values.get("published"), Some(Value::Bool(false)));
        (!is_draft && !is_withheld)
            .then(|| languages::of_release(source, page.clone(), values, &RELEASE_FIELDS, options))
    }

    fn candidates(&self, navigation: &Navigation<'_>, src: &str) -> [String; 2] {
        let folder = self.single_source.source.trim_matches('/');
        let base = match src.strip_prefix('/').filter(|_| src != "/") {
            // An explicit `src` that starts with `/` counts from the folder of sources; an address does not.
            Some(rest) if self.sources.contains_key(format!("{folder}/{}.md", rest.trim_matches('/')).as_str()) => {
                format!("{folder}/{}", rest.trim_matches('/'))
            }
            Some(rest)
                if self.sources.contains_key(format!("{folder}/{}/index.md", rest.trim_matches('/')).as_str()) =>
            {
                format!("{folder}/{}", rest.trim_matches('/'))
            }
            _ => format!("{folder}/{}/{}", navigation.product, src.trim_matches('/')),
        };
        let base = base.trim_end_matches('/');
        [format!("{base}.md"), format!("{base}/index.md")]
    }

    fn source(&self, navigation: &Navigation<'_>, src: &str) -> Option<Arc<Page>> {
        let candidates = self.candidates(navigation, src);
        candidates.iter().find_map(|path| self.sources.get(path.as_str()).cloned())
    }

    fn entry(&self, navigation: &Navigation<'_>, page: Arc<Page>, url: String, title: Option<Value>) -> Entry {
        let mut values = self.options.defaults.merge(&page, url.trim_matches('/'));
        apply_overrides(&mut values, &navigation.release.value);
        let url: Arc<str> = url.into();
        if let Some(layout) = &self.single_source.layout
            && !page.front.contains_key("layout")
        {
            values.insert("layout".into(), layout.as_str().into());
        }
        let release = &navigation.release.value;
        let short = release.strip_suffix(".x").unwrap_or(release);
        let version = ["version", "ee-version"].iter().find_map(|key| navigation.record.get(*key).cloned());
        let versions: Map = navigation
            .record
            .iter()
            .filter(|(key, _)| !matches!(&***key, "release" | "edition"))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let known = [
            ("release", Value::Object(navigation.release.clone())),
            ("edition", navigation.product.as_str().into()),
            ("version", version.unwrap_or_else(|| Value::Str(release.clone()))),
            ("versions", Value::Map(Arc::new(versions))),
            ("kong_latest", Value::Map(navigation.latest.clone())),
            ("latest_release", Value::Map(navigation.latest.clone())),
            ("short_version", short.into()),
            ("major_minor_version", short.replace('.', "").into()),
            ("nav_title", title.unwrap_or_default()),
            ("url", Value::Str(url.clone())),
            ("path", Value::Str(page.path.clone())),
            ("dir", Value::Str(url.clone())),
            ("name", page.path.rsplit('/').next().unwrap_or("").into()),
        ];
        for (key, value) in known {
            values.insert(key.into(), value);
        }
        if let Some(language) = self.options.languages.first() {
            values.entry("lang".into()).or_insert_with(|| Value::Str(language.code.clone()));
        }
        Entry {
            output: file_of(&url).into(),
            values: Arc::new(values),
            date: None,
            variant: Variant { release: Some(navigation.release.clone()), language: 0 },
            shared: url.clone(),
            groups: Arc::default(),
            written: true,
            pager: None,
            url,
            page,
        }
    }
}

/// What the navigation calls an entry or a group.
fn title(item: &Value) -> Option<Value> {
    item.field("text").or_else(|| item.field("title"))
}

/// `overrides: {KEY: {VALUE: {gte: …, lte: …, eq: …, neq: …}}}`: KEY becomes VALUE for the releases that meet all conditions.
fn apply_overrides(values: &mut Map, release: &str) {
    let Some(Value::Map(overrides)) = values.get("overrides").cloned() else { return };
    for (key, choices) in overrides.iter() {
        let Value::Map(choices) = choices else { continue };
        for (choice, conditions) in choices.iter() {
            let Value::Map(conditions) = conditions else { continue };
            if conditions.iter().all(|(operator, bound)| holds(release, operator, &plain_text(bound))) {
                values.insert(key.clone(), yaml_scalar(choice));
            }
        }
    }
}

fn holds(release: &str, operator: &str, bound: &str) -> bool {
    let (Some(release), Some(bound_version)) = (Version::parse(release), Version::parse(bound)) else { return false };
    let listed = || bound.split(',').any(|one| Version::parse(one).as_ref() == Some(&release));
    match operator {
        "gte" => release >= bound_version,
        "lte" => release <= bound_version,
        "eq" => listed(),
        "neq" => !listed(),
        _ => false,
    }
}

fn yaml_scalar(text: &Arc<str>) -> Value {
    match &**text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        other => other.parse::<i64>().map_or_else(|_| Value::Str(text.clone()), Value::from),
    }
}
