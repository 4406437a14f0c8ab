//! What a finished page says of its pictures: how large they are, so that nothing moves when they come, in which other sizes and forms there are, and
//! which may come late.
//!
//! Nothing is written where the author has said it.

use std::fmt::Write as _;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use carafe_markdown::markup::{Piece, Tag, pieces};

use crate::content::StaticFile;
use crate::diagnostic::Diagnostic;
use crate::graph::{Read, Reads};
use crate::markup::escape;
use crate::picture::{self, MOST_PIXELS, Size};
use crate::site::{Entry, decoded, encoded};
use crate::world::variants::{Made, Trouble, Variant};
use crate::world::{World, template_name};

use super::code_links;
use super::targets::{folder, has_scheme, joined};

/// The content of the page at position `at` with what is missing of its pictures, and what is wrong with these.
pub(super) fn finished(
    world: &World,
    at: usize,
    content: String,
    reads: &Reads,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    let Some(entry) = world.site.entries.get(at) else { return content };
    let options = &world.config.pictures;
    let has = |name: &str| memchr::memmem::find(content.as_bytes(), name.as_bytes()).is_some();
    if !(has("<img") || has("<IMG")) {
        return content;
    }
    let sizes = options.size.unwrap_or_else(|| options.has_variants() || is_ready(world, entry));
    if !sizes && !options.lazy {
        return content;
    }
    let pictures = Pictures { world, entry, reads };
    let variants = if sizes && world.has_variants() { pictures.variants(&content) } else { FxHashMap::default() };
    diagnostics.extend(faulty(world, at, &variants));
    let mut out = String::with_capacity(content.len() + 256);
    let (mut done, mut is_first) = (0, true);
    walk(&content, &mut |tag, sources| {
        let mut added = String::new();
        let sides = if sizes { pictures.missing_sides(tag, sources) } else { None };
        if let Some(Sides { width, height, .. }) = sides.as_ref() {
            added.extend(width.map(|width| format!(" width=\"{width}\"")));
            added.extend(height.map(|height| format!(" height=\"{height}\"")));
        }
        if let Some(source) = pictures.varied(tag, sources)
            && let Some(made) = variants.get(&source.file.path)
        {
            added.push_str(&pictures.choice(&source, made));
        }
        if options.lazy {
            let is_late = !std::mem::take(&mut is_first) && tag.raw("loading").is_none();
            added.push_str(if is_late { " loading=\"lazy\"" } else { "" });
            added.push_str(if tag.raw("decoding").is_none() { " decoding=\"async\"" } else { "" });
        }
        let at = place(&content, tag);
        let _ = write!(out, "{}{added}", &content[done..at]);
        done = at;
    });
    out.push_str(&content[done..]);
    out
}

/// Shows `see` each picture of a page: its tag, and those of the sources of the element `picture` around it.
fn walk<'c>(content: &'c str, see: &mut dyn FnMut(&Tag<'c>, Option<&[Tag<'c>]>)) {
    let mut sources: Option<Vec<Tag<'c>>> = None;
    for piece in pieces(content).without_spans() {
        match piece {
            Piece::Open(tag) if tag.is("picture") => sources = Some(Vec::new()),
            Piece::Close(tag) if tag.is("picture") => sources = None,
            Piece::Open(tag) if tag.is("source") => sources.iter_mut().for_each(|sources| sources.push(tag.clone())),
            Piece::Open(tag) if tag.is("img") && tag.raw("src").is_some() => see(&tag, sources.as_deref()),
            _ => {}
        }
    }
}

/// What is told of pictures whose variants could not be made: once each, at the place that shows it.
fn faulty(world: &World, at: usize, made: &FxHashMap<Arc<str>, Shown>) -> Vec<Diagnostic> {
    let mut wrong: Vec<_> =
        made.iter().filter_map(|(path, shown)| Some((path, shown, shown.made.trouble.as_ref()?))).collect();
    if wrong.is_empty() {
        return Vec::new();
    }
    wrong.sort_by_key(|(path, ..)| *path);
    // The page is rendered once more, to find the places.
    let facts = super::facts(world, at).unwrap_or_default();
    let tell = |(path, shown, trouble): (&Arc<str>, &Shown, &Trouble)| {
        let found = match trouble {
            Trouble::Large(pixels) => {
                let (millions, most) = (pixels / 1_000_000, MOST_PIXELS / 1_000_000);
                let message = format!("`{path}` has {millions} million pixels, so it is shown in this size alone");
                Diagnostic::warning("large-picture", message).help(format!(
                    "pictures of up to {most} million pixels are written in other sizes, too: make it smaller"
                ))
            }
            Trouble::Broken(kind, how) => {
                let message = format!("`{path}` cannot be read as {kind}, so it is shown as it is: {how}");
                Diagnostic::warning("broken-picture", message)
                    .help("open it in a program for pictures, and save it anew")
            }
        };
        match facts.images.iter().find(|image| *image.target == *shown.address) {
            Some(image) => found.at(image.place.span).through(image.place.calls.clone()),
            None => found.at(code_links::place(&world.site.entries[at], &shown.address)),
        }
    };
    wrong.into_iter().map(tell).collect()
}

