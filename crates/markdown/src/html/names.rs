//! Ids and references to them while a document is written: each stands in the text as a number, and gets its name when all
//! of them are known.

use std::borrow::Cow;
use std::cell::RefCell;

use carafe_source::characters;

use rustc_hash::{FxHashMap, FxHashSet};

use carafe_source::island::{self, ID_CLOSE, ID_OPEN, OUTER};

use super::super::outer;
use super::super::page_ids::PageIds;
use super::super::references::{self, Naming};
use super::{Attributes, Services, Writer, escape};

/// What a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The id of an element.
    Id,
    /// A reference to an id, by its name.
    Reference,
    /// A reference to the id with this number.
    Same(usize),
    /// The place of the table of contents, or of the footnotes.
    Place,
}

/// What is written for a number.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) kind: Kind,
    /// As it is to be called, escaped.
    text: String,
    /// Which call of an include wrote it, so that two calls keep their references apart.
    scope: u32,
}

/// The text that stands for a number.
pub(super) fn token(number: usize) -> String {
    format!("{ID_OPEN}{number}{ID_CLOSE}")
}

/// The number at the start of `text`, and the length of what stands for it.
fn number_at(text: &str) -> Option<(usize, usize)> {
    let rest = text.strip_prefix(ID_OPEN)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[digits..].strip_prefix(ID_CLOSE)?;
    Some((rest[..digits].parse().ok()?, ID_OPEN.len_utf8() + digits + ID_CLOSE.len_utf8()))
}

/// What stands in written text for something else.
pub(super) enum Piece {
    Name(usize),
    Island(usize),
}

/// The next piece at or behind `from`: its place, and its length.
pub(super) fn next_piece(text: &str, mut from: usize) -> Option<(usize, usize, Piece)> {
    loop {
        // What all reserved characters start with.
        let at = from + memchr::memmem::find(text.as_bytes().get(from..)?, b"\xef\xb7")?;
        if let Some((number, len)) = number_at(text.get(at..)?) {
            return Some((at, len, Piece::Name(number)));
        }
        if let Some(found) = island::at_start(&text[at..]) {
            return Some((at, found.len, Piece::Island(found.number)));
        }
        from = at + 3;
    }
}

/// The names of a written document.
pub(super) struct Settled {
    names: Vec<String>,
    /// The numbers and ids of the footnotes, for islands that refer to them.
    footnotes: FxHashMap<String, (usize, String)>,
}

impl Settled {
    /// The HTML of an island with the numbers of the page's footnotes in place, and links to them.
    pub(super) fn numbered<'h>(&self, html: &'h str) -> Cow<'h, str> {
        if self.footnotes.is_empty() {
            return Cow::Borrowed(html);
        }
        let mut out = String::new();
        let mut done = 0;
        for (place, name) in outer::numbers(html) {
            if let Some((number, id)) = self.footnotes.get(name) {
                out.push_str(&html[done..place.start]);
                match html[..place.start].ends_with("href=\"") {
                    true => out.push_str(&format!("#{id}")),
                    false => out.push_str(&number.to_string()),
                }
                done = place.end;
            }
        }
        if done == 0 {
            return Cow::Borrowed(html);
        }
        out.push_str(&html[done..]);
        Cow::Owned(out)
    }

    /// `text` with names and islands in place, cut where it would be longer than `most`; and whether that was so.
    pub(super) fn resolve(
        &self,
        text: &str,
        services: &dyn Services,
        ids: Option<&RefCell<PageIds>>,
        most: usize,
    ) -> (Option<String>, bool) {
        let Some(mut piece) = next_piece(text, 0) else { return (None, false) };
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        let mut done = 0;
        loop {
            let (at, len, kind) = piece;
            out.push_str(&text[done..at]);
            done = at + len;
            match kind {
                Piece::Name(number) => out.push_str(self.names.get(number).map_or("", String::as_str)),
                Piece::Island(number) => {
                    let html = services.island(number).map_or("", |island| &island.html);
                    if out.len() + html.len() > most {
                        return (Some(out), true);
                    }
                    let again = ids.map(RefCell::borrow_mut).and_then(|mut ids| ids.again(number, html));
                    out.push_str(&self.numbered(again.as_deref().unwrap_or(html)));
                }
            }
            match next_piece(text, done) {
                Some(next) => piece = next,
                None => break,
            }
        }
        out.push_str(&text[done..]);
        (Some(out), false)
    }
}

