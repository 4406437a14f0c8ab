//! The rendered text of other pages, for the page that shows it.
//!
//! Jekyll renders one document after the other and then the pages, and whoever shows `content` or `output` of another one gets what that is
//! at this moment: converted, when it was rendered before, else as it is written. Pages here are rendered in any order, so what comes
//! before in Jekyll's order is rendered when somebody asks for it, on a thread of its own, since such pages may ask in turn. Each asks for
//! earlier ones alone, so that no two can wait for each other. Excerpts are rendered at any time; one that shows itself is told.

use std::sync::{Arc, Mutex, PoisonError};

use carafe_source::Span;

use crate::diagnostic::Diagnostic;
use crate::graph::Reads;
use crate::site;
use crate::world::World;
use crate::world::renderings::{Rendering, Texts};

/// How many pages may wait for each other, the first for the second and so on.
const DEPTH: usize = 500;

/// Who asks for whom, and from which moment of Jekyll's order.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The place in Jekyll's order whose rendering is under way; what comes before is rendered.
    pub rank: usize,
    /// How many renderings wait for this one.
    pub depth: usize,
    /// The pages whose excerpts are being rendered.
    pub excerpts: Vec<usize>,
}

/// What one page may ask.
#[derive(Debug)]
pub(super) struct Others {
    pub world: Arc<World>,
    pub reads: Arc<Reads>,
    pub asked: Asked,
    /// What was found on the way that nobody else tells.
    pub found: Arc<Mutex<Vec<Diagnostic>>>,
}

impl Others {
    fn texts(&self, at: usize) -> Option<&Texts> {
        self.world.renderings.of(at, self.world.site.entries.len())
    }

    fn tell(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).extend(diagnostics);
    }

    /// Takes down what a text was made from.
    fn used(&self, at: usize, rendering: &Rendering) -> Arc<str> {
        for read in &rendering.reads {
            self.reads.record(read.clone());
        }
        // What is written out tells its findings itself.
        if self.world.site.entry(at).is_some_and(|entry| !entry.written) {
            self.tell(rendering.diagnostics.iter().cloned());
        }
        rendering.text.clone()
    }

    /// Runs a rendering that was asked for, on a stack of its own; an empty one when too many wait already.
    fn run(&self, at: usize, asked: Asked, render: fn(&Arc<World>, usize, Asked) -> Rendering) -> Arc<Rendering> {
        let done = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().spawn_scoped(scope, || render(&self.world, at, asked));
            thread.ok().and_then(|thread| thread.join().ok())
        });
        Arc::new(done.unwrap_or_default())
    }

    fn is_earlier(&self, at: usize) -> bool {
        let ranks = &self.world.site.orders.rank;
        let earlier = ranks.get(at).is_some_and(|rank| *rank < self.asked.rank);
        if earlier && self.asked.depth >= DEPTH {
            self.tell(self.told(
                at,
                format!("more than {DEPTH} pages show each other's text, the first that of the second and so on"),
            ));
            return false;
        }
        earlier
    }

    fn told(&self, at: usize, message: String) -> Option<Diagnostic> {
        let file = self.world.site.entry(at)?.page.file;
        Some(Diagnostic::error("text-cycle", message).at(Span::new(file, 0, 0)))
    }

    /// As the page at this position is asked for what is its own.
    fn asking(&self, at: usize) -> Asked {
        let rank = self.world.site.orders.rank.get(at).copied().unwrap_or(0);
        Asked { rank, depth: self.asked.depth + 1, excerpts: Vec::new() }
    }
}

impl site::Renderings for Others {
    fn content(&self, at: usize) -> Option<Arc<str>> {
        let texts = self.texts(at).filter(|_| self.is_earlier(at))?;
        let done = texts.content.get_or_init(|| self.run(at, self.asking(at), super::content_of));
        Some(self.used(at, done))
    }

    fn output(&self, at: usize) -> Option<Arc<str>> {
        let texts = self.texts(at).filter(|_| self.is_earlier(at))?;
        let done = texts.output.get_or_init(|| self.run(at, self.asking(at), super::output_of));
        Some(self.used(at, done))
    }

    fn excerpt(&self, at: usize) -> Option<Arc<str>> {
        let entry = self.world.site.entry(at)?;
        super::excerpt::separator(&self.world, entry)?;
        let texts = self.texts(at)?;
        // Two threads may ask for two excerpts that show each other, so nobody waits here.
        if let Some(done) = texts.excerpt.get() {
            return Some(self.used(at, done));
        }
        if self.asked.excerpts.contains(&at) || self.asked.depth >= DEPTH {
            self.tell(self.told(at, format!("the excerpt of `{}` shows itself", entry.page.path)));
            return Some("".into());
        }
        let mut excerpts = self.asked.excerpts.clone();
        excerpts.push(at);
        let asked = Asked { rank: 0, depth: self.asked.depth + 1, excerpts };
        let done = self.run(at, asked, super::excerpt_of);
        // What was cut off by a circle is whole for who asks from elsewhere.
        let is_whole = self.asked.excerpts.is_empty();
        if is_whole {
            let _ = texts.excerpt.set(done.clone());
        }
        let cycles = done.diagnostics.iter().filter(|found| found.code == "text-cycle").cloned();
        self.tell(cycles);
        Some(self.used(at, &done))
    }
}
