//! Tokens to events: the grammar of documents, by recursive descent with a bounded depth.

use std::borrow::Cow;

use crate::problem::{Place, Problem, Result};
use crate::scanner::Scanner;
use crate::token::{Kind, Style, Token};

/// What stands before a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties<'t> {
    /// The name behind `&`.
    pub anchor: Option<&'t str>,
    /// The tag, with its handle resolved: `tag:yaml.org,2002:str` for `!!str`, `!x` for `!x`.
    pub tag: Option<Cow<'static, str>>,
}

/// One step of a document, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'t> {
    /// A document starts; `true` when `---` says so.
    DocumentStart(bool),
    /// A document ends.
    DocumentEnd,
    /// The value that has this anchor, once more.
    Alias(&'t str),
    /// A scalar.
    Scalar(Properties<'t>, Cow<'t, str>, Style),
    /// A sequence starts.
    SequenceStart(Properties<'t>),
    /// The innermost sequence ends.
    SequenceEnd,
    /// A mapping starts; its keys and values follow in turn.
    MappingStart(Properties<'t>),
    /// The innermost mapping ends.
    MappingEnd,
}

/// What receives the events of a document.
pub trait Handler<'t> {
    /// Takes one event and the bytes it stands for.
    ///
    /// # Errors
    /// A [`Problem`] ends the reading.
    fn event(&mut self, event: Event<'t>, place: Place) -> std::result::Result<(), Box<Problem>>;
}

impl<'t, F: FnMut(Event<'t>, Place) -> std::result::Result<(), Box<Problem>>> Handler<'t> for F {
    fn event(&mut self, event: Event<'t>, place: Place) -> std::result::Result<(), Box<Problem>> {
        self(event, place)
    }
}

/// The standard's prefix of `!!`.
const STANDARD: &str = "tag:yaml.org,2002:";

fn behind_the_end(place: Place) -> Box<Problem> {
    let place = Place { end: place.end.max(place.start + 1), ..place };
    let problem = Problem::error("there is more behind the end of the document", place);
    Box::new(problem.help("is a line indented otherwise than those before it?"))
}

pub(crate) struct Parser<'t, 'h, H> {
    scanner: Scanner<'t>,
    handler: &'h mut H,
    /// How many collections are open.
    depth: usize,
    max_depth: usize,
    handles: Vec<(String, String)>,
}

