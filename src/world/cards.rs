//! Pictures for previews of links (`theme.social_cards`): which page has one, at which address, and what it holds.
//!
//! The name of a card says what stands on it, so a page knows it without waiting: cards are drawn when all pages are written, or when somebody asks for one.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::site::{Entry, Site};

use super::{World, assets};

/// The folder of cards in the output.
const FOLDER: &str = "assets/cards/";
/// Goes up when the same texts give another card than before, so that the networks ask for it anew.
const EDITION: &str = "1";

/// What the cards of a site share.
#[derive(Debug, Default)]
pub(crate) struct Cards {
    table: Option<table::Table>,
    /// The files behind it: who changes one changes all pages.
    sources: Vec<Arc<str>>,
}

impl Cards {
    /// For the options of a native site, and what is wrong with the files that they name.
    pub(super) fn new(asking: &assets::Asking<'_>) -> (Self, Vec<Diagnostic>) {
        if asking.config.theme.social_cards.is_none() || asking.templates.is_none() {
            return (Self::default(), Vec::new());
        }
        table::new(asking)
    }

    pub(super) fn sources(&self) -> &[Arc<str>] {
        &self.sources
    }

    /// What changes when the fonts or the logo do; empty where there are no cards.
    pub(crate) fn mark(&self) -> &str {
        self.table.as_ref().map_or("", |table| table.mark())
    }
}

impl World {
    /// The path of a page's card in the output; `None` where it has none, as where it names a picture itself.
    pub(crate) fn card_of(&self, entry: &Entry) -> Option<String> {
        Some(self.card(entry)?.0)
    }

    /// What is told of a page whose card cannot show all letters of its texts: equal for all pages.
    pub(crate) fn card_finding(&self, entry: &Entry) -> Option<Diagnostic> {
        let (_, card) = self.card(entry)?;
        self.cards.table.as_ref().filter(|table| table.lacks(&card))?;
        let message = "the font of social cards lacks letters of titles and descriptions, which are left out there";
        let diagnostic = Diagnostic::warning("card-letters", message)
            .help("name the file of a font that has them: `theme: {card_fonts: [fonts/NAME.ttf]}`");
        Some(match self.config.theme.social_cards.flatten() {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        })
    }

    /// All cards of the site: the pages' positions, and the paths in the output.
    pub(crate) fn card_paths(&self) -> Vec<(usize, String)> {
        if self.cards.table.is_none() {
            return Vec::new();
        }
        let entries = self.site.entries.iter().enumerate();
        entries.filter_map(|(at, entry)| Some((at, self.card_of(entry)?))).collect()
    }

    /// The card of the page at a position, drawn or as it was kept. Takes some milliseconds.
    pub(crate) fn card_bytes(&self, at: usize) -> Option<Vec<u8>> {
        let (path, card) = self.card(self.site.entries.get(at)?)?;
        self.cards.table.as_ref()?.bytes(&self.variants, &path, &card)
    }

    /// The card at this path of the output.
    pub(crate) fn card_at(&self, output: &str) -> Option<Vec<u8>> {
        self.cards.table.as_ref()?;
        let (page, _) = output.strip_prefix(FOLDER)?.strip_suffix(".png")?.rsplit_once('.')?;
        let is_it =
            |entry: &Arc<Entry>| place(&entry.output) == page && self.card_of(entry).is_some_and(|path| path == output);
        self.card_bytes(self.site.entries.iter().position(is_it)?)
    }

