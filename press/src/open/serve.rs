//! Serving the book on this machine, to nobody else.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tiny_http::{Header, Method, Request, Response, ResponseBox, Server};

/// How many ports are tried, from the one asked for.
const TRIES: u16 = 100;

/// How many answers are given at once.
const AT_ONCE: usize = 8;

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

/// Serves what `find` finds until the process ends. Parts of files are served too, so that players can seek.
///
/// # Errors
/// If the server cannot be started.
pub fn serve(listener: TcpListener, find: impl Fn(&str) -> Found + Send + Sync + 'static) -> Result<()> {
    let server = Server::from_listener(listener, None);
    let server = Arc::new(server.map_err(|error| anyhow::anyhow!("nothing can be served: {error}"))?);
    let find = Arc::new(find);
    for _ in 0..AT_ONCE {
        let (server, find) = (Arc::clone(&server), Arc::clone(&find));
        std::thread::spawn(move || {
            for request in server.incoming_requests() {
                let answer = answer(&request, find.as_ref());
                let _ = request.respond(answer); // fails when the browser has gone
            }
        });
    }
    Ok(())
}

fn answer(request: &Request, find: &dyn Fn(&str) -> Found) -> ResponseBox {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return text(405, "text/plain", "There is only GET.".to_string());
    }
    let path = request.url().split(['?', '#']).next().unwrap_or("");
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let path = path.trim_start_matches('/');
    let is_plain = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !is_plain || path.contains('\\') {
        return text(404, "text/plain", "There is nothing.".to_string());
    }
    match find(path) {
        Found::Text(kind, words) => text(200, kind, words),
        Found::Nothing(page) => text(404, "text/html", page),
        Found::File(path) => {
            let range = request
                .headers()
                .iter()
                .find(|header| header.field.equiv("Range"));
            file(&path, range.map(|range| range.value.as_str()))
                .unwrap_or_else(|error| text(500, "text/plain", format!("{}: {error}", path.display())))
        }
    }
}

fn text(status: u16, kind: &str, words: String) -> ResponseBox {
    let length = words.len();
    let response = Response::new(
        status.into(),
        Vec::new(),
        Cursor::new(words.into_bytes()),
        Some(length),
        None,
    );
    dressed(response, kind)
}

/// A file, or the part of it that is asked for, such as `bytes=100-199`, `bytes=100-` or `bytes=-100`.
fn file(path: &Path, range: Option<&str>) -> std::io::Result<ResponseBox> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let Some((first, last)) = range.and_then(|range| part(range, length)) else {
        let response = Response::new(200.into(), Vec::new(), file, usize::try_from(length).ok(), None);
        return Ok(dressed(response, kind_of(path)));
    };
    if first >= length {
        let response = Response::new(416.into(), Vec::new(), std::io::empty(), Some(0), None);
        return Ok(dressed(
            with(response, "Content-Range", &format!("bytes */{length}")),
            kind_of(path),
        ));
    }
    file.seek(SeekFrom::Start(first))?;
    let count = last - first + 1;
    let response = Response::new(
        206.into(),
        Vec::new(),
        file.take(count),
        usize::try_from(count).ok(),
        None,
    );
    let range = format!("bytes {first}-{last}/{length}");
    Ok(dressed(with(response, "Content-Range", &range), kind_of(path)))
}

/// The first and last byte of a range; none where the whole file is the answer.
fn part(range: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => Some((first, last.min(length.saturating_sub(1)))),
        (Ok(first), Err(_)) if last.is_empty() => Some((first, length.saturating_sub(1))),
        (Err(_), Ok(count)) if first.is_empty() && count > 0 => {
            Some((length.saturating_sub(count), length.saturating_sub(1)))
        }
        _ => None,
    }
}

fn with<R: Read>(response: Response<R>, field: &str, value: &str) -> Response<R> {
    match Header::from_bytes(field, value) {
        Ok(header) => response.with_header(header),
        Err(()) => response, // cannot be: they are plain letters
    }
}

fn dressed<R: Read + Send + 'static>(response: Response<R>, kind: &str) -> ResponseBox {
    let response = with(response, "Content-Type", kind);
    let response = with(response, "Accept-Ranges", "bytes");
    // A page or sound that was made anew must not come from the browser's memory.
    with(response, "Cache-Control", "no-cache")
        .with_chunked_threshold(usize::MAX)
        .boxed()
}

/// What kind of thing a file is, as browsers call it.
fn kind_of(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("")
    {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wav" => "audio/wav",
        "mid" => "audio/midi",
        "woff2" => "font/woff2",
        "rs" | "md" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
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
        })
        .unwrap();
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
