//! `jekyll-seo-tag`: `{% seo %}`, what search engines and social networks read in a page's head.

use std::sync::Arc;

use carafe_liquid::filters::{Env, FilterError};
use carafe_liquid::{Map, Value, convert};

use super::{Asked, JEKYLL_VERSION, Plugin, apply};

pub(super) const PLUGIN: Plugin = Plugin { tags: &[("seo", seo)], ..Plugin::new("jekyll-seo-tag") };

/// The release of the plugin whose markup this is.
const VERSION: &str = "2.8.0";

/// `{% seo %}`; with `title=false` it leaves out the title.
fn seo(asked: &Asked<'_>, markup: &str, env: &dyn Env) -> Result<String, FilterError> {
    let page = page(asked, env);
    let seo = Seo { env, site: env.variable(&["site"]).unwrap_or_default(), page };
    Ok(seo.head(!markup.to_ascii_lowercase().contains("title=false")))
}

/// The page that is rendered; a loop may have given its name to another one.
fn page(asked: &Asked<'_>, env: &dyn Env) -> Value {
    let page = env.variable(&["page"]).unwrap_or_default();
    match page.field("url").as_ref().and_then(Value::as_str) {
        Some(url) if *url == *asked.entry.url => page,
        _ => Value::Map(asked.entry.values.clone()),
    }
}

/// What the head says is drawn from.
struct Seo<'e> {
    env: &'e dyn Env,
    site: Value,
    page: Value,
}

/// The image of a page: its address, and what else the page says of it.
struct Image {
    path: Value,
    fields: Arc<Map>,
}

impl Image {
    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name).filter(|value| value.truthy()).cloned()
    }
}

/// The author of a page.
#[derive(Default)]
struct Author {
    fields: Map,
}

impl Author {
    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name).filter(|value| value.truthy()).cloned()
    }
}

