//! What Markdown's writer asks of the build: colours of code, blocks of tags, ids, marks.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use carafe_markdown::{PageIds, SearchText};
use carafe_source::Places;
use carafe_source::island::{Island, Islands};

use crate::config::Mode;
use crate::world::World;

use super::host::PageHost;
use super::marks::Marking;
use super::searched::Texts;

/// What Markdown's writer asks of the build.
pub(crate) struct Services<'w> {
    world: &'w World,
    islands: &'w Islands,
    /// Where elements tell their numbers, if they do.
    pub(super) marking: Option<Marking<'w>>,
    ids: &'w RefCell<PageIds>,
    places: Places<'w>,
    /// What is known of the page's parts, when a search is to find the text.
    texts: Option<&'w Texts>,
    /// Those of the islands that are marked.
    marked: BTreeMap<usize, Island>,
}

impl<'w> Services<'w> {
    /// For a text with these islands that came from `places`.
    pub(crate) fn new(host: &'w PageHost<'w>, islands: &'w Islands, text: &'w str, places: Places<'w>) -> Self {
        let world = host.world;
        let marking = host.marks.map(|marks| Marking { marks, sources: &world.sources, text, places });
        let marked = marking.as_ref().map(|marking| marking.islands(islands)).unwrap_or_default();
        Self { world, islands, marking, ids: &host.ids, places, texts: None, marked }
    }

    /// Of a page that a search is to find, with what is known of its parts; or of one that it is not to find.
    pub(super) fn searched(self, texts: Option<&'w Texts>) -> Self {
        Self { texts, ..self }
    }

    /// All islands, the marked ones in their places.
    pub(super) fn all_islands(&self) -> Cow<'_, Islands> {
        if self.marked.is_empty() {
            return Cow::Borrowed(self.islands);
        }
        let mut all = Islands::default();
        for (number, island) in self.islands.iter().enumerate() {
            all.add(self.marked.get(&number).unwrap_or(island).clone());
        }
        Cow::Owned(all)
    }
}

impl carafe_markdown::Services for Services<'_> {
    fn highlight(&self, out: &mut String, code: &str, language: &str, inline: bool) -> bool {
        if !self.world.config.highlight.enabled {
            return false;
        }
        // A code span of no language in particular is wrapped as highlighted code is, and has no spans inside.
        if inline && language == "plaintext" {
            out.push_str(&carafe_highlight::escape(code));
            return true;
        }
        // As Jekyll does: its stylesheets know no wrapper around languages without a lexer, and names have the case that Rouge gives them.
        let name = language.split('?').next().unwrap_or(language);
        if self.world.config.mode == Mode::Jekyll && !carafe_highlight::rouge::knows(name) {
            return false;
        }
        match self.world.highlighter.highlight(code, lexed_as(self.world, code, language)) {
            Some(html) => {
                out.push_str(&html);
                true
            }
            // Nobody here colours it; around it stands what stands around all code.
            None if self.world.config.mode == Mode::Jekyll => {
                out.push_str(&carafe_highlight::escape(code));
                true
            }
            None => false,
        }
    }

    fn island(&self, number: usize) -> Option<&Island> {
        self.marked.get(&number).or_else(|| self.islands.get(number))
    }

    fn page_ids(&self) -> Option<&RefCell<PageIds>> {
        Some(self.ids)
    }

    fn is_searched(&self) -> bool {
        self.texts.is_some()
    }

    fn island_text(&self, number: usize) -> Option<&SearchText> {
        self.texts?.of(&self.islands.get(number)?.html)
    }

    fn scope(&self, at: u32) -> u32 {
        self.places.segment(at as usize).map_or(0, |segment| segment.frame.0)
    }

    fn mark(&self, out: &mut String, range: &Range<u32>) {
        if let Some(marking) = &self.marking {
            marking.write(out, range.start as usize..range.end as usize);
        }
    }
}

/// The language that code is coloured in. Jekyll sites have Rouge's reading of a session; native ones tell comments and what was
/// printed from prompts, also in a shell's language.
fn lexed_as<'l>(world: &World, code: &str, language: &'l str) -> &'l str {
    let is_session = world.config.mode == Mode::Native && carafe_highlight::is_session(code, language);
    if is_session { "session" } else { language }
}

/// The tag `highlight`'s block, as Jekyll writes it.
pub(crate) fn code_block(world: &World, code: &str, language: &str, line_numbers: bool) -> String {
    let inner = world
        .highlighter
        .highlight(code, lexed_as(world, code, language))
        .map_or_else(|| carafe_highlight::escape(code), |html| html.to_string());
    let language = carafe_highlight::escape(language);
    let class = language.replace('+', "-");
    if !line_numbers {
        return format!(
            "<figure class=\"highlight\"><pre><code class=\"language-{class}\" data-lang=\"{language}\">{inner}</code></pre></figure>"
        );
    }
    let count = code.lines().count().max(1);
    let numbers: String = (1..=count).map(|number| format!("{number}\n")).collect();
    format!(
        "<figure class=\"highlight\"><pre><code class=\"language-{class}\" data-lang=\"{language}\">\
         <table class=\"rouge-table\"><tbody><tr><td class=\"gutter gl\"><pre class=\"lineno\">{numbers}</pre></td>\
         <td class=\"code\"><pre>{inner}\n</pre></td></tr></tbody></table></code></pre></figure>"
    )
}