impl Writer<'_> {
    /// Writes an opening tag's attributes, with a blank before each. An empty id is left out, and every id in a copy.
    pub(super) fn attributes(&mut self, attributes: &Attributes) {
        for (name, value) in attributes.iter() {
            if name == "id" && (characters::trim(value).is_empty() || self.options.unique_ids && self.plain_links) {
                continue;
            }
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.value(name, value);
            self.out.push('"');
        }
    }

    /// The value of an attribute.
    pub(super) fn value(&mut self, name: &str, value: &str) {
        let mut done = 0;
        if self.options.unique_ids {
            references::names(name, value, |naming, range| {
                escape::attribute(&mut self.out, &value[done..range.start]);
                let kind = if naming == Naming::Id { Kind::Id } else { Kind::Reference };
                let mut text = String::new();
                escape::attribute(&mut text, &value[range.clone()]);
                let number = self.name(kind, text);
                self.out.push_str(&token(number));
                done = range.end;
            });
        }
        escape::attribute(&mut self.out, &value[done..]);
    }

    /// HTML that goes through as it is.
    pub(super) fn raw(&mut self, html: &str) {
        let mut done = 0;
        if self.options.unique_ids {
            for found in references::find(html) {
                self.out.push_str(&html[done..found.range.start]);
                let kind = if found.naming == Naming::Id { Kind::Id } else { Kind::Reference };
                let number = self.name(kind, html[found.range.clone()].to_owned());
                self.out.push_str(&token(number));
                done = found.range.end;
            }
        }
        self.out.push_str(&html[done..]);
    }

    /// The number of a name that is written here.
    pub(super) fn name(&mut self, kind: Kind, text: String) -> usize {
        let scope = self.services.scope(self.place.start);
        self.names.push(Name { kind, text, scope });
        self.names.len() - 1
    }

    /// Gives the ids, in the order in which they stand in the text, and leads the references to them.
    pub(super) fn settle(&mut self, ids: Option<&RefCell<PageIds>>) -> Settled {
        let own = RefCell::default();
        let mut page = ids.unwrap_or(&own).borrow_mut();
        let (mut order, mut has_islands) = (Vec::new(), false);
        let mut from = 0;
        while let Some((at, len, piece)) = next_piece(&self.out, from) {
            from = at + len;
            match piece {
                Piece::Name(number) if self.names.get(number).is_some_and(|name| name.kind == Kind::Id) => {
                    order.push(number);
                }
                Piece::Name(_) => {}
                Piece::Island(_) => has_islands = true,
            }
        }
        let is_alone = page.is_empty() && !has_islands;
        let others: FxHashSet<&str> = order.iter().map(|&number| &*self.names[number].text).collect();
        let mut given: FxHashMap<usize, String> = FxHashMap::default();
        let mut in_scope: FxHashMap<(u32, &str), usize> = FxHashMap::default();
        let mut anywhere: FxHashMap<&str, usize> = FxHashMap::default();
        for &number in &order {
            let name = &self.names[number];
            let id = page.give(&name.text, &others);
            if has_islands && id != name.text {
                page.disorder();
            }
            given.insert(number, id);
            in_scope.entry((name.scope, &name.text)).or_insert(number);
            anywhere.entry(&name.text).or_insert(number);
        }
        let settled = |(number, name): (usize, &Name)| match name.kind {
            Kind::Id => given.get(&number).cloned().unwrap_or_default(),
            Kind::Same(other) => given.get(&other).cloned().unwrap_or_default(),
            Kind::Reference => {
                let near = in_scope.get(&(name.scope, &*name.text)).or_else(|| anywhere.get(&*name.text));
                match near.and_then(|number| given.get(number)) {
                    Some(id) => id.clone(),
                    None if is_alone || ids.is_none() => name.text.clone(),
                    None => format!("{OUTER}{}", name.text),
                }
            }
            Kind::Place => String::new(),
        };
        let names: Vec<String> = self.names.iter().enumerate().map(settled).collect();
        let id_of = |text: &str| {
            let number = self.names.iter().position(|name| name.kind == Kind::Id && name.text == text);
            number.and_then(|number| names.get(number)).cloned().unwrap_or_else(|| text.to_owned())
        };
        let footnotes = if has_islands { self.footnote_numbers(&id_of) } else { FxHashMap::default() };
        Settled { names, footnotes }
    }
}
