//! The command line.

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;

/// What `--help` says.
pub const HELP: &str = "\
Makes the book Aeolian: runs its listings, weaves its pages and notebooks, serves it on this machine.

Without a command it does all of that. The address is printed as soon as the first chapter can be read; the others
appear by themselves, and so does what you save in chapters/. Only the listings run whose program or data changed since
the last time. Ctrl-C stops it.

Usage: cargo run -- [COMMAND] [--port PORT]

Commands:
  build                 Run the listings that are out of date, then weave notebooks and pages into book/; serve nothing
  listings              Run the listings that are out of date, and weave nothing
  weave                 Weave notebooks and pages from what out/ holds; run nothing
  practise [CHAPTER]    Grade the exercises: solved, failing and why, or not solved yet
    --watch             Grade again whenever a file is saved, with the book open beside it
    --hint [EXERCISE]   Give the next hint to this exercise, or to the first that is not solved

Options:
  --port PORT           Serve at this port of 127.0.0.1, or at the next free one (3000 if left out)
  -h, --help            This
  -V, --version         The version

Examples:
  cargo run                         make the book and open it at the address that is printed
  cargo run -- --port 8080          the same, at another port
  cargo run -- build                make the book in book/, and stop
  cargo run -- practise             how far you are with the exercises
  cargo run -- practise 02-dice     the exercises of one chapter
";

/// What the press is asked to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    Open,
    Build,
    Listings,
    Weave,
    /// `hint` is an exercise's name; an empty one stands for the first that is not solved.
    Practise {
        chapter: Option<String>,
        watch: bool,
        hint: Option<String>,
    },
    /// What `mdbook build` calls: weave the pages that it sends.
    Preprocess,
    /// Whether the press weaves for this renderer: mdBook asks first.
    Supports(String),
    Help,
    Version,
}

/// A command, and the port for those that serve.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    pub command: Command,
    pub port: u16,
}

/// Understands what follows the program's name.
///
/// # Errors
/// If there is a word that means nothing here.
pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Words> {
    let mut parser = Parser::from_args(words);
    let mut plain: Vec<String> = Vec::new();
    let (mut port, mut watch, mut hint) = (None, false, None);
    while let Some(word) = parser.next()? {
        match word {
            Arg::Short('h') | Arg::Long("help") => plain = vec!["help".to_string()],
            Arg::Short('V') | Arg::Long("version") => plain = vec!["version".to_string()],
            Arg::Long("port") => {
                let given = parser.value()?;
                port = Some(given.parse().context("--port takes a number from 0 to 65535")?);
            }
            Arg::Long("watch") => watch = true,
            Arg::Long("hint") => {
                let exercise = parser.optional_value();
                let next = exercise.or_else(|| parser.values().ok().and_then(|mut values| values.next()));
                hint = Some(
                    next.map(|next| next.to_string_lossy().into_owned())
                        .unwrap_or_default(),
                );
            }
            Arg::Value(word) => plain.push(word.string()?),
            other => bail!(
                "{}. `cargo run -- --help` lists what there is",
                other.unexpected()
            ),
        }
        if let [help] = &plain[..]
            && ["help", "version"].contains(&help.as_str())
        {
            break; // whatever else was said
        }
    }
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    let command = match plain[..] {
        [] => Command::Open,
        ["build"] => Command::Build,
        ["listings"] => Command::Listings,
        ["weave"] => Command::Weave,
        ["practise"] | ["practise", _] => Command::Practise {
            chapter: plain.get(1).map(|chapter| chapter.to_string()),
            watch,
            hint: hint.clone(),
        },
        ["preprocess"] => Command::Preprocess,
        ["preprocess", "supports", renderer] => Command::Supports(renderer.to_string()),
        ["help"] => Command::Help,
        ["version"] => Command::Version,
        _ => bail!(
            "there is no command `{}`. `cargo run -- --help` lists what there is",
            plain.join(" ")
        ),
    };
    let practises = matches!(command, Command::Practise { .. });
    if !practises && (watch || hint.is_some()) {
        bail!("--watch and --hint belong to `practise`. `cargo run -- --help` shows how");
    }
    if port.is_some() && command != Command::Open && !(practises && watch) {
        bail!("--port is for what serves the book. Leave it out");
    }
    Ok(Words {
        command,
        port: port.unwrap_or(3000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Result<Words> {
        read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_understood() {
        let command = |line| told(line).unwrap().command;
        assert_eq!(
            told("--port 8080").unwrap(),
            Words {
                command: Command::Open,
                port: 8080
            }
        );
        assert_eq!(told("").unwrap().port, 3000);
        assert_eq!(
            (command("build"), command("weave")),
            (Command::Build, Command::Weave)
        );
        assert_eq!(command("listings"), Command::Listings);
        let practise = |chapter: Option<&str>, watch, hint: Option<&str>| Command::Practise {
            chapter: chapter.map(str::to_string),
            watch,
            hint: hint.map(str::to_string),
        };
        assert_eq!(command("practise"), practise(None, false, None));
        assert_eq!(
            command("practise dice --watch"),
            practise(Some("dice"), true, None)
        );
        assert_eq!(
            command("practise dice --hint"),
            practise(Some("dice"), false, Some(""))
        );
        assert_eq!(
            command("practise dice --hint two_dice"),
            practise(Some("dice"), false, Some("two_dice"))
        );
        assert_eq!(
            command("practise --hint=two_dice"),
            practise(None, false, Some("two_dice"))
        );
        assert_eq!(told("practise --watch --port 1").unwrap().port, 1);
        assert_eq!(command("preprocess"), Command::Preprocess);
        assert_eq!(
            command("preprocess supports html"),
            Command::Supports("html".into())
        );
        assert_eq!(
            (command("build -h"), command("--version")),
            (Command::Help, Command::Version)
        );
    }

    #[test]
    fn every_other_word_is_answered_with_the_way_to_the_list() {
        for line in [
            "biuld",
            "--prot 1",
            "build now",
            "--port",
            "--port many",
            "--watch",
            "build --port 1",
        ] {
            assert!(told(line).is_err(), "{line}");
        }
        let message = |line| format!("{:#}", told(line).unwrap_err());
        assert!(message("biuld").contains("no command `biuld`") && message("biuld").contains("--help"));
        assert!(message("--prot 1").contains("--prot"), "{}", message("--prot 1"));
        assert!(message("--port many").contains("0 to 65535"));
    }
}
