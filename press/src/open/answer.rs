//! What a browser is answered.

use super::serve::Found;
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::{Component, Path};

/// The longest request, in bytes, up to its empty line.
pub const MOST: usize = 16 * 1024;

/// An answer: its status and fields, then what there is.
pub struct Answer {
    pub head: String,
    /// Of what follows, in bytes.
    pub length: u64,
    pub body: Box<dyn Read>,
}

impl Answer {
    fn new(status: &str, kind: &str, more: &str, length: u64, body: impl Read + 'static) -> Answer {
        // A page or sound that was made anew must not come from the browser's memory.
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nAccept-Ranges: bytes\r\n\
             Cache-Control: no-cache\r\n{more}\r\n"
        );
        Answer {
            head,
            length,
            body: Box::new(body),
        }
    }
}

/// The answer to a request, and whether another one may follow on the connection.
pub fn answer(request: &[u8], find: &dyn Fn(&str) -> Found) -> (Answer, bool) {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut fields);
    if parsed.parse(request).is_err() {
        return (
            text(
                "400 Bad Request",
                "text/plain",
                "This is not understood.".to_string(),
            ),
            false,
        );
    }
    let field = |name: &str| {
        let named = parsed
            .headers
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(named.value).ok()
    };
    let method = parsed.method.unwrap_or_default();
    if !["GET", "HEAD"].contains(&method) {
        return (
            text(
                "405 Method Not Allowed",
                "text/plain",
                "There is only GET.".to_string(),
            ),
            false,
        );
    }
    let is_last = parsed.version == Some(0)
        || field("Connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let mut answer = found(parsed.path.unwrap_or_default(), field("Range"), find);
    if method == "HEAD" {
        (answer.length, answer.body) = (0, Box::new(std::io::empty()));
    }
    (answer, !is_last)
}

fn found(asked: &str, range: Option<&str>, find: &dyn Fn(&str) -> Found) -> Answer {
    let path = asked.split(['?', '#']).next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let path = path.strip_prefix('/').unwrap_or(&path);
    let is_inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !is_inside || path.contains('\\') {
        return text("404 Not Found", "text/plain", "There is nothing.".to_string());
    }
    match find(path) {
        Found::Text(kind, words) => text("200 OK", kind, words),
        Found::Nothing(page) => text("404 Not Found", "text/html; charset=utf-8", page),
        Found::File(path) => file(&path, range).unwrap_or_else(|error| {
            text(
                "500 Internal Server Error",
                "text/plain",
                format!("{}: {error}", path.display()),
            )
        }),
    }
}

fn text(status: &str, kind: &str, words: String) -> Answer {
    Answer::new(status, kind, "", words.len() as u64, Cursor::new(words))
}

/// A file, or the part of it that is asked for.
fn file(path: &Path, range: Option<&str>) -> std::io::Result<Answer> {
    let (mut file, kind) = (File::open(path)?, kind_of(path));
    let length = file.metadata()?.len();
    let Some((first, last)) = range.and_then(|range| part(range, length)) else {
        return Ok(Answer::new("200 OK", kind, "", length, file.take(length)));
    };
    if first > last {
        let field = format!("Content-Range: bytes */{length}\r\n");
        return Ok(Answer::new(
            "416 Range Not Satisfiable",
            kind,
            &field,
            0,
            std::io::empty(),
        ));
    }
    file.seek(SeekFrom::Start(first))?;
    let field = format!("Content-Range: bytes {first}-{last}/{length}\r\n");
    let count = last - first + 1;
    Ok(Answer::new(
        "206 Partial Content",
        kind,
        &field,
        count,
        file.take(count),
    ))
}

/// The first and the last byte of a range such as `bytes=100-199`, `bytes=100-` or `bytes=-100`; none where the whole file
/// is the answer. A range that begins after the end has its first byte after its last.
fn part(range: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1)?;
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => Some((first, last.min(end))),
        (Ok(first), Err(_)) if last.is_empty() => Some((first, end)),
        (Err(_), Ok(count)) if first.is_empty() && count > 0 => Some((length.saturating_sub(count), end)),
        _ => None,
    }
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
