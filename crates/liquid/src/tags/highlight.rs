//! Jekyll's `{% highlight LANGUAGE linenos %}…{% endhighlight %}`.

use carafe_source::diagnostic::Diagnostic;

use crate::ast::Body;
use crate::filters::fence;
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
    let options = parser.get(&token.markup).trim_start_matches(is_space).get(language.len()..).unwrap_or("");
    if !are_options(options) {
        let message = "the options of this `highlight` are malformed";
        return Err(parser.syntax(token, message).help("write `linenos`, `name=word` or `mark_lines=\"1 2 3\"`"));
    }
    let line_numbers = words.any(|word| word == "linenos" || word.starts_with("linenos="));
    Ok(Tag::Highlight(Highlight { language: language.to_lowercase(), line_numbers, body }))
}

/// Whether this is nothing but words, `name=word` and `name="numbers"`.
fn are_options(text: &str) -> bool {
    let mut rest = text.trim_matches(is_space);
    while !rest.is_empty() {
        let (name, behind) = split_word(rest);
        rest = match behind.strip_prefix('=') {
            _ if name.is_empty() => return false,
            None => behind,
            Some(value) => match value.strip_prefix('"').and_then(|value| value.split_once('"')) {
                Some((numbers, behind)) if are_numbers(numbers) => behind,
                Some(_) => return false,
                None => match split_word(value) {
                    ("", _) => return false,
                    (_, behind) => behind,
                },
            },
        };
        if !rest.is_empty() && !rest.starts_with(is_space) {
            return false;
        }
        rest = rest.trim_start_matches(is_space);
    }
    true
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len()))
}

fn are_numbers(text: &str) -> bool {
    text.split(is_space).all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
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
    let block = || {
        let info = if tag.line_numbers { format!("{} linenos", tag.language) } else { tag.language.clone() };
        let fence = fence(&code, '`');
        format!("{fence}{info}\n{code}\n{fence}")
    };
    if renderer.markdown.is_some() {
        let block = block();
        let placeholder = renderer.islands.borrow_mut().add(block, false);
        return match renderer.write(&placeholder, at.span) {
            Flow::Next => flow,
            stopped => stopped,
        };
    }
    let html = renderer.host.highlight(&code, &tag.language, tag.line_numbers);
    let placeholder = match renderer.host.around_highlight() {
        None => renderer.islands.borrow_mut().add_lines(html),
        Some(around) => format!("{around}{}{around}", renderer.islands.borrow_mut().add(html, false)),
    };
    if renderer.also.is_some() {
        renderer.islands.borrow_mut().add_form(block());
    }
    match renderer.write(&placeholder, at.span) {
        Flow::Next => flow,
        stopped => stopped,
    }
}
