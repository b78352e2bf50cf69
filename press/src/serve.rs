//! Serving the built book on this machine, to nobody else.

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::http::{HeaderValue, header};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// How many ports are tried, from the one asked for.
const TRIES: u16 = 100;

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

/// Serves this folder until the process ends. Parts of files are served too, so that players can seek.
///
/// # Errors
/// If the server cannot go on.
pub fn serve(folder: &Path, listener: TcpListener) -> Result<()> {
    let files = ServeDir::new(folder).not_found_service(ServeFile::new(folder.join("404.html")));
    // A page or sound that was made anew must not come from the browser's memory.
    let fresh = HeaderValue::from_static("no-cache");
    let router = Router::new()
        .fallback_service(files)
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, fresh));
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        Ok(axum::serve(listener, router).await?)
    })
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
        std::thread::spawn(move || serve(&place, listener));
        let part = answer(port, "GET /a.wav HTTP/1.1\r\nRange: bytes=2-4");
        assert!(
            part.starts_with("HTTP/1.1 206") && part.ends_with("\r\n\r\n234"),
            "{part}"
        );
        assert!(
            part.contains("content-range: bytes 2-4/10") && part.contains("no-cache"),
            "{part}"
        );
        for (path, kind) in [
            ("a.wav", "audio/wav"),
            ("a.mid", "audio/mid"),
            ("a.svg", "image/svg+xml"),
            ("a.html", "text/html"),
        ] {
            let got = answer(port, &format!("GET /{path} HTTP/1.1"));
            assert!(got.contains(&format!("content-type: {kind}")), "{got}");
        }
        assert!(answer(port, "GET /none HTTP/1.1").starts_with("HTTP/1.1 404"));
        assert!(answer(port, "GET /../Cargo.toml HTTP/1.1").starts_with("HTTP/1.1 404"));
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
