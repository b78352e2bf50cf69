//! The command line of a listing.

use crate::{Error, Result};
use lexopt::Arg::{Long, Short, Value};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// What a chapter takes on its command line, beside notes (MIDI or ABC).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// WAV files.
    Sounds,
    /// A text, for its words or letters.
    Text,
    /// `--folds N`, and what it does here. The chapter tests what it has learned, so the music is divided: see
    /// [`crate::music::Corpus::divided`].
    Folds(&'static str),
    /// Another whole number from 1 on: its name and what it does. See [`super::Page::number`].
    Number(&'static str, &'static str),
    /// A word: its name, and what may be said. See [`super::Page::word`].
    Word(&'static str, &'static str),
}

/// What stood on the command line.
#[derive(Default)]
pub(super) struct Arguments {
    /// Every word.
    pub all: Vec<String>,
    pub music: Option<PathBuf>,
    pub seed: Option<u64>,
    pub numbers: BTreeMap<String, usize>,
    pub spoken: BTreeMap<String, String>,
    pub out: PathBuf,
}

/// Reads the command line; `--help` is answered here.
pub(super) fn read(chapter: &str, takes: &[Takes], words: Vec<OsString>) -> Result<Arguments> {
    let mut numbers = vec![(
        "grid",
        "move notes to N steps a quarter note; without it, a grid is found for music that was played by hand",
    )];
    let mut spoken = Vec::new();
    for one in takes {
        match *one {
            Takes::Folds(what) => numbers.push(("folds", what)),
            Takes::Number(name, what) => numbers.push((name, what)),
            Takes::Word(name, what) => spoken.push((name, what)),
            Takes::Sounds | Takes::Text => {}
        }
    }
    let words_of = spoken.iter().map(|(name, _)| format!("[--{name} WORD] "));
    let numbers_of = numbers.iter().map(|(name, _)| format!("[--{name} N] "));
    let options: String = words_of.chain(numbers_of).collect();
    let usage = format!("Usage: cargo run --example {chapter} -- [MUSIC] {options}[--seed N] [--out DIR]");
    let wrong = |error: lexopt::Error| Error::value(error.to_string(), &usage);
    let mut read = Arguments {
        all: words.iter().map(|word| word.to_string_lossy().into()).collect(),
        out: std::env::var_os("AEOLIAN_OUT").map_or_else(|| super::house().join("out"), PathBuf::from),
        ..Arguments::default()
    };
    let mut words = lexopt::Parser::from_args(words);
    while let Some(word) = words.next().map_err(wrong)? {
        match word {
            Long("seed") => {
                let number = words.value().map_err(wrong)?;
                let number = number.to_string_lossy().parse();
                read.seed =
                    Some(number.map_err(|_| Error::value("--seed wants a whole number from 0 on", &usage))?);
            }
            Long(name) if numbers.iter().any(|(own, _)| *own == name) => {
                let name = name.to_string();
                let number = words.value().map_err(wrong)?;
                let number = number.to_string_lossy().parse().ok().filter(|number| *number > 0);
                let number = number.ok_or_else(|| {
                    Error::value(format!("--{name} wants a whole number from 1 on"), &usage)
                })?;
                read.numbers.insert(name, number);
            }
            Long(name) if spoken.iter().any(|(own, _)| *own == name) => {
                let name = name.to_string();
                let word = words.value().map_err(wrong)?;
                read.spoken.insert(name, word.to_string_lossy().into());
            }
            Long("out") => read.out = words.value().map_err(wrong)?.into(),
            Long("help") | Short('h') => {
                println!(
                    "{usage}\n\n{}",
                    help(takes, &spoken, &numbers, &read.out.display().to_string())
                );
                std::process::exit(0);
            }
            Value(path) if read.music.is_none() => read.music = Some(path.into()),
            other => return Err(wrong(other.unexpected())),
        }
    }
    Ok(read)
}

/// What `MUSIC` may be.
pub(super) fn taken(takes: &[Takes]) -> String {
    let kinds = if takes.contains(&Takes::Sounds) {
        "MIDI, ABC or WAV"
    } else {
        "MIDI or ABC"
    };
    let text = if takes.contains(&Takes::Text) {
        "; or a text, for its words or letters"
    } else {
        ""
    };
    format!("a file of {kinds}, or a folder of such files{text}")
}

fn help(takes: &[Takes], words: &[(&str, &str)], numbers: &[(&str, &str)], out: &str) -> String {
    let mut help = format!("  MUSIC       {}, in place of the book's\n", taken(takes));
    for (name, what) in words {
        help += &format!("  {:<11} {what}\n", format!("--{name} W"));
    }
    for (name, what) in numbers {
        help += &format!("  {:<11} {what}\n", format!("--{name} N"));
    }
    help + &format!(
        "  --seed N    other random draws\n  --out DIR   where to put what is shown (default: {out})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Result<Arguments> {
        let takes = [
            Takes::Text,
            Takes::Folds("in turn"),
            Takes::Number("states", "how many"),
            Takes::Word("mood", "calm or sad"),
        ];
        read("03-markov", &takes, words.iter().map(OsString::from).collect())
    }

    #[test]
    fn words_become_what_they_mean() {
        let read = of(&[
            "songs",
            "--folds",
            "5",
            "--states=7",
            "--mood",
            "sad",
            "--seed",
            "0",
            "--out",
            "there",
        ])
        .unwrap();
        assert_eq!(read.music, Some("songs".into()));
        assert_eq!((read.numbers["folds"], read.numbers["states"]), (5, 7));
        assert_eq!((read.seed, read.out), (Some(0), "there".into()));
        assert_eq!(read.spoken["mood"], "sad");
        assert_eq!(read.all.len(), 10);
    }

    #[test]
    fn what_is_not_taken_is_an_error_with_the_usage() {
        for words in [
            &["--folds", "0"][..],
            &["--seed", "x"],
            &["a", "b"],
            &["--length", "3"],
            &["--grid"],
        ] {
            let message = of(words).err().unwrap().to_string();
            assert!(
                message.contains("Usage")
                    && message.contains("[--states N]")
                    && message.contains("[--mood WORD]"),
                "{message}"
            );
        }
    }

    #[test]
    fn help_says_what_is_true_for_the_chapter() {
        assert_eq!(taken(&[]), "a file of MIDI or ABC, or a folder of such files");
        assert!(taken(&[Takes::Sounds]).contains("WAV"));
        let help = help(&[Takes::Text], &[], &[("states", "how many")], "out");
        assert!(
            help.contains("a text") && help.contains("--states N  how many"),
            "{help}"
        );
    }
}
