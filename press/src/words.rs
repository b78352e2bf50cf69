//! The command line.

use aeolian::shards::SHARD;
use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::path::PathBuf;

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
  export MUSIC DIR      Write music as shards of symbols into a new folder, for training elsewhere: see chapter 14
    --keys              Write what is to be learned from in all twelve keys
    --sounds            Write WAV files as µ-law codes, 8,000 a second, in place of MIDI and ABC as symbols
    --shard N           Begin a new shard after N symbols (1048576 if left out)

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
  cargo run -- export ~/midi shards the music below ~/midi, as numbers
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
    Export(Export),
    /// What `mdbook build` calls: weave the pages that it sends.
    Preprocess,
    /// Whether the press weaves for this renderer: mdBook asks first.
    Supports(String),
    Help,
    Version,
}

/// What music goes where, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Export {
    pub music: PathBuf,
    pub to: PathBuf,
    pub keys: bool,
    pub sounds: bool,
    pub shard: u64,
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
    let mut plain: Vec<OsString> = Vec::new();
    let (mut port, mut watch, mut hint) = (None, false, None);
    let (mut keys, mut sounds, mut shard) = (false, false, None);
    while let Some(word) = parser.next()? {
        match word {
            Arg::Short('h') | Arg::Long("help") => plain = vec!["help".into()],
            Arg::Short('V') | Arg::Long("version") => plain = vec!["version".into()],
            Arg::Long("port") => {
                let given = parser.value()?;
                port = Some(given.parse().context("--port takes a number from 0 to 65535")?);
            }
            Arg::Long("watch") => watch = true,
            Arg::Long("keys") => keys = true,
            Arg::Long("sounds") => sounds = true,
            Arg::Long("shard") => {
                let given = parser.value()?.parse().ok().filter(|symbols| *symbols > 0);
                shard = Some(given.context("--shard takes a number of symbols, from 1 on")?);
            }
            Arg::Long("hint") => {
                let exercise = parser.optional_value();
                let next = exercise.or_else(|| parser.values().ok().and_then(|mut values| values.next()));
                hint = Some(
                    next.map(|next| next.to_string_lossy().into_owned())
                        .unwrap_or_default(),
                );
            }
            Arg::Value(word) => plain.push(word),
            other => bail!(
                "{}. `cargo run -- --help` lists what there is",
                other.unexpected()
            ),
        }
        if let [help] = &plain[..]
            && (help == "help" || help == "version")
        {
            break; // whatever else was said
        }
    }
    let given: Vec<String> = plain.iter().map(|word| word.to_string_lossy().into()).collect();
    let named: Vec<&str> = given.iter().map(String::as_str).collect();
    let command = match named[..] {
        [] => Command::Open,
        ["build"] => Command::Build,
        ["listings"] => Command::Listings,
        ["weave"] => Command::Weave,
        ["practise"] | ["practise", _] => Command::Practise {
            chapter: named.get(1).map(|chapter| chapter.to_string()),
            watch,
            hint: hint.clone(),
        },
        ["export", _, _] => Command::Export(Export {
            music: PathBuf::from(&plain[1]), // as it came: a path need not be text
            to: PathBuf::from(&plain[2]),
            keys,
            sounds,
            shard: shard.unwrap_or(SHARD),
        }),
        ["export", ..] => bail!("`export` takes two folders: cargo run -- export MUSIC DIR"),
        ["preprocess"] => Command::Preprocess,
        ["preprocess", "supports", renderer] => Command::Supports(renderer.to_string()),
        ["help"] => Command::Help,
        ["version"] => Command::Version,
        _ => bail!(
            "there is no command `{}`. `cargo run -- --help` lists what there is",
            named.join(" ")
        ),
    };
    let practises = matches!(command, Command::Practise { .. });
    if !practises && (watch || hint.is_some()) {
        bail!("--watch and --hint belong to `practise`. `cargo run -- --help` shows how");
    }
    let exports = matches!(command, Command::Export(_));
    if !exports && (keys || sounds || shard.is_some()) {
        bail!("--keys, --sounds and --shard belong to `export`. `cargo run -- --help` shows how");
    }
    if keys && sounds {
        bail!("--keys is for notes: a sound is written as it is. Leave out --keys or --sounds");
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
        let export = |keys, sounds, shard| {
            Command::Export(Export {
                music: "a".into(),
                to: "b".into(),
                keys,
                sounds,
                shard,
            })
        };
        assert_eq!(command("export a b"), export(false, false, SHARD));
        assert_eq!(command("export a b --keys --shard 9"), export(true, false, 9));
        assert_eq!(command("export a --sounds b"), export(false, true, SHARD));
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
            "export",
            "export a",
            "export a b c",
            "export a b --shard 0",
            "export a b --keys --sounds",
            "export a b --port 1",
            "build --keys",
        ] {
            assert!(told(line).is_err(), "{line}");
        }
        let message = |line| format!("{:#}", told(line).unwrap_err());
        assert!(message("biuld").contains("no command `biuld`") && message("biuld").contains("--help"));
        assert!(message("--prot 1").contains("--prot"), "{}", message("--prot 1"));
        assert!(message("--port many").contains("0 to 65535"));
    }
}