/// A picture of the page, by its path, and what was made of it.
struct Shown {
    /// As the page has it.
    address: String,
    made: Arc<Made>,
}

/// Whether the page's template shows pictures by the theme's style sheet, which keeps their shape where they are narrower than they say. Of others
/// nobody knows.
fn is_ready(world: &World, entry: &Entry) -> bool {
    const SHEET: &str = "assets/carafe.css";
    let is_theirs = |templates: &Arc<crate::template::Templates>| templates.names_asset(&template_name(entry), SHEET);
    world.templates.as_ref().is_some_and(is_theirs) && world.assets.iter().any(|(path, _)| *path == SHEET)
}

/// Where attributes can be added to a tag: at its end, but behind its name where its last attribute has no quotes.
fn place(html: &str, tag: &Tag<'_>) -> usize {
    let whole = &html[tag.range.clone()];
    let inner = whole.trim_end_matches('>').trim_end_matches('/').trim_end();
    match inner.ends_with(['"', '\'']) {
        true => tag.range.start + inner.len(),
        false => tag.range.start + 1 + tag.name.len(),
    }
}

/// A picture that is no wider is as wide on every screen.
const NARROW: u32 = 320;

/// A file that an address leads to.
enum Found<'w> {
    Site(&'w StaticFile),
    Theme(&'static [u8]),
}

/// A picture of the site that a tag shows.
struct Source<'w> {
    file: &'w StaticFile,
    address: String,
    size: Size,
    /// How wide it is shown where there is room, in pixels of CSS.
    width: u32,
}

/// What a tag is to say of a picture's size.
struct Sides {
    width: Option<u32>,
    height: Option<u32>,
}

struct Pictures<'w> {
    world: &'w World,
    entry: &'w Entry,
    reads: &'w Reads,
}

