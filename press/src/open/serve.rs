//! Serving the book on this machine, to nobody else.

use super::answer::{Answer, MOST, answer};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How many ports are tried, from the one asked for.
const TRIES: u16 = 100;

/// A browser that asks for nothing this long has to connect anew.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes this port, or the next free one.
///
/// # Errors
/// If all of them are taken, or none may be used.
pub fn listen(port: u16) -> Result<TcpListener> {
    let last = port.saturating_add(TRIES - 1);
    for port in port..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("port {port} cannot be used. Give another one with --port"));
            }
        }
    }
    bail!("the ports {port} to {last} are all in use. Give another one with --port")
}

/// What there is at a path.
pub enum Found {
    File(PathBuf),
    /// A text of this kind, made for whoever asks.
    Text(&'static str, String),
    /// Nothing; the page says so.
    Nothing(String),
}

/// Serves what `find` finds until the process ends, each browser's connection in a thread of its own.
pub fn serve(listener: TcpListener, find: impl Fn(&str) -> Found + Send + Sync + 'static) {
    let find = Arc::new(find);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let find = Arc::clone(&find);
            thread::spawn(move || talk(&stream, find.as_ref())); // fails when the browser has gone
        }
    });
}

/// Answers what is asked on a connection, one thing after the other.
fn talk(stream: &TcpStream, find: &dyn Fn(&str) -> Found) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(head) = head(&mut reader)? {
        let (answer, goes_on) = answer(&head, find);
        send(stream, answer)?;
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// The next request up to its empty line; none when there is no further one.
fn head(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    for byte in reader.by_ref().bytes().take(MOST) {
        head.push(byte?);
        if head.ends_with(b"\r\n\r\n") {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

fn send(mut stream: &TcpStream, mut answer: Answer) -> std::io::Result<()> {
    stream.write_all(answer.head.as_bytes())?;
    if std::io::copy(&mut answer.body, &mut stream)? < answer.length {
        return Err(ErrorKind::UnexpectedEof.into()); // a file that became shorter: what is missing cannot be sent any more
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    fn answer(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        write!(stream, "{request}\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_player_can_ask_for_a_part_and_files_have_their_kinds() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.wav", "a.mid", "a.svg", "a.html", "404.html"] {
            std::fs::write(folder.path().join(name), "0123456789").unwrap();
        }
        let listener = listen(20_000).unwrap();
        let port = listener.local_addr().unwrap().port();
        let place = folder.path().to_path_buf();
        serve(listener, move |path| match place.join(path) {
            file if file.is_file() => Found::File(file),
            _ => Found::Nothing("nowhere".to_string()),
        });
        let part = answer(port, "GET /a.wav HTTP/1.1\r\nRange: bytes=2-4");
        assert!(
            part.starts_with("HTTP/1.1 206") && part.ends_with("\r\n\r\n234"),
            "{part}"
        );
        assert!(
            part.contains("Content-Range: bytes 2-4/10") && part.contains("no-cache"),
            "{part}"
        );
        for (range, expected) in [("7-", "789"), ("-2", "89"), ("8-99", "89")] {
            let part = answer(port, &format!("GET /a.wav HTTP/1.1\r\nRange: bytes={range}"));
            assert!(
                part.starts_with("HTTP/1.1 206") && part.ends_with(&format!("\r\n\r\n{expected}")),
                "{part}"
            );
        }
        assert!(answer(port, "GET /a.wav HTTP/1.1\r\nRange: bytes=10-").starts_with("HTTP/1.1 416"));
        let whole = answer(port, "GET /a.wav?new HTTP/1.1\r\nRange: bytes=x");
        assert!(
            whole.starts_with("HTTP/1.1 200") && whole.contains("Content-Length: 10"),
            "{whole}"
        );
        for (path, kind) in [
            ("a.wav", "audio/wav"),
            ("a.mid", "audio/midi"),
            ("a.svg", "image/svg+xml"),
            ("a.html", "text/html"),
        ] {
            let got = answer(port, &format!("GET /{path} HTTP/1.1"));
            assert!(got.contains(&format!("Content-Type: {kind}")), "{got}");
        }
        assert!(answer(port, "GET /none HTTP/1.1").starts_with("HTTP/1.1 404"));
        let head = answer(port, "HEAD /a.wav HTTP/1.1");
        assert!(
            head.contains("Content-Length: 10\r\n") && head.ends_with("\r\n\r\n"),
            "{head}"
        );
        for outside in [
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "//etc/passwd",
            "/..%5cCargo.toml",
            "/C:/x",
        ] {
            let got = answer(port, &format!("GET {outside} HTTP/1.1"));
            assert!(got.starts_with("HTTP/1.1 404"), "{outside}: {got}");
        }
        assert!(answer(port, "POST /a.html HTTP/1.1\r\nContent-Length: 0").starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn a_browser_keeps_many_connections_and_each_is_answered_at_once() {
        let listener = listen(23_000).unwrap();
        let port = listener.local_addr().unwrap().port();
        serve(listener, |path| Found::Text("text/plain", path.to_string()));
        let connect = |_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let mut streams: Vec<TcpStream> = (0..20).map(connect).collect();
        for turn in 0..2 {
            for (i, stream) in streams.iter_mut().enumerate().rev() {
                stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
                write!(stream, "GET /{i}-{turn} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                let mut reader = BufReader::new(&*stream);
                head(&mut reader).unwrap().unwrap();
                let expected = format!("{i}-{turn}");
                let mut body = vec![0; expected.len()];
                reader.read_exact(&mut body).unwrap();
                assert_eq!(String::from_utf8(body).unwrap(), expected);
            }
        }
    }

    #[test]
    fn a_taken_port_gives_the_next_free_one_and_none_free_an_error() {
        let first = listen(21_000).unwrap();
        let taken = first.local_addr().unwrap().port();
        assert!(listen(taken).unwrap().local_addr().unwrap().port() > taken);
        let Ok(_last) = TcpListener::bind((Ipv4Addr::LOCALHOST, u16::MAX)) else {
            return; // someone else has it, so it is taken anyway
        };
        let message = listen(u16::MAX).unwrap_err().to_string();
        assert!(
            message.contains("65535") && message.contains("--port"),
            "{message}"
        );
    }
}
