//! The press: it makes the book. `press --help` says how to use it.

mod book;
mod children;
mod fingerprint;
mod link;
mod make;
mod math;
mod notebook;
mod page;
mod practise;
mod run;
mod scratch;
mod serve;
mod source;
mod weave;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::io;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Makes the book Aeolian: runs its listings, weaves its pages and notebooks, serves it on this machine.
///
/// Without a command it does all of that. Only the listings run whose program or data changed since
/// the last time. Ctrl-C stops it.
#[derive(Parser)]
#[command(
    name = "press",
    bin_name = "cargo run --",
    version,
    args_conflicts_with_subcommands = true
)]
#[command(after_help = "Examples:
  cargo run                         make the book and open it at the address that is printed
  cargo run -- --port 8080          the same, at another port
  cargo run -- build                make the book in book/, and stop
  cargo run -- practise             how far you are with the exercises
  cargo run -- practise 02-dice     the exercises of one chapter")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Serve at this port of 127.0.0.1, or at the next free one
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

#[derive(Subcommand)]
enum Command {
    /// Run the listings that are out of date, then weave notebooks and pages into book/; serve nothing
    Build,
    /// Weave notebooks and pages from what out/ holds; run nothing
    Weave,
    /// Grade the exercises: solved, failing and why, or not solved yet
    Practise {
        /// The chapter, such as 02-dice; all of them if left out
        chapter: Option<String>,
        /// Grade again whenever a file is saved
        #[arg(long)]
        watch: bool,
        /// Give the next hint to this exercise, or to the first that is not solved
        #[arg(long, value_name = "EXERCISE", num_args = 0..=1, default_missing_value = "")]
        hint: Option<String>,
    },
    /// Weave the pages that mdbook sends: what `mdbook build` calls
    #[command(hide = true)]
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
}

#[derive(Subcommand)]
enum Question {
    /// Does the press weave for this renderer?
    Supports { renderer: String },
}

/// Whether everything is made: stopping then is no failure.
static MADE: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    // What mdBook warns of, such as HTML tags that do not pair.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(io::stderr)
        .without_time()
        .with_target(false)
        .init();
    match command(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: Arguments) -> Result<ExitCode> {
    ctrlc::set_handler(|| {
        children::stop();
        std::process::exit(if MADE.load(Ordering::Relaxed) { 0 } else { 130 });
    })
    .context("Ctrl-C cannot be watched")?;
    match arguments.command {
        None => {
            let root = book::root()?;
            let listener = serve::listen(arguments.port)?; // before the long work, so that it is not in vain
            run::listings(&root)?;
            make::book(&root)?;
            let port = listener.local_addr()?.port();
            if port != arguments.port {
                println!("Port {} is in use, so it is another one.", arguments.port);
            }
            println!("The book is open at http://127.0.0.1:{port}  (Ctrl-C closes it)");
            MADE.store(true, Ordering::Relaxed);
            serve::serve(&root.join("book"), listener)?;
        }
        Some(Command::Build) => {
            let root = book::root()?;
            run::listings(&root)?;
            make::book(&root)?;
            println!(
                "The book is in {}",
                root.join("book").join("index.html").display()
            );
        }
        Some(Command::Weave) => {
            let root = book::root()?;
            make::book(&root)?;
            println!(
                "The book is in {}",
                root.join("book").join("index.html").display()
            );
        }
        Some(Command::Practise { chapter, watch, hint }) => {
            return practise::practise(&book::root()?, chapter.as_deref(), watch, hint.as_deref());
        }
        Some(Command::Preprocess { question: None }) => make::preprocess(io::stdin(), io::stdout())?,
        Some(Command::Preprocess {
            question: Some(Question::Supports { renderer }),
        }) => {
            let code = if renderer == "html" {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
            return Ok(code);
        }
    }
    Ok(ExitCode::SUCCESS)
}
