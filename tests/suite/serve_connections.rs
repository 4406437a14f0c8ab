//! The preview's connections: those that are silent, those that are many, and those that ask for a part.

use crate::preview;
use crate::support;

use std::io::{Read, Write};
use std::net::TcpStream;

use preview::{Answer, Server};
use support::SiteFolder;

fn serve() -> (SiteFolder, Server) {
    let site = SiteFolder::new(&[
        ("carafe.yml", "title: Site\n"),
        ("content/index.md", "# Home\n"),
        ("content/guide.md", "# Guide\n\nWords.\n"),
        ("static/film.mp4", "0123456789"),
        ("static/empty.bin", ""),
    ]);
    let server = Server::start(&site, &["-P", "0"]);
    (site, server)
}

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(("127.0.0.1", server.port)).unwrap()
}

#[test]
fn who_sends_nothing_or_half_a_request_is_sent_away() {
    let (_site, server) = serve();
    let mut silent = connect(&server);
    let mut half = connect(&server);
    half.write_all(b"GET / HTTP/1.1\r\nHost: local").unwrap();
    // One request is answered, and then nothing more comes.
    let mut idle = connect(&server);
    idle.write_all(b"GET /film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    for stream in [&mut silent, &mut half, &mut idle] {
        stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
        let mut rest = Vec::new();
        // The system reports a timeout as an error, a connection that was closed not.
        let read = stream.read_to_end(&mut rest);
        assert!(read.is_ok() || read.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset));
    }
}

#[test]
fn a_crowd_that_says_nothing_keeps_nobody_out() {
    let (_site, server) = serve();
    let crowd: Vec<TcpStream> = (0..800).filter_map(|_| TcpStream::connect(("127.0.0.1", server.port)).ok()).collect();
    for _ in 0..3 {
        assert_eq!(server.get("/guide/").status, 200);
    }
    drop(crowd);
}

fn part(server: &Server, method: &str, path: &str, headers: &str) -> Answer {
    server.request(method, path, &format!("Host: localhost\r\n{headers}"))
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn parts_of_files_and_pages_are_answered() {
    let (_site, server) = serve();
    let film = |headers: &str| part(&server, "GET", "/film.mp4", headers);
    let whole = film("");
    assert_eq!((whole.status, whole.body.as_str()), (200, "0123456789"));
    assert_eq!(header(&whole, "accept-ranges"), Some("bytes"));
    let tag = header(&whole, "etag").unwrap().to_owned();
    for (range, body, place) in [
        ("2-4", "234", "bytes 2-4/10"),
        ("7-", "789", "bytes 7-9/10"),
        ("-2", "89", "bytes 8-9/10"),
        ("0-99", "0123456789", "bytes 0-9/10"),
    ] {
        let answer = film(&format!("Range: bytes={range}\r\nIf-Range: {tag}\r\n"));
        assert_eq!(
            (answer.status, answer.body.as_str(), header(&answer, "content-range")),
            (206, body, Some(place)),
            "{range}"
        );
        assert_eq!(header(&answer, "content-length"), Some(body.len().to_string().as_str()));
    }
    let beyond = film("Range: bytes=10-\r\n");
    assert_eq!((beyond.status, beyond.body.as_str(), header(&beyond, "content-range")), (416, "", Some("bytes */10")));
    for headers in [
        "Range: bytes=0-1,3-4\r\n",
        "Range: lines=1-2\r\n",
        "Range: bytes=5-2\r\n",
        "Range: bytes=0-1\r\nIf-Range: \"other\"\r\n",
        "Range: bytes=0-1\r\nIf-Range: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
    ] {
        let answer = film(headers);
        assert_eq!((answer.status, answer.body.as_str()), (200, "0123456789"), "{headers}");
    }
    let head = part(&server, "HEAD", "/film.mp4", "Range: bytes=2-4\r\n");
    assert_eq!((head.status, head.body.as_str(), header(&head, "content-length")), (200, "", Some("10")));
    assert_eq!(part(&server, "GET", "/empty.bin", "Range: bytes=0-\r\n").status, 416);
    let page = part(&server, "GET", "/guide/", "");
    let answer = part(&server, "GET", "/guide/", "Range: bytes=0-14\r\n");
    assert_eq!((answer.status, answer.body.as_str()), (206, &page.body[..15]));
    assert_eq!(part(&server, "GET", "/nowhere/", "Range: bytes=0-14\r\n").status, 404);
}

#[test]
fn a_page_that_listens_is_asked_whether_it_is_there() {
    let (_site, server) = serve();
    let mut socket = server.socket("page=index.html&seen=x&state=y", None).unwrap();
    loop {
        if socket.read().unwrap().is_ping() {
            break;
        }
    }
}
