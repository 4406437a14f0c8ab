//! A process for each sheet: what its compiler cannot bound ends with the process.
//!
//! The program starts itself again with [`ARGUMENT`]. Both sides write lines of JSON: the sheet goes in, questions for files
//! come out and are answered, and the last line out is the result. The process watches itself ([`Limits`]), so that what a sheet may
//! take does not depend on how busy the machine is.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use cpu_time::ProcessTime;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::compiler;
use super::sheet::{Compiled, Imports, Options, Syntax};

/// The argument, alone, that makes the program compile one sheet from standard input.
pub(crate) const ARGUMENT: &str = "--compile-one-style-sheet";

/// What one sheet may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Time of the processor. A large framework takes a tenth of a second.
    time: Duration,
    /// Bytes of memory. A large framework takes 40 MiB.
    memory: usize,
}

const LIMITS: Limits = Limits { time: Duration::from_secs(4), memory: 256 << 20 };

/// How often the process looks at what it has taken.
const GLANCE: Duration = Duration::from_millis(5);

/// The program that compiles sheets, once it is known.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Has sheets compiled by further processes of this program, which must call [`serve`] when it gets [`ARGUMENT`].
pub(crate) fn use_this_program() {
    // The file may have been replaced since; this name leads to what is running.
    let running = PathBuf::from("/proc/self/exe");
    let program = if running.exists() { Ok(running) } else { std::env::current_exe() };
    if let Ok(program) = program {
        PROGRAM.get_or_init(|| program);
    }
}

/// The program to have sheets compiled by; `None` where the library serves another program.
pub(super) fn program() -> Option<&'static Path> {
    PROGRAM.get().map(PathBuf::as_path)
}

#[derive(Serialize, Deserialize)]
struct Sheet {
    text: String,
    syntax: Syntax,
    compressed: bool,
    load_paths: Vec<String>,
}

#[derive(Serialize, Deserialize)]
enum Answer {
    /// The text of the file at this path is asked for.
    Read(String),
    Compiled(Compiled),
}

/// The CSS of `text`, compiled by a process of `program`.
pub(super) fn compile(program: &Path, text: &str, options: Options<'_>, imports: &dyn Imports) -> Compiled {
    let started =
        Command::new(program).arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return Compiled::error(format!("no process can be started for it: {error}")),
    };
    let sheet = Sheet {
        text: text.to_owned(),
        syntax: options.syntax,
        compressed: options.compressed,
        load_paths: options.load_paths.to_vec(),
    };
    let answered = converse(&mut child, &sheet, imports);
    // Whatever it still does is of no use.
    let _ = child.kill();
    let complaint = complaint(&mut child);
    let _ = child.wait();
    match answered {
        Ok(Some(compiled)) => compiled,
        _ if complaint.contains("stack") => Compiled::error("something in it is nested or calls itself too deeply"),
        _ => Compiled::error("its compiler ended without a result"),
    }
}

/// Hands over the sheet and the files asked for, up to the result; `None` when the process ended without one.
fn converse(child: &mut Child, sheet: &Sheet, imports: &dyn Imports) -> io::Result<Option<Compiled>> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else { return Ok(None) };
    let mut from = BufReader::new(from);
    write_line(&mut to, sheet)?;
    loop {
        match read_line(&mut from)? {
            // It may have ended since; what it said before it did is still to be read.
            Some(Answer::Read(path)) => _ = write_line(&mut to, &imports.read(&path)),
            Some(Answer::Compiled(compiled)) => return Ok(Some(compiled)),
            None => return Ok(None),
        }
    }
}

/// The beginning of what the process wrote about its own end.
fn complaint(child: &mut Child) -> String {
    let mut text = Vec::new();
    if let Some(stream) = child.stderr.take() {
        let _ = stream.take(4096).read_to_end(&mut text);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn write_line(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()
}

/// The next line; `None` at the end.
fn read_line<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    if line.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_slice(&line)?)) }
}

/// Compiles the one sheet that comes through standard input: what the program does when it gets [`ARGUMENT`].
///
/// # Errors
///
/// The other side has gone, or says what no Carafe says.
pub(crate) fn serve() -> io::Result<()> {
    let mut input = BufReader::new(io::stdin());
    let Some(sheet) = read_line::<Sheet>(&mut input)? else { return Ok(()) };
    std::thread::Builder::new().spawn(|| watch(LIMITS))?;
    let options = Options { syntax: sheet.syntax, compressed: sheet.compressed, load_paths: &sheet.load_paths };
    let compiled = compiler::compile(&sheet.text, options, &Asked(Mutex::new(input)));
    write_line(&mut io::stdout().lock(), &Answer::Compiled(compiled))
}

/// Ends the process when it has taken more than it may.
fn watch(limits: Limits) {
    let over = loop {
        std::thread::sleep(GLANCE);
        if ProcessTime::now().as_duration() > limits.time {
            break format!("it was given up after {} s: a loop in it may never end", limits.time.as_secs());
        }
        if memory_stats::memory_stats().is_some_and(|taken| taken.physical_mem > limits.memory) {
            break format!("it takes more than {} MiB of memory", limits.memory >> 20);
        }
    };
    // A result that is being written holds the lock: it came first.
    let mut out = io::stdout().lock();
    let written = write_line(&mut out, &Answer::Compiled(Compiled::error(over)));
    std::process::exit(i32::from(written.is_err()));
}

/// The files that the other side knows.
struct Asked<R>(Mutex<R>);

impl<R: BufRead + Send> Imports for Asked<R> {
    fn read(&self, path: &str) -> Option<Arc<str>> {
        let mut from = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write_line(&mut io::stdout().lock(), &Answer::Read(path.to_owned())).ok()?;
        read_line::<Option<Arc<str>>>(&mut *from).ok()??
    }
}
