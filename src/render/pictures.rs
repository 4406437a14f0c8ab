//! What a finished page says of its pictures: how large they are, so that nothing moves when they come, and which may come late.
//!
//! Nothing is written where the author has said it.

use std::fmt::Write as _;
use std::sync::Arc;

use carafe_markdown::markup::{Piece, Tag, pieces};

use crate::graph::{Read, Reads};
use crate::picture::{self, Size};
use crate::site::{Entry, decoded};
use crate::world::{World, template_name};

use super::targets::{folder, has_scheme, joined};

/// The page's content with what is missing of its pictures.
pub(super) fn finished(world: &World, entry: &Entry, content: String, reads: &Reads) -> String {
    let options = world.config.pictures;
    let has = |name: &str| memchr::memmem::find(content.as_bytes(), name.as_bytes()).is_some();
    if !(has("<img") || has("<IMG")) {
        return content;
    }
    let sizes = options.size.unwrap_or_else(|| is_ready(world, entry));
    if !sizes && !options.lazy {
        return content;
    }
    let pictures = Pictures { world, entry, reads };
    let mut out = String::with_capacity(content.len() + 256);
    let (mut done, mut is_first) = (0, true);
    // The sources of the element `picture` that is open.
    let mut sources: Option<Vec<Tag<'_>>> = None;
    for piece in pieces(&content).without_spans() {
        match piece {
            Piece::Open(tag) if tag.is("picture") => sources = Some(Vec::new()),
            Piece::Close(tag) if tag.is("picture") => sources = None,
            Piece::Open(tag) if tag.is("source") => sources.iter_mut().for_each(|sources| sources.push(tag.clone())),
            Piece::Open(tag) if tag.is("img") && tag.raw("src").is_some() => {
                let mut added = String::new();
                if sizes && let Some((width, height)) = pictures.missing_sides(&tag, sources.as_deref()) {
                    added.extend(width.map(|width| format!(" width=\"{width}\"")));
                    added.extend(height.map(|height| format!(" height=\"{height}\"")));
                }
                if options.lazy {
                    let is_late = !std::mem::take(&mut is_first) && tag.raw("loading").is_none();
                    added.push_str(if is_late { " loading=\"lazy\"" } else { "" });
                    added.push_str(if tag.raw("decoding").is_none() { " decoding=\"async\"" } else { "" });
                }
                let at = place(&content, &tag);
                let _ = write!(out, "{}{added}", &content[done..at]);
                done = at;
            }
            _ => {}
        }
    }
    out.push_str(&content[done..]);
    out
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

struct Pictures<'w> {
    world: &'w World,
    entry: &'w Entry,
    reads: &'w Reads,
}

impl Pictures<'_> {
    /// The width and the height that a tag does not say and its file does; `sources` are those of the element around it. `None` where the author has said
    /// how large it is, or where that depends on what the browser takes.
    fn missing_sides(&self, tag: &Tag<'_>, sources: Option<&[Tag<'_>]>) -> Option<(Option<u32>, Option<u32>)> {
        let style = tag.get("style").unwrap_or_default().to_ascii_lowercase();
        let is_wide = |srcset: &str| srcset.split(',').any(|candidate| candidate.trim_end().ends_with('w'));
        if ["width", "height", "aspect-ratio"].iter().any(|said| style.contains(said))
            || tag.get("srcset").is_some_and(|srcset| is_wide(&srcset))
        {
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
        let scaled = |said: u32, one: u32, other: u32| {
            let other = f64::from(said) * f64::from(other) / f64::from(one);
            (other.round() as u32).max(1)
        };
        match (width, height) {
            (None, None) => Some((Some(size.width), Some(size.height))),
            // A share of what is around it, or nonsense.
            (Some(width), None) => Some((None, Some(scaled(width?, size.width, size.height)))),
            (None, Some(height)) => Some((Some(scaled(height?, size.height, size.width)), None)),
            (Some(_), Some(_)) => None,
        }
    }

    /// The size of the picture at an address, if that is a file of the site.
    fn size(&self, address: &str) -> Option<Size> {
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
            Some(self.world.picture(&file.path))
        });
        let of_theme = || {
            let (_, bytes) = self.world.assets.iter().find(|(path, _)| *path == output)?;
            picture::size(&|most| bytes.get(..most.min(bytes.len())).map(<[u8]>::to_vec))
        };
        of_site.unwrap_or_else(of_theme)
    }
}
