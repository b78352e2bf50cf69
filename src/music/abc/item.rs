//! What a line of music is made of, before its repeats are played.

use super::fraction::Fraction;
use crate::music::{Key, Metre, Pitch, Tempo};

/// The most items that a tune may have, and that its repeats may unfold to: about a million.
pub(super) const MOST_ITEMS: usize = 1 << 20;

/// One thing in a line of music.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) context: Context,
    /// Which of its line's instruments plays it.
    pub(super) instrument: usize,
    pub(super) place: Place,
}

/// Where in the file an item stands, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Tones that start together, or none: a rest. Time moves on by `length`.
    Sound {
        tones: Vec<Tone>,
        length: Fraction,
    },
    Bar(Bar),
    /// `&`: what follows starts again where the bar started.
    Overlay,
    /// Where a part begins, by the number of its label.
    Part(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Tone {
    pub(super) pitch: Pitch,
    pub(super) length: Fraction,
    /// Whether it is to sound on as the next tone of the same pitch.
    pub(super) tied: bool,
}

/// A bar line, or the mark of an ending within a bar.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Bar {
    /// Whether a line is drawn here.
    pub(super) line: bool,
    /// A double line, thin or thick.
    pub(super) double: bool,
    /// How many times to go back from here: 1 for `:|`.
    pub(super) ends: u32,
    /// Whether a repeat starts here: `|:`.
    pub(super) starts: bool,
    /// The passes in which the music after this is played, pass 1 as bit 1; 0 if there is no ending.
    pub(super) ending: u64,
}

/// What holds at an item.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Context {
    pub(super) key: Option<Key>,
    pub(super) metre: Option<Metre>,
    pub(super) tempo: Option<Tempo>,
}