impl Pictures<'_> {
    /// What was made of each picture of the page of which there may be variants.
    fn variants(&self, content: &str) -> FxHashMap<Arc<str>, Shown> {
        let mut files: IndexMap<Arc<str>, (String, &StaticFile)> = IndexMap::new();
        walk(content, &mut |tag, sources| {
            if let Some(Source { file, address, .. }) = self.varied(tag, sources) {
                self.reads.record(Read::Variants(file.path.clone()));
                files.entry(file.path.clone()).or_insert((address, file));
            }
        });
        let all: Vec<&StaticFile> = files.values().map(|(_, file)| *file).collect();
        let made = self.world.variants(&all);
        let shown = |((path, (address, _)), made)| (path, Shown { address, made });
        files.into_iter().zip(made).map(shown).collect()
    }

    /// The file that a tag shows, if the browser may show a variant in its place: not where the author has chosen several already, or where the size is
    /// not known.
    fn varied(&self, tag: &Tag<'_>, sources: Option<&[Tag<'_>]>) -> Option<Source<'_>> {
        if sources.is_some() || tag.raw("srcset").is_some() || tag.raw("sizes").is_some() || has_styled_size(tag) {
            return None;
        }
        let address = tag.get("src")?.trim().to_owned();
        let Found::Site(file) = self.file(&address)? else { return None };
        let size = self.world.picture(&file.path)?;
        let said = |name: &str| tag.get(name).map(|text| text.trim().trim_end_matches("px").parse::<u32>().ok());
        let width = match (said("width"), said("height")) {
            (Some(width), _) => width?,
            (None, Some(height)) => scaled(height?, size.height, size.width),
            (None, None) => size.width,
        };
        Some(Source { file, address, size, width })
    }

    /// The attributes that let the browser choose among the variants and the picture itself; nothing where there are none.
    fn choice(&self, source: &Source<'_>, shown: &Shown) -> String {
        let variants = &shown.made.variants;
        if variants.is_empty() {
            return String::new();
        }
        let path = source.address.split(['#', '?']).next().unwrap_or_default();
        let before = path.rfind('/').map_or("", |at| &path[..=at]);
        // Between candidates stand commas and blanks.
        let plain = |address: &str| {
            let parts = address.chars().map(|c| match c {
                ',' => "%2C".to_owned(),
                c if c.is_ascii_whitespace() => format!("%{:02X}", u32::from(c)),
                c => c.to_string(),
            });
            parts.collect::<String>()
        };
        let address = |variant: &Variant| {
            let name = variant.output.rsplit('/').next().unwrap_or_default();
            format!("{}{} {}w", plain(before), plain(&encoded(name)), variant.width)
        };
        let mut all: Vec<String> = variants.iter().rev().map(address).collect();
        if variants.first().is_none_or(|widest| widest.width < source.size.width) {
            all.push(format!("{} {}w", plain(&source.address), source.size.width));
        }
        // A landing page has no column.
        let is_wide = template_name(self.entry) == "home.html";
        let width = if is_wide { source.width } else { source.width.min(self.world.config.pictures.column) };
        let sizes =
            if width <= NARROW { format!("{width}px") } else { format!("(min-width: {width}px) {width}px, 100vw") };
        format!(" srcset=\"{}\" sizes=\"{sizes}\"", escape(&all.join(", ")))
    }

    /// The width and the height that a tag does not say and its file does; `sources` are those of the element around it. `None` where the author has said
    /// how large it is, or where that depends on what the browser takes.
    fn missing_sides(&self, tag: &Tag<'_>, sources: Option<&[Tag<'_>]>) -> Option<Sides> {
        let is_wide = |srcset: &str| srcset.split(',').any(|candidate| candidate.trim_end().ends_with('w'));
        if has_styled_size(tag) || tag.get("srcset").is_some_and(|srcset| is_wide(&srcset)) {
            return None;
        }
        let said = |name: &str| tag.get(name).map(|text| text.trim().trim_end_matches("px").parse::<u32>().ok());
        let (width, height) = (said("width"), said("height"));
        if width.is_some() && height.is_some() {
            return None;
        }
        let size = self.size(&tag.get("src")?)?;
        let is_same = |source: &Tag<'_>| {
            let srcset = source.get("srcset").unwrap_or_default();
            !is_wide(&srcset)
                && self.size(srcset.split_whitespace().next().unwrap_or_default().trim_end_matches(',')) == Some(size)
        };
        if !sources.unwrap_or_default().iter().all(is_same) {
            return None;
        }
        match (width, height) {
            (None, None) => Some(Sides { width: Some(size.width), height: Some(size.height) }),
            // A share of what is around it, or nonsense.
            (Some(width), None) => Some(Sides { width: None, height: Some(scaled(width?, size.width, size.height)) }),
            (None, Some(height)) => Some(Sides { width: Some(scaled(height?, size.height, size.width)), height: None }),
            (Some(_), Some(_)) => None,
        }
    }

    /// The size of the picture at an address, if that is a file of the site.
    fn size(&self, address: &str) -> Option<Size> {
        match self.file(address)? {
            Found::Site(file) => self.world.picture(&file.path),
            Found::Theme(bytes) => picture::size(&|most| bytes.get(..most.min(bytes.len())).map(<[u8]>::to_vec)),
        }
    }

    /// The file at an address, if it is one of the site.
    fn file(&self, address: &str) -> Option<Found<'_>> {
        let config = &self.world.config;
        let address = address.trim();
        let path = address.split(['#', '?']).next().filter(|path| !path.is_empty())?;
        if path.starts_with("//") || has_scheme(path) {
            return None;
        }
        let path = decoded(path);
        let output = match path.strip_prefix(config.site.baseurl.as_str()).and_then(|rest| rest.strip_prefix('/')) {
            Some(rooted) => joined("", rooted)?,
            None if path.starts_with('/') => return None,
            None => joined(folder(&self.entry.url), &path)?,
        };
        let folders = &config.content.folders;
        let roots = [Some(folders.content.as_str()), Some(folders.static_files.as_deref().unwrap_or("static"))];
        let of_site = roots.into_iter().flatten().find_map(|root| {
            let source = joined(root, &output)?;
            self.reads.record(Read::Page(source.as_str().into()));
            let file = self.world.site.static_file(&source).filter(|file| *file.output == *output)?;
            self.reads.record(Read::Picture(file.path.clone()));
            Some(Found::Site(file))
        });
        let of_theme =
            || self.world.assets.iter().find(|(path, _)| *path == output).map(|(_, bytes)| Found::Theme(bytes));
        of_site.or_else(of_theme)
    }
}

/// The other side of a picture of which one is said, by its shape.
fn scaled(said: u32, one: u32, other: u32) -> u32 {
    let other = f64::from(said) * f64::from(other) / f64::from(one);
    (other.round() as u32).max(1)
}

/// Whether a tag's style says how large it is.
fn has_styled_size(tag: &Tag<'_>) -> bool {
    let style = tag.get("style").unwrap_or_default().to_ascii_lowercase();
    ["width", "height", "aspect-ratio"].iter().any(|said| style.contains(said))
}
