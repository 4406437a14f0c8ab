//! Messages on two streams: `Content-Length` headers and JSON, read so that nothing that comes ends the reading.
//!
//! The reader of `lsp-server` ends at the first message that it cannot read, and makes room for whatever length it is told; hence this one.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use super::worker::Checked;

/// The longest message that is read; longer ones are passed over.
const LONGEST: u64 = 64 << 20;
/// The longest line of a header.
const LINE: u64 = 8 << 10;

/// What has happened.
#[derive(Debug)]
pub(super) enum Event {
    /// The editor has sent something.
    Message(Message),
    /// A site has been looked at.
    Checked(Box<Checked>),
    /// The editor has gone.
    Closed,
}

/// What an editor sends. Answers to what we asked are passed over.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Message {
    /// It waits for an answer under this id, which is a number or a text.
    Request { id: Value, method: String, params: Value },
    /// It waits for nothing.
    Notification { method: String, params: Value },
    /// It cannot be understood; the error code and why.
    Malformed(i32, String),
}

/// The codes of errors, as JSON-RPC and the protocol number them.
pub(super) mod code {
    pub(crate) const PARSE_ERROR: i32 = -32700;
    pub(crate) const INVALID_REQUEST: i32 = -32600;
    pub(crate) const METHOD_NOT_FOUND: i32 = -32601;
    pub(crate) const INVALID_PARAMS: i32 = -32602;
    pub(crate) const INTERNAL_ERROR: i32 = -32603;
    pub(crate) const SERVER_NOT_INITIALIZED: i32 = -32002;
    pub(crate) const CONTENT_MODIFIED: i32 = -32801;
    pub(crate) const REQUEST_CANCELLED: i32 = -32800;
}

/// Both directions.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) events: Receiver<Event>,
    /// For those who have events of their own to tell.
    pub(super) tell: Sender<Event>,
    pub(super) out: Sender<Value>,
    writer: JoinHandle<()>,
}

impl Connection {
    /// Waits until all that was said is written.
    pub(super) fn close(self) {
        let Self { out, writer, .. } = self;
        drop(out);
        // A writer that has panicked has nothing more to write.
        let _ = writer.join();
    }
}

/// Starts a thread for each direction.
pub(super) fn connect(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
) -> io::Result<Connection> {
    let (tell, events) = channel();
    let (out, said) = channel::<Value>();
    let told = tell.clone();
    std::thread::Builder::new().name("reader".into()).spawn(move || {
        let mut input = BufReader::new(input);
        while let Some(message) = read(&mut input) {
            if told.send(Event::Message(message)).is_err() {
                return;
            }
        }
        // Nobody listens any more when the server has ended.
        let _ = told.send(Event::Closed);
    })?;
    let writer = std::thread::Builder::new().name("writer".into()).spawn(move || {
        let mut output = BufWriter::new(output);
        for message in said {
            if write(&mut output, &message).is_err() {
                return;
            }
        }
    })?;
    Ok(Connection { events, tell, out, writer })
}

fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

/// The next message; `None` when no more will come.
fn read(input: &mut impl BufRead) -> Option<Message> {
    loop {
        match header(input)? {
            None => {}
            Some(length) if length > LONGEST => {
                io::copy(&mut input.by_ref().take(length), &mut io::sink()).ok()?;
                let why = format!("a message of {length} bytes is longer than {LONGEST}");
                return Some(Message::Malformed(code::INVALID_REQUEST, why));
            }
            Some(length) => {
                let mut bytes = Vec::new();
                let read = input.by_ref().take(length).read_to_end(&mut bytes).ok()?;
                return (read as u64 == length)
                    .then(|| message(&bytes))
                    .flatten()
                    .or_else(|| read_on(input, read, length));
            }
        }
    }
}

/// What comes behind a message that is passed over; `None` behind one that was cut off.
fn read_on(input: &mut impl BufRead, read: usize, length: u64) -> Option<Message> {
    if read as u64 == length { self::read(input) } else { None }
}

/// The length that a block of header lines gives, wherever it stands in its line, so that rubbish before it does no harm; `None` when none
/// of them does. `None` at the end of the input.
#[expect(clippy::option_option, reason = "the end of the input is not a header without a length")]
fn header(input: &mut impl BufRead) -> Option<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LINE).read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if text.trim().is_empty() {
            return Some(length);
        }
        if let Some(at) = text.find("content-length:") {
            length = text[at + "content-length:".len()..].trim().parse().ok();
        }
    }
}

/// What a text says; `None` for an answer.
fn message(bytes: &[u8]) -> Option<Message> {
    let mut value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return Some(Message::Malformed(code::PARSE_ERROR, error.to_string())),
    };
    let Some(fields) = value.as_object_mut() else {
        return Some(Message::Malformed(code::INVALID_REQUEST, "a message is an object".to_owned()));
    };
    let params = fields.remove("params").unwrap_or_default();
    match (fields.remove("method"), fields.remove("id")) {
        (Some(Value::String(method)), Some(id @ (Value::Number(_) | Value::String(_)))) => {
            Some(Message::Request { id, method, params })
        }
        (Some(Value::String(method)), None) => Some(Message::Notification { method, params }),
        (None, Some(_)) if fields.contains_key("result") || fields.contains_key("error") => None,
        _ => Some(Message::Malformed(code::INVALID_REQUEST, "a message has a method, and an id or none".to_owned())),
    }
}

/// The answer to a request.
pub(super) fn response(id: &Value, result: Result<Value, (i32, String)>) -> Value {
    match result {
        Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Err((code, message)) => json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}),
    }
}

/// Something that no answer is expected to.
pub(super) fn notification(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<Message> {
        let mut input = BufReader::new(text);
        std::iter::from_fn(|| read(&mut input)).collect()
    }

    fn framed(text: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    }

    #[test]
    fn what_follows_rubbish_is_read() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"exit"}"#);
        let exit = Message::Notification { method: "exit".to_owned(), params: Value::Null };
        for bad in ["rubbish\r\n\r\n", "Content-Length: x\r\n\r\n", "\r\n\r\n\r\n", r#"{"no":"header"}"#] {
            assert_eq!(all(format!("{bad}{good}").as_bytes()).last(), Some(&exit), "{bad}");
        }
        for bad in ["{", "[]", "1", r#"{"id":1}"#, r#"{"method":7}"#, r#"{"method":"a","id":{}}"#, "\u{0}"] {
            let found = all(format!("{}{good}", framed(bad)).as_bytes());
            assert!(matches!(found.as_slice(), [Message::Malformed(..), last] if *last == exit), "{bad}: {found:?}");
        }
        let deep = framed(&"[".repeat(100_000));
        assert_eq!(all(format!("{deep}{good}").as_bytes()).len(), 2);
        let answers = framed(r#"{"jsonrpc":"2.0","id":1,"result":null}"#);
        assert_eq!(all(format!("{answers}{good}").as_bytes()), [exit]);
    }

    #[test]
    fn a_message_that_is_cut_off_ends_the_input() {
        assert_eq!(all(b"Content-Length: 100\r\n\r\n{}"), []);
        assert_eq!(all(b"Content-Length: 18446744073709551615\r\n\r\n{}").len(), 1);
        assert_eq!(all(b"Content-Le"), []);
    }
}