impl Seo<'_> {
    fn of_page(&self, key: &str) -> Option<Value> {
        self.page.field(key).filter(Value::truthy)
    }

    fn of_site(&self, key: &str) -> Option<Value> {
        self.site.field(key).filter(Value::truthy)
    }

    /// A field of a hash of the page or the site.
    fn inner(&self, hash: Option<Value>, key: &str) -> Option<Value> {
        match hash {
            Some(Value::Map(map)) => map.get(key).filter(|value| value.truthy()).cloned(),
            _ => None,
        }
    }

    fn apply(&self, filter: &str, value: &Value) -> Value {
        apply(self.env, filter, value, &[])
    }

    /// A text without markup, as it may stand in an attribute; `None` when nothing is left.
    fn plain(&self, value: Option<Value>) -> Option<String> {
        let filters = ["markdownify", "strip_html", "normalize_whitespace", "escape_once"];
        let text = filters.into_iter().fold(value?, |value, filter| self.apply(filter, &value));
        Some(convert::text(&text).into_owned()).filter(|text| !text.is_empty())
    }

    fn absolute(&self, address: &Value) -> Value {
        self.apply("absolute_url", address)
    }

    fn site_title(&self) -> Option<String> {
        self.plain(self.of_site("title").or_else(|| self.of_site("name")))
    }

    fn page_title(&self) -> Option<String> {
        self.plain(self.of_page("title")).or_else(|| self.site_title())
    }

    fn site_description(&self) -> Option<String> {
        self.plain(self.of_site("description"))
    }

    fn description(&self) -> Option<String> {
        let own = self.of_page("description").or_else(|| self.of_page("excerpt"));
        self.plain(own).or_else(|| self.site_description())
    }

    /// The page's title and the site's; the site's own with what it is about.
    fn title(&self) -> Option<String> {
        let (page, site) = (self.page_title(), self.site_title());
        let title = match (&page, &site) {
            (Some(page), Some(site)) if page != site => Some(format!("{page} | {site}")),
            (_, Some(site)) if self.site_description().is_some() => {
                let about = self.plain(self.of_site("tagline")).or_else(|| self.site_description());
                Some(format!("{site} | {}", about.unwrap_or_default()))
            }
            _ => page.or(site),
        };
        Some(format!("{}{}", self.page_number().unwrap_or_default(), title?))
    }

    /// `Page 2 of 3 for `, behind the first page of several.
    fn page_number(&self) -> Option<String> {
        let number = |key| match self.env.variable(&["paginator", key]) {
            Some(Value::Int(number)) => Some(number),
            _ => None,
        };
        let (current, total) = (number("page").filter(|page| *page > 1)?, number("total_pages").unwrap_or_default());
        let message = self.of_site("seo_paginator_message");
        let message =
            message.map_or("Page %<current>s of %<total>s for ".to_owned(), |text| convert::text(&text).into_owned());
        let (current, total) = (current.to_string(), total.to_string());
        let message = message.replace("%<current>s", &current).replace("%<total>s", &total);
        Some(message.replace("%{current}", &current).replace("%{total}", &total).replace("%%", "%"))
    }

    /// Whether the page is the site's first, or the one about it.
    fn is_home(&self) -> bool {
        let url = self.page.field("url").map(|url| convert::text(&url).into_owned()).unwrap_or_default();
        let Some(rest) = url.strip_prefix('/') else { return false };
        matches!(rest.strip_prefix("about/").unwrap_or(rest), "" | "index.html" | "index.htm")
    }

    fn name(&self) -> Option<String> {
        if let Some(name) = self.inner(self.of_page("seo"), "name") {
            return self.plain(Some(name));
        }
        if !self.is_home() {
            return None;
        }
        match self.inner(self.of_site("social"), "name") {
            Some(name) => self.plain(Some(name)),
            None => self.site_title(),
        }
    }

    fn author(&self) -> Author {
        let first = |value: Option<Value>| match value {
            Some(Value::Array(all)) => all.first().cloned(),
            _ => None,
        };
        let is_there = |value: &Value| !value.is_nil() && !convert::to_s(value).is_empty();
        let sources = [self.page.field("author"), first(self.page.field("authors")), self.site.field("author")];
        match sources.into_iter().flatten().find(is_there) {
            Some(Value::Map(fields)) => Author { fields: Map::clone(&fields) },
            Some(Value::Str(name)) => {
                let mut fields = Map::from_iter([("name".into(), Value::Str(name.clone()))]);
                let authors = self.env.variable(&["site", "data", "authors"]);
                if let Some(Value::Map(more)) = authors.and_then(|authors| authors.field(&name)) {
                    fields.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
                Author { fields }
            }
            _ => Author::default(),
        }
    }

    fn image(&self) -> Option<Image> {
        let fields = match self.of_page("image")? {
            Value::Map(fields) => fields,
            path @ Value::Str(_) => Arc::new(Map::from_iter([("path".into(), path)])),
            _ => return None,
        };
        let mut raw = ["path", "facebook", "twitter"].into_iter();
        let raw = raw.find_map(|key| fields.get(key).filter(|value| value.truthy()))?.clone();
        let inside = raw.as_str().is_some_and(|path| !has_scheme(path));
        let path = if inside { self.absolute(&raw) } else { raw };
        Some(Image { path: self.apply("uri_escape", &path), fields })
    }

    fn logo(&self) -> Option<Value> {
        let logo = self.of_site("logo")?;
        let outside = logo.as_str().is_some_and(has_scheme);
        let logo = if outside { logo } else { self.absolute(&logo) };
        Some(self.apply("uri_escape", &logo))
    }

    fn canonical(&self) -> String {
        let own = self.page.field("canonical_url").map(|url| convert::text(&url).into_owned()).unwrap_or_default();
        if !own.is_empty() {
            return own;
        }
        let url = self.absolute(&self.page.field("url").unwrap_or_default());
        let url = convert::text(&url).into_owned();
        url.strip_suffix("/index.html").map_or(url.clone(), |folder| format!("{folder}/"))
    }

    fn kind(&self) -> Value {
        match self.inner(self.of_page("seo"), "type") {
            Some(kind) => kind,
            None if self.is_home() => "WebSite".into(),
            None if self.of_page("date").is_some() => "BlogPosting".into(),
            None => "WebPage".into(),
        }
    }

    fn date(&self, value: Option<Value>) -> Option<Value> {
        value.map(|date| self.apply("date_to_xmlschema", &date))
    }

    fn locale(&self) -> String {
        let locale = self.of_page("locale").or_else(|| self.of_site("locale"));
        let language = || self.of_page("lang").or_else(|| self.of_site("lang"));
        locale.or_else(language).map_or("en_US".to_owned(), |locale| convert::text(&locale).replace('-', "_"))
    }

    /// The JSON for search engines, its keys in order.
    fn json(&self) -> String {
        let author = self.author();
        let mut all: Vec<(&str, Value)> = vec![("@context", "https://schema.org".into()), ("@type", self.kind())];
        let mut add = |key, value: Option<Value>| all.extend(value.map(|value| (key, value)));
        add("author", json_author(&author));
        let modified = self.inner(self.of_page("seo"), "date_modified");
        let modified = modified.or_else(|| self.of_page("last_modified_at")).or_else(|| self.of_page("date"));
        add("dateModified", self.date(modified));
        add("datePublished", self.date(self.of_page("date")));
        add("description", self.description().map(Value::from));
        add("headline", self.page_title().map(Value::from));
        add("image", self.image().map(json_image));
        let has_entity = matches!(self.kind().as_str(), Some("BlogPosting" | "CreativeWork"));
        let entity = || Value::map([("@type", Value::from("WebPage")), ("@id", self.canonical().into())]);
        add("mainEntityOfPage", has_entity.then(entity));
        add("name", self.name().map(Value::from));
        add("publisher", self.logo().map(|logo| json_publisher(logo, &author)));
        let links = self.inner(self.of_page("seo"), "links");
        let social = || self.inner(self.of_site("social"), "links").filter(|_| self.is_home());
        add("sameAs", links.or_else(social));
        add("url", Some(self.canonical().into()));
        convert::text(&self.apply("jsonify", &Value::map(all))).into_owned()
    }

    /// The elements, a line each.
    fn head(&self, with_title: bool) -> String {
        let text = |value: Option<Value>| value.map(|value| convert::text(&value).into_owned());
        let (author, image) = (self.author(), self.image());
        let of_image = |key: &str| text(image.as_ref().and_then(|image| image.field(key)));
        let path = image.as_ref().map(|image| convert::text(&image.path).into_owned());
        let mut head = Head::default();
        head.line(&format!("<!-- Begin Jekyll SEO tag v{VERSION} -->"));
        if let Some(title) = self.title().filter(|_| with_title) {
            head.line(&format!("<title>{title}</title>"));
        }
        head.name("generator", Some(format!("Jekyll v{JEKYLL_VERSION}")));
        head.property("og:title", self.page_title());
        head.name("author", text(author.field("name")));
        head.property("og:locale", Some(self.locale()));
        head.name("description", self.description());
        head.property("og:description", self.description());
        if self.of_site("url").is_some() {
            head.link("canonical", &self.canonical());
            head.property("og:url", Some(self.canonical()));
        }
        head.property("og:site_name", self.site_title());
        head.property("og:image", path.clone());
        for (key, property) in [("height", "og:image:height"), ("width", "og:image:width"), ("alt", "og:image:alt")] {
            head.property(property, of_image(key));
        }
        match self.of_page("date") {
            Some(date) => {
                head.property("og:type", Some("article".to_owned()));
                head.property("article:published_time", text(self.date(Some(date))));
            }
            None => head.property("og:type", Some("website".to_owned())),
        }
        self.neighbours(&mut head);
        self.twitter(&mut head, &author, path, of_image("alt"));
        self.others(&mut head);
        head.line(&format!("<script type=\"application/ld+json\">\n{}</script>", self.json()));
        head.line("<!-- End Jekyll SEO tag -->");
        head.0
    }

    /// The pages before and behind this one of several.
    fn neighbours(&self, head: &mut Head) {
        for (relation, page) in [("prev", "previous_page"), ("next", "next_page")] {
            let path = self.env.variable(&["paginator", &format!("{page}_path")]);
            if self.env.variable(&["paginator", page]).is_some_and(|page| page.truthy()) {
                head.link(relation, &convert::text(&self.absolute(&path.unwrap_or_default())));
            }
        }
    }

    fn twitter(&self, head: &mut Head, author: &Author, image: Option<String>, alt: Option<String>) {
        let handle = |name: &Value| format!("@{}", convert::text(name).replace('@', ""));
        let card = || {
            let own = self.page.field("twitter").and_then(|twitter| twitter.field("card"));
            let card =
                own.filter(Value::truthy).or_else(|| self.of_site("twitter")?.field("card").filter(Value::truthy));
            card.map_or("summary_large_image".to_owned(), |card| convert::text(&card).into_owned())
        };
        head.name("twitter:card", Some(if image.is_some() { card() } else { "summary".to_owned() }));
        head.property("twitter:image", image);
        head.name("twitter:image:alt", alt);
        head.property("twitter:title", self.page_title());
        let Some(twitter) = self.of_site("twitter") else { return };
        head.name("twitter:site", Some(handle(&twitter.field("username").unwrap_or_default())));
        let creator = author.field("twitter").or_else(|| author.field("name")).filter(|name| name.as_str().is_some());
        head.name("twitter:creator", creator.as_ref().map(handle));
    }

    /// What Facebook and search engines want to know of the site.
    fn others(&self, head: &mut Head) {
        let text = |hash: &Value, key: &str| {
            hash.field(key).filter(Value::truthy).map(|value| convert::text(&value).into_owned())
        };
        if let Some(facebook) = self.of_site("facebook") {
            head.property("fb:admins", text(&facebook, "admins"));
            head.property("article:publisher", text(&facebook, "publisher"));
            head.property("fb:app_id", text(&facebook, "app_id"));
        }
        let verified = [
            ("google", "google-site-verification"),
            ("bing", "msvalidate.01"),
            ("alexa", "alexaVerifyID"),
            ("yandex", "yandex-verification"),
            ("baidu", "baidu-site-verification"),
            ("facebook", "facebook-domain-verification"),
        ];
        match self.of_site("webmaster_verifications") {
            Some(codes) => verified.into_iter().for_each(|(key, name)| head.name(name, text(&codes, key))),
            None => head.name("google-site-verification", text(&self.site, "google_site_verification")),
        }
    }
}

