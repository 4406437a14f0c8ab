//! The language server: what `check` finds as one types, and what is known of includes, variables and links where the cursor stands.
//!
//! 1. [`wire`] cuts what an editor sends into messages, whatever it sends, and writes the answers.
//! 2. [`server`] takes all messages that have come: changes of texts at once, then one step of each site to its next session, then
//!    the requests that nothing has outdated meanwhile.
//! 3. [`sites`] finds the site that a file belongs to and lays the editor's texts over its folder.
//! 4. [`diagnostics`] tells what is wrong: with the page that is edited at once, with the rest when [`worker`] has looked at the site.
//!    What git knows of pages that are gone is looked for there, too ([`history`]).
//! 5. Every other feature has a file of its own. It is given a [`here::Here`] and answers from the session and the text.
//!
//! Positions are converted here alone ([`position`]); all else counts bytes. Nothing is written into a site; pages about findings are written
//! into the user's cache ([`manual`]).

mod actions;
mod addresses;
mod completion;
mod cursor;
mod definition;
mod diagnostics;
mod documents;
mod edits;
mod features;
mod here;
mod history;
mod hover;
mod inlay;
mod known;
mod lenses;
mod links;
mod manual;
mod moves;
mod navigations;
mod outline;
mod position;
mod redirects;
mod refactor;
mod references;
mod rename;
mod selection;
mod server;
mod signature;
mod sites;
mod symbol;
mod target;
mod texts;
mod tokens;
mod ways;
mod wire;
mod worker;

use std::io;

use crate::world::Options;

/// Talks to an editor on these streams until it says `exit` or hangs up. `options` say how sites are read; their folder is found for each
/// file. Gives whether the editor has said goodbye as the protocol has it.
pub(crate) fn run(
    options: Options,
    input: impl io::Read + Send + 'static,
    output: impl io::Write + Send + 'static,
) -> io::Result<bool> {
    server::Server::new(options, wire::connect(input, output)?).run()
}
