//! Jekyll's `{% highlight LANGUAGE linenos %}…{% endhighlight %}`.

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Body;
use crate::lexer::{Token, is_space};
use crate::parser::Parser;
use crate::render::{At, Flow, Renderer};

use super::Tag;

/// A block of code.
#[derive(Debug)]
pub struct Highlight {
    /// The language, in lower case.
    pub language: String,
    /// Whether lines are numbered.
    pub line_numbers: bool,
    /// The code.
    pub body: Body,
}

pub(super) fn parse(parser: &mut Parser<'_>, token: &Token) -> Result<Tag, Diagnostic> {
    let body = parser.block(token);
    let mut words = parser.get(&token.markup).split(is_space).filter(|word| !word.is_empty());
    let language = words.next().unwrap_or("");
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '#' | '_' | '-');
    if language.is_empty() || !language.chars().all(known) {
        let diagnostic = parser.syntax(token, "`highlight` needs a language");
        return Err(diagnostic.help("write `{% highlight ruby %}` or `{% highlight ruby linenos %}`"));
    }
    let line_numbers = words.any(|word| word == "linenos" || word.starts_with("linenos="));
    Ok(Tag::Highlight(Highlight { language: language.to_lowercase(), line_numbers, body }))
}

pub(super) fn render(tag: &Highlight, renderer: &mut Renderer<'_>, at: At<'_>) -> Flow {
    let (runs, flow) = renderer.captured_runs(&tag.body, at.template);
    if flow == Flow::Stop || !renderer.spend(&runs.text, at.span) {
        return Flow::Stop;
    }
    let code = renderer.islands.borrow().islands.resolve(runs.text.trim_matches(['\n', '\r'])).into_owned();
    // Colouring tries many patterns at each byte.
    renderer.budget.steps(600 + 48 * code.len() as u64);
    if renderer.stopped(|| at.span) {
        return Flow::Stop;
    }
    let html = renderer.host.highlight(&code, &tag.language, tag.line_numbers);
    let placeholder = renderer.islands.borrow_mut().add_lines(html);
    match renderer.write(&placeholder, at.span) {
        Flow::Next => flow,
        stopped => stopped,
    }
}