/// The elements so far.
#[derive(Default)]
struct Head(String);

impl Head {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn name(&mut self, name: &str, content: Option<String>) {
        if let Some(content) = content {
            self.line(&format!("<meta name=\"{name}\" content=\"{content}\" />"));
        }
    }

    fn property(&mut self, name: &str, content: Option<String>) {
        if let Some(content) = content {
            self.line(&format!("<meta property=\"{name}\" content=\"{content}\" />"));
        }
    }

    fn link(&mut self, relation: &str, address: &str) {
        self.line(&format!("<link rel=\"{relation}\" href=\"{address}\" />"));
    }
}

/// Whether an address begins with a scheme.
fn has_scheme(address: &str) -> bool {
    let scheme = address.split([':', '/', '?', '#']).next().unwrap_or_default();
    address[scheme.len()..].starts_with(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn json_author(author: &Author) -> Option<Value> {
    let name = author.field("name")?;
    let kind = author.field("type");
    let known = |kind: &Value| matches!(kind.as_str(), Some("Organization" | "Person"));
    if kind.as_ref().is_some_and(|kind| !known(kind)) {
        return None;
    }
    let mut fields = vec![("@type", kind.unwrap_or_else(|| "Person".into())), ("name", name)];
    fields.extend(author.field("url").map(|url| ("url", url)));
    Some(Value::map(fields))
}

/// The address alone, where there is nothing more to say.
fn json_image(image: Image) -> Value {
    let more = image.fields.iter().filter(|(key, _)| &***key != "path");
    let mut fields: Vec<(Arc<str>, Value)> = more.map(|(key, value)| (key.clone(), value.clone())).collect();
    if fields.is_empty() {
        return image.path;
    }
    fields.extend([("url".into(), image.path), ("@type".into(), "imageObject".into())]);
    Value::map(fields)
}

fn json_publisher(logo: Value, author: &Author) -> Value {
    let logo = Value::map([("@type", Value::from("ImageObject")), ("url", logo)]);
    let mut fields = vec![("@type", Value::from("Organization")), ("logo", logo)];
    fields.extend(author.field("name").map(|name| ("name", name)));
    Value::map(fields)
}