    /// A page's card, and its path in the output.
    fn card(&self, entry: &Entry) -> Option<(String, table::Card)> {
        let table = self.cards.table.as_ref()?;
        let is_wanted = entry.written && entry.output.ends_with(".html") && !entry.is_not_found();
        if !is_wanted || has_image(entry) {
            return None;
        }
        let site = self.navigation_title(entry);
        let description = entry.name("description").map(|text| text.into_owned());
        let description = description.unwrap_or_else(|| site.1.clone());
        let release = entry
            .variant
            .release
            .as_ref()
            .map_or(String::new(), |release| format!(" {}", release.label.as_ref().unwrap_or(&release.value)));
        let address = format!("{}{}", self.config.site.url, self.config.site.baseurl);
        let host = address.split_once("://").map_or(&*address, |(_, rest)| rest).to_owned();
        let is_rtl = self.words_around(entry).language.direction == "rtl";
        let card = table.card([format!("{}{release}", site.0), entry.title(), description, host], is_rtl);
        let path = assets::stamped(&format!("{FOLDER}{}.png", place(&entry.output)), &table.stamp(&card, EDITION))?;
        Some((path, card))
    }

    /// The title and the description of the site in a page's language.
    fn navigation_title(&self, entry: &Entry) -> (String, String) {
        let view = self.navigation.site(entry.variant.language);
        let text = |key: &str| view.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        (text("title"), text("description"))
    }
}

/// Whether a page names a picture itself.
fn has_image(entry: &Entry) -> bool {
    entry.value("image").is_some_and(|image| !matches!(image, carafe_liquid::Value::Nil) && image.as_str() != Some(""))
}

/// What stands for a page in the paths of cards: `guides/a` for `guides/a/index.html`.
fn place(output: &str) -> &str {
    let plain = output.strip_suffix(".html").unwrap_or(output);
    plain.strip_suffix("/index").unwrap_or(plain)
}

/// The bytes of the theme's logo, if it is a file of the site or of the theme.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
fn logo(asking: &assets::Asking<'_>) -> Option<(Option<Arc<str>>, Vec<u8>)> {
    /// No larger logo is looked at.
    const MOST: usize = 8 << 20;
    let path = asking.config.theme.logo.as_deref()?.trim_start_matches('/');
    let site: &Site = asking.site;
    if let Some(file) = site.statics.iter().find(|file| &*file.output == path) {
        let bytes = asking.files.read_start(&file.path, MOST + 1).ok().filter(|bytes| bytes.len() <= MOST)?;
        return Some((Some(file.path.clone()), bytes));
    }
    let (_, bytes) = asking.of_theme.iter().find(|(known, _)| *known == path)?;
    Some((None, bytes.to_vec()))
}

#[cfg(feature = "cli")]
mod table {
    //! Cards as the program draws them.

    use std::sync::Arc;

    use crate::card::{self, Fonts, Logo};
    use crate::diagnostic::Diagnostic;
    use crate::picture;
    use crate::world::assets;
    use crate::world::variants::Workshop;

    pub(super) use crate::card::Card;

    use super::Cards;

    /// No larger font is read.
    const MOST_FONT: usize = 64 << 20;

    #[derive(Debug)]
    pub(super) struct Table {
        fonts: Fonts,
        logo: Option<Logo>,
        accent: String,
        mark: String,
    }

