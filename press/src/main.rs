//! The press: it makes the book. `press --help` says how to use it.

mod book;
mod children;
mod export;
mod fingerprint;
mod link;
mod listings;
mod live;
mod make;
mod math;
mod notebook;
mod open;
mod page;
mod practise;
mod scratch;
mod source;
mod vignette;
mod weave;
mod words;

use anyhow::{Context, Result};
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use words::{Command, Words};

/// Whether there is something to see: stopping then is no failure.
static MADE: AtomicBool = AtomicBool::new(false);

/// Says what mdBook warns of, such as HTML tags that do not pair.
struct Warnings;

impl log::Log for Warnings {
    fn enabled(&self, about: &log::Metadata) -> bool {
        about.level() <= log::Level::Warn
    }

    fn log(&self, record: &log::Record) {
        if self.enabled(record.metadata()) {
            eprintln!("{}: {}", record.level(), record.args());
        }
    }

    fn flush(&self) {}
}

fn main() -> ExitCode {
    if log::set_logger(&Warnings).is_ok() {
        log::set_max_level(log::LevelFilter::Warn);
    }
    match words::read(std::env::args_os().skip(1)).and_then(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(words: Words) -> Result<ExitCode> {
    ctrlc::set_handler(|| {
        children::stop();
        std::process::exit(if MADE.load(Ordering::Relaxed) { 0 } else { 130 });
    })
    .context("Ctrl-C cannot be watched")?;
    match words.command {
        Command::Open => open::open(&book::root()?, words.port)?,
        Command::Build => {
            let root = book::root()?;
            listings::all(&root)?;
            weave(&root)?;
        }
        Command::Listings => listings::all(&book::root()?)?,
        Command::Weave => weave(&book::root()?)?,
        Command::Practise { chapter, watch, hint } => {
            let root = book::root()?;
            let beside = watch.then_some(words.port);
            return practise::practise(&root, chapter.as_deref(), beside, hint.as_deref());
        }
        Command::Export(export) => export::export(&export)?,
        Command::Preprocess => make::preprocess(io::stdin(), io::stdout())?,
        Command::Supports(renderer) if renderer != "html" => return Ok(ExitCode::FAILURE),
        Command::Supports(_) => {}
        Command::Help => print!("{}", words::HELP),
        Command::Version => println!("press {}", env!("CARGO_PKG_VERSION")),
    }
    Ok(ExitCode::SUCCESS)
}

fn weave(root: &Path) -> Result<()> {
    make::book(root)?;
    println!(
        "The book is in {}",
        root.join("book").join("index.html").display()
    );
    Ok(())
}
