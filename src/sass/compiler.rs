//! The compiler of the `grass` crate, and what it sees of the world.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::sheet::{Compiled, Imports, Level, Message, Options, Syntax};
use super::{names, place};

/// The stack of a compilation: sheets nest deeper than the stack of a worker allows.
const STACK: usize = 64 << 20;

/// The name under which the compiler knows the sheet itself. No file has it.
const ROOT: &str = "\u{e001}";

/// The CSS of `text`, compiled by this process. With an error there is none; a compiler that gives up is an error as well.
///
/// Nothing bounds the time and the memory that the sheet takes, or how deep it calls itself: see [`super::process`].
pub(super) fn compile(text: &str, options: Options<'_>, imports: &dyn Imports) -> Compiled {
    let work = || {
        let mut compiled = Compiled::default();
        let door = Door { text, syntax: options.syntax, imports, found: Mutex::default() };
        match catch_unwind(AssertUnwindSafe(|| run(&door, options))) {
            Ok(Ok(css)) => compiled.css = css,
            Ok(Err(message)) => door.add(message),
            Err(_) => door.add(Message {
                level: Level::Error,
                text: "the compiler of style sheets gave up on it".to_owned(),
                file: None,
                range: 0..0,
            }),
        }
        compiled.found = door.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        compiled
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default()
    })
}

fn run(door: &Door<'_>, options: Options<'_>) -> Result<String, Message> {
    let style = if options.compressed { grass::OutputStyle::Compressed } else { grass::OutputStyle::Expanded };
    let syntax = match options.syntax {
        Syntax::Scss => grass::InputSyntax::Scss,
        Syntax::Indented => grass::InputSyntax::Sass,
    };
    let settings = grass::Options::default().fs(door).logger(door).style(style).input_syntax(syntax);
    let settings = settings.load_paths(options.load_paths);
    match grass::from_path(ROOT, &settings) {
        // A mark of the encoding that no reader needs.
        Ok(css) => Ok(css.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(css)),
        Err(error) => Err(match (*error).kind() {
            grass::ErrorKind::ParseError { message, loc, .. } => {
                let lines = (loc.begin.line, loc.begin.column)..(loc.end.line, loc.end.column);
                door.message(Level::Error, message, loc.file.name(), lines)
            }
            grass::ErrorKind::IoError(error) => door.message(Level::Error, error.to_string(), ROOT, (0, 0)..(0, 0)),
            grass::ErrorKind::FromUtf8Error(text) => door.message(Level::Error, text, ROOT, (0, 0)..(0, 0)),
            other => door.message(Level::Error, format!("{other:?}"), ROOT, (0, 0)..(0, 0)),
        }),
    }
}

/// What the compiler sees of the world.
struct Door<'d> {
    text: &'d str,
    syntax: Syntax,
    imports: &'d dyn Imports,
    found: Mutex<Vec<Message>>,
}

impl fmt::Debug for Door<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

/// What is kept of the messages of one sheet: a loop may write any number.
pub(super) const MESSAGES: usize = 100;

impl Door<'_> {
    fn add(&self, message: Message) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() < MESSAGES || message.level == Level::Error {
            found.push(message);
        }
    }

    /// A message about these lines and columns, counted from 0, of the file that the compiler calls `name`.
    fn message(&self, level: Level, text: String, name: &str, lines: Range<(usize, usize)>) -> Message {
        let path = names::path(Path::new(name)).filter(|_| name != ROOT);
        let file = path.and_then(|path| Some((path.clone(), self.imports.read(&path)?)));
        let whole: &str = file.as_ref().map_or(self.text, |(_, text)| text);
        let range = place::offset(whole, lines.start)..place::offset(whole, lines.end);
        Message { level, text, range: range.start..range.end.max(range.start), file }
    }
}

impl grass::Fs for Door<'_> {
    fn is_dir(&self, _: &Path) -> bool {
        // It is asked before `index` is looked for in it, which tells as well.
        true
    }

    fn is_file(&self, path: &Path) -> bool {
        names::path(path).is_some_and(|path| self.imports.read(&path).is_some())
    }

    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        if path == Path::new(ROOT) {
            return Ok(names::guarded(self.text, self.syntax).into_owned().into_bytes());
        }
        let syntax = if path.extension().is_some_and(|end| end == "sass") { Syntax::Indented } else { Syntax::Scss };
        let text = names::path(path).and_then(|path| self.imports.read(&path));
        let text = text.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))?;
        match names::guarded(&text, syntax) {
            Cow::Borrowed(text) => Ok(text.as_bytes().to_vec()),
            Cow::Owned(text) => Ok(text.into_bytes()),
        }
    }
}

impl grass::Logger for Door<'_> {
    fn debug(&self, place: grass::codemap::SpanLoc, message: &str) {
        self.log(Level::Debug, &place, message);
    }

    fn warn(&self, place: grass::codemap::SpanLoc, message: &str) {
        self.log(Level::Warning, &place, message);
    }
}

impl Door<'_> {
    fn log(&self, level: Level, place: &grass::codemap::SpanLoc, message: &str) {
        // A loop may write any number, and each one asks for the text of its file.
        if self.found.lock().unwrap_or_else(PoisonError::into_inner).len() >= MESSAGES {
            return;
        }
        let lines = (place.begin.line, place.begin.column)..(place.end.line, place.end.column);
        let text = message.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(message);
        self.add(self.message(level, text.to_owned(), place.file.name(), lines));
    }
}