    pub(super) fn new(asking: &assets::Asking<'_>) -> (Cards, Vec<Diagnostic>) {
        let theme = &asking.config.theme;
        let (mut found, mut sources) = (Vec::new(), Vec::new());
        let mut hasher = blake3::Hasher::new();
        let mut files = Vec::new();
        for (path, span) in &theme.card_fonts {
            sources.push(Arc::from(path.as_str()));
            let told = match asking.files.read_start(path, MOST_FONT + 1) {
                Ok(bytes) if bytes.len() > MOST_FONT => "is larger than 64 MB".to_owned(),
                Ok(bytes) if Fonts::is_font(&bytes) => {
                    hasher.update(blake3::hash(&bytes).as_bytes());
                    files.push(bytes);
                    continue;
                }
                Ok(_) => "is no font in TrueType or OpenType".to_owned(),
                Err(error) => format!("cannot be read: {error}"),
            };
            let diagnostic =
                Diagnostic::error("card-font", format!("`{path}`, which `theme.card_fonts` names, {told}"))
                    .help("paths count from the site's folder; fonts for the web (WOFF) are read by browsers alone");
            found.push(span.map_or_else(|| diagnostic.clone(), |span| diagnostic.clone().at(span)));
        }
        let fonts = Fonts::new(files);
        let logo = super::logo(asking).and_then(|(path, bytes)| {
            sources.extend(path);
            hasher.update(blake3::hash(&bytes).as_bytes());
            let (wide, high) = card::LOGO;
            let pixels = picture::fitting(&bytes, wide as u32, high as u32);
            let logo = pixels.map(|(width, height, rgba)| Logo::Pixels { width, height, rgba });
            logo.or(Some(Logo::Drawing(bytes)))
        });
        let mut tell = |written: &str, message: String, help: &str| {
            let diagnostic = Diagnostic::warning("card-theme", message).help(help);
            let span = asking.in_config(written);
            found.push(span.map_or_else(|| diagnostic.clone(), |span| diagnostic.clone().at(span)));
        };
        let logo = logo.filter(|logo| {
            let is_sound = card::is_sound(logo, &fonts);
            let path = theme.logo.as_deref().unwrap_or_default();
            if !is_sound {
                tell(
                    path,
                    format!("the logo `{path}` cannot be drawn on social cards"),
                    "take one in SVG, PNG, JPEG or WebP",
                );
            }
            is_sound
        });
        let accent = theme.accent.as_deref().map_or(Some(card::ACCENT.to_owned()), |written| {
            let colour = card::colour(written);
            if colour.is_none() {
                let message = format!("social cards do not know the colour `{written}`, and take the theme's");
                tell(written, message, "write it as `#00563f`, or as `light-dark(#00563f, #6fd3a8)`");
            }
            colour
        });
        let accent = accent.unwrap_or_else(|| card::ACCENT.to_owned());
        let mark = hasher.finalize().to_hex()[..32].to_owned();
        (Cards { table: Some(Table { fonts, logo, accent, mark }), sources }, found)
    }

    impl Table {
        pub(super) fn mark(&self) -> &str {
            &self.mark
        }

        pub(super) fn card(&self, [site, title, text, foot]: [String; 4], from_right: bool) -> Card {
            Card { site, title, text, foot, accent: self.accent.clone(), from_right }
        }

        pub(super) fn lacks(&self, card: &Card) -> bool {
            card::lacks_letters(card, &self.fonts)
        }

        /// All that makes a card what it is.
        pub(super) fn stamp(&self, card: &Card, edition: &str) -> Vec<u8> {
            format!("{edition} {} {card:?}", self.mark).into_bytes()
        }

        pub(super) fn bytes(&self, shop: &Workshop, path: &str, card: &Card) -> Option<Vec<u8>> {
            let draw = || card::png(card, &self.fonts, self.logo.as_ref());
            shop.kept_or(&format!("card {path}").into_bytes(), &draw)
        }
    }
}

#[cfg(not(feature = "cli"))]
mod table {
    //! A program that uses Carafe as a library draws no cards.

    use crate::diagnostic::Diagnostic;
    use crate::world::assets;
    use crate::world::variants::Workshop;

    use super::Cards;

    #[derive(Debug)]
    pub(super) enum Table {}

    pub(super) struct Card;

    pub(super) fn new(_: &assets::Asking<'_>) -> (Cards, Vec<Diagnostic>) {
        (Cards::default(), Vec::new())
    }

    impl Table {
        pub(super) fn mark(&self) -> &str {
            ""
        }
        pub(super) fn card(&self, _: [String; 4], _: bool) -> Card {
            Card
        }
        pub(super) fn lacks(&self, _: &Card) -> bool {
            false
        }
        pub(super) fn stamp(&self, _: &Card, _: &str) -> Vec<u8> {
            Vec::new()
        }
        pub(super) fn bytes(&self, _: &Workshop, _: &str, _: &Card) -> Option<Vec<u8>> {
            None
        }
    }
}