impl<'t, 'h, H: Handler<'t>> Parser<'t, 'h, H> {
    pub(crate) fn new(text: &'t str, max_depth: usize, handler: &'h mut H) -> Self {
        Self { scanner: Scanner::new(text), handler, depth: 0, max_depth, handles: Vec::new() }
    }

    /// Reads the next document; `false` when there is none. `first`: it needs no `---`.
    pub(crate) fn document(&mut self, first: bool) -> Result<bool> {
        self.handles.clear();
        if !first {
            while matches!(self.peek()?, Kind::DocumentEnd) {
                self.scanner.take();
            }
        }
        let place = self.place()?;
        match self.peek()? {
            Kind::StreamEnd => return Ok(false),
            Kind::Version(..) | Kind::TagDirective(..) | Kind::DocumentStart => {
                self.directives()?;
                if !matches!(self.peek()?, Kind::DocumentStart) {
                    return Err(self.problem("a line of `---` is missing behind the directives"));
                }
                self.scanner.take();
                self.emit(Event::DocumentStart(true), place)?;
                match self.peek()? {
                    Kind::Version(..)
                    | Kind::TagDirective(..)
                    | Kind::DocumentStart
                    | Kind::DocumentEnd
                    | Kind::StreamEnd => self.empty_here()?,
                    _ => self.node(true, false)?,
                }
            }
            _ if first => {
                self.emit(Event::DocumentStart(false), place)?;
                self.node(true, false)?;
            }
            _ => return Err(behind_the_end(place)),
        }
        let place = self.place()?;
        if matches!(self.peek()?, Kind::DocumentEnd) {
            self.scanner.take();
        }
        self.emit(Event::DocumentEnd, place)?;
        Ok(true)
    }

    /// Where another document starts; `None` at the end of the text.
    pub(crate) fn next_document(&mut self) -> Result<Option<Place>> {
        while matches!(self.peek()?, Kind::DocumentEnd) {
            self.scanner.take();
        }
        let place = self.place()?;
        match self.peek()? {
            Kind::StreamEnd => Ok(None),
            Kind::Version(..) | Kind::TagDirective(..) | Kind::DocumentStart => Ok(Some(place)),
            _ => Err(behind_the_end(place)),
        }
    }

    fn peek(&mut self) -> Result<&Kind<'t>> {
        self.scanner.peek().map(|token| &token.kind)
    }

    /// Where the next token is.
    fn place(&mut self) -> Result<Place> {
        self.scanner.peek().map(|token| token.place)
    }

    fn emit(&mut self, event: Event<'t>, place: Place) -> Result<()> {
        self.handler.event(event, place)
    }

    fn problem(&mut self, message: &'static str) -> Box<Problem> {
        match self.place() {
            Ok(place) => Box::new(Problem::error(message, Place { end: place.end.max(place.start + 1), ..place })),
            Err(problem) => problem,
        }
    }

    fn directives(&mut self) -> Result<()> {
        let mut has_version = false;
        while matches!(self.peek()?, Kind::Version(..) | Kind::TagDirective(..)) {
            let Some(Token { kind, place }) = self.scanner.take() else { break };
            match kind {
                Kind::Version(1, 1 | 2) if !has_version => has_version = true,
                Kind::Version(..) if has_version => {
                    return Err(Box::new(Problem::error("a second %YAML directive", place)));
                }
                Kind::Version(..) => {
                    return Err(Box::new(
                        Problem::error("this version of YAML is not known", place).help("write `%YAML 1.1`"),
                    ));
                }
                Kind::TagDirective(handle, prefix) => {
                    if self.handles.iter().any(|(known, _)| *known == handle) {
                        return Err(Box::new(Problem::error("a second %TAG directive for this handle", place)));
                    }
                    self.handles.push((handle, prefix));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn empty(&mut self, at: u32) -> Result<()> {
        let event = Event::Scalar(Properties::default(), Cow::Borrowed(""), Style::Plain);
        self.emit(event, Place { start: at, end: at })
    }

    fn empty_here(&mut self) -> Result<()> {
        let at = self.place()?.start;
        self.empty(at)
    }

    /// A value. `block`: it may be a block collection; `indentless`: a list that is not indented further than its key.
    fn node(&mut self, block: bool, indentless: bool) -> Result<()> {
        let mut place = self.place()?;
        if let Kind::Alias(name) = *self.peek()? {
            self.scanner.take();
            return self.emit(Event::Alias(name), place);
        }
        let mut properties = Properties::default();
        let mut has_any = false;
        place.end = place.start;
        loop {
            let found = self.place()?;
            match self.peek()? {
                &Kind::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(name),
                Kind::Tag(handle, suffix) if properties.tag.is_none() => {
                    let (handle, suffix) = (handle.clone(), suffix.clone());
                    properties.tag = Some(self.resolve_tag(&handle, &suffix, found)?);
                }
                _ => break,
            }
            self.scanner.take();
            place.end = found.end;
            has_any = true;
        }
        let next = self.place()?;
        match self.peek()? {
            Kind::BlockEntry if indentless => {
                place.end = next.end;
                self.open(Event::SequenceStart(properties), place)?;
                self.indentless_sequence()
            }
            Kind::Scalar(..) => {
                let Some(Token { kind: Kind::Scalar(text, style), .. }) = self.scanner.take() else { return Ok(()) };
                place.end = next.end;
                self.emit(Event::Scalar(properties, text, style), place)
            }
            Kind::FlowSequenceStart => {
                place.end = next.end;
                self.open(Event::SequenceStart(properties), place)?;
                self.flow_sequence(next)
            }
            Kind::FlowMappingStart => {
                place.end = next.end;
                self.open(Event::MappingStart(properties), place)?;
                self.flow_mapping(next)
            }
            Kind::BlockSequenceStart if block => {
                place.end = next.end;
                self.open(Event::SequenceStart(properties), place)?;
                self.block_sequence()
            }
            Kind::BlockMappingStart if block => {
                place.end = next.end;
                self.open(Event::MappingStart(properties), place)?;
                self.block_mapping()
            }
            _ if has_any => self.emit(Event::Scalar(properties, Cow::Borrowed(""), Style::Plain), place),
            Kind::FlowSequenceEnd | Kind::FlowMappingEnd => Err(self.problem("this bracket closes none that is open")),
            Kind::FlowEntry | Kind::Value => Err(self.problem("a value is missing before this")),
            Kind::StreamEnd => Err(self.problem("a value is missing at the end")),
            _ => Err(self.problem("a value is missing here")),
        }
    }

    fn resolve_tag(&self, handle: &str, suffix: &str, place: Place) -> Result<Cow<'static, str>> {
        if handle.is_empty() {
            return Ok(Cow::Owned(suffix.to_owned()));
        }
        let declared = self.handles.iter().find(|(known, _)| known == handle).map(|(_, prefix)| prefix.as_str());
        let prefix = match (declared, handle) {
            (Some(prefix), _) => prefix,
            (None, "!") => "!",
            (None, "!!") => STANDARD,
            (None, _) => {
                let problem = Problem::error(format!("no %TAG directive declares `{handle}`"), place)
                    .help("put a value that starts with `!` in quotes");
                return Err(Box::new(problem));
            }
        };
        Ok(Cow::Owned(format!("{prefix}{suffix}")))
    }

    fn open(&mut self, event: Event<'t>, place: Place) -> Result<()> {
        self.depth += 1;
        if self.depth > self.max_depth {
            let message = format!("values are nested more than {} deep", self.max_depth);
            return Err(Box::new(Problem::limit(message, Place { end: place.end.max(place.start + 1), ..place })));
        }
        self.emit(event, place)
    }

    fn close(&mut self, event: Event<'t>, place: Place) -> Result<()> {
        self.depth = self.depth.saturating_sub(1);
        self.emit(event, place)
    }

    fn block_sequence(&mut self) -> Result<()> {
        self.scanner.take();
        loop {
            let place = self.place()?;
            match self.peek()? {
                Kind::BlockEntry => {
                    self.scanner.take();
                    match self.peek()? {
                        Kind::BlockEntry | Kind::BlockEnd => self.empty(place.end)?,
                        _ => self.node(true, false)?,
                    }
                }
                Kind::BlockEnd => {
                    self.scanner.take();
                    return self.close(Event::SequenceEnd, place);
                }
                _ => {
                    let problem = self.problem("a `- ` is missing before this element of a list");
                    return Err(Box::new(problem.help("indent the elements of a list alike")));
                }
            }
        }
    }

    fn indentless_sequence(&mut self) -> Result<()> {
        loop {
            let place = self.place()?;
            if !matches!(self.peek()?, Kind::BlockEntry) {
                let place = Place { end: place.start, ..place };
                return self.close(Event::SequenceEnd, place);
            }
            self.scanner.take();
            match self.peek()? {
                Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd => self.empty(place.end)?,
                _ => self.node(true, false)?,
            }
        }
    }

    fn block_mapping(&mut self) -> Result<()> {
        self.scanner.take();
        loop {
            let place = self.place()?;
            match self.peek()? {
                Kind::Key => {
                    self.scanner.take();
                    self.block_mapping_node(place.end)?;
                    let place = self.place()?;
                    if matches!(self.peek()?, Kind::Value) {
                        self.scanner.take();
                        self.block_mapping_node(place.end)?;
                    } else {
                        self.empty(place.start)?;
                    }
                }
                // A value without a key.
                Kind::Value => {
                    return Err(Box::new(
                        self.problem("the key before this `:` is missing").help("write `key: value`"),
                    ));
                }
                Kind::BlockEnd => {
                    self.scanner.take();
                    return self.close(Event::MappingEnd, place);
                }
                _ => {
                    let problem = self.problem("a key is missing here");
                    let before =
                        self.scanner.cursor.slice(0, problem.place.start as usize).trim_end_matches([' ', '\t']);
                    let help = match before.bytes().next_back() {
                        // `"Install" it`, `[draft] Install`.
                        Some(b'"' | b'\'' | b']' | b'}') => {
                            "a value ends where its quotes or brackets do; put all of it in quotes, of the other kind if need be"
                        }
                        _ => "indent the keys of a mapping alike, and write `key: value`",
                    };
                    return Err(Box::new(problem.help(help)));
                }
            }
        }
    }

    fn block_mapping_node(&mut self, end: u32) -> Result<()> {
        match self.peek()? {
            Kind::Key | Kind::Value | Kind::BlockEnd => self.empty(end),
            _ => self.node(true, true),
        }
    }

    fn unclosed(&mut self, open: Place, message: &'static str) -> Box<Problem> {
        match self.place() {
            Ok(place) if matches!(self.peek(), Ok(Kind::StreamEnd | Kind::DocumentStart | Kind::DocumentEnd)) => {
                Box::new(Problem::error("this bracket is never closed", open).label(place, "the text ends here"))
            }
            Ok(place) => Box::new(
                Problem::error(message, Place { end: place.end.max(place.start + 1), ..place })
                    .label(open, "the bracket opens here"),
            ),
            Err(problem) => problem,
        }
    }

    fn flow_sequence(&mut self, open: Place) -> Result<()> {
        self.scanner.take();
        let mut first = true;
        loop {
            if !matches!(self.peek()?, Kind::FlowSequenceEnd) {
                if !first {
                    if !matches!(self.peek()?, Kind::FlowEntry) {
                        return Err(self.unclosed(open, "a `,` or `]` is missing here"));
                    }
                    self.scanner.take();
                }
                match self.peek()? {
                    Kind::Key => self.flow_pair()?,
                    Kind::FlowSequenceEnd => {}
                    _ => self.flow_node(open)?,
                }
                first = false;
            }
            if matches!(self.peek()?, Kind::FlowSequenceEnd) {
                let place = self.place()?;
                self.scanner.take();
                return self.close(Event::SequenceEnd, place);
            }
        }
    }

    /// A value within brackets; what is missing at the text's end is the closing bracket.
    fn flow_node(&mut self, open: Place) -> Result<()> {
        match self.peek()? {
            Kind::StreamEnd | Kind::DocumentStart | Kind::DocumentEnd => Err(self.unclosed(open, "")),
            _ => self.node(false, false),
        }
    }

    /// A pair in a sequence, which is a mapping of its own.
    fn flow_pair(&mut self) -> Result<()> {
        let place = self.place()?;
        self.scanner.take();
        self.open(Event::MappingStart(Properties::default()), place)?;
        let place = self.place()?;
        match self.peek()? {
            // libyaml takes the sign that follows an empty key for a part of it.
            Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd => {
                self.scanner.take();
                self.empty(place.end)?;
            }
            _ => self.node(false, false)?,
        }
        let mut has_value = false;
        if matches!(self.peek()?, Kind::Value) {
            self.scanner.take();
            has_value = !matches!(self.peek()?, Kind::FlowEntry | Kind::FlowSequenceEnd);
        }
        if has_value {
            self.node(false, false)?;
        } else {
            self.empty_here()?;
        }
        let place = self.place()?;
        self.close(Event::MappingEnd, Place { end: place.start, ..place })
    }

    fn flow_mapping(&mut self, open: Place) -> Result<()> {
        self.scanner.take();
        let mut first = true;
        loop {
            if !matches!(self.peek()?, Kind::FlowMappingEnd) {
                if !first {
                    if !matches!(self.peek()?, Kind::FlowEntry) {
                        return Err(self.unclosed(open, "a `,` or `}` is missing here"));
                    }
                    self.scanner.take();
                }
                match self.peek()? {
                    Kind::Key => {
                        self.scanner.take();
                        match self.peek()? {
                            Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd => self.empty_here()?,
                            _ => self.flow_node(open)?,
                        }
                        self.flow_value(open)?;
                    }
                    Kind::FlowMappingEnd => {}
                    _ => {
                        self.flow_node(open)?;
                        self.empty_here()?;
                    }
                }
                first = false;
            }
            if matches!(self.peek()?, Kind::FlowMappingEnd) {
                let place = self.place()?;
                self.scanner.take();
                return self.close(Event::MappingEnd, place);
            }
        }
    }

    fn flow_value(&mut self, open: Place) -> Result<()> {
        if matches!(self.peek()?, Kind::Value) {
            self.scanner.take();
            if !matches!(self.peek()?, Kind::FlowEntry | Kind::FlowMappingEnd) {
                return self.flow_node(open);
            }
        }
        self.empty_here()
    }
}
