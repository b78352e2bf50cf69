//! What a style is: a kind of tunes, its bar, and what goes under it.

use crate::bars::Tune;

/// What goes under a melody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    /// A bass note, and its chord on the other two beats.
    Waltz,
    /// In each half of a bar a bass note, and its chord an eighth before the next.
    Jig,
    /// Bass and chord in turn, a beat each.
    March,
    /// Chords that are held.
    Block,
    /// One note of the chord after another, in eighths.
    Broken,
}

/// A style.
#[derive(Clone, PartialEq, Debug)]
pub struct Style {
    /// What the kind of tunes is called.
    pub name: String,
    /// Steps of a bar: 12 or 16.
    pub bar: usize,
    /// Beats of a bar: a jig has two, each of three eighths.
    pub beats: usize,
    /// What goes under the melody.
    pub figure: Figure,
    /// The General MIDI program of the melody, and of the chords.
    pub programs: [u8; 2],
    /// Notes in a mean bar of such tunes.
    pub notes: f64,
}

impl Style {
    /// The style of a kind: its bar is the one that most of its tunes have. What goes under it, and who plays, its name says, or else its bar.
    pub fn of(name: &str, tunes: &[&Tune]) -> Style {
        let most = |count: usize| 2 * count > tunes.len();
        let short = |tune: &&&Tune| tune.usable().next().is_some_and(|unit| unit.bar == 12);
        let bar = if most(tunes.iter().filter(short).count()) {
            12
        } else {
            16
        };
        let three = 2 * tunes.iter().filter(|tune| tune.three).count() >= tunes.iter().filter(short).count();
        let (beats, by_bar) = match (bar, three) {
            (12, true) => (3, Figure::Waltz),
            (12, false) => (2, Figure::Jig),
            _ => (4, Figure::March),
        };
        let named = |part: &str| name.contains(part);
        let (figure, programs) = match () {
            () if named("hymn") => (Figure::Block, [19, 19]),
            () if named("lullab") => (Figure::Broken, [11, 24]),
            () if named("folk") => (Figure::Broken, [73, 24]),
            () if named("march") => (by_bar, [73, 0]),
            () if named("waltz") => (by_bar, [40, 0]),
            () if named("country") => (by_bar, [40, 24]),
            () => (by_bar, [if bar == 12 { 73 } else { 40 }, 24]),
        };
        let of_bar = || {
            tunes
                .iter()
                .flat_map(|tune| tune.usable())
                .filter(|unit| unit.bar == bar)
        };
        let notes: usize = of_bar().map(|unit| unit.notes().len()).sum();
        Style {
            name: name.to_string(),
            bar,
            beats,
            figure,
            programs,
            notes: notes as f64 / of_bar().count().max(1) as f64,
        }
    }

    /// How many chords a bar may have: one in three beats, else one in each half.
    pub fn chords(&self) -> usize {
        if self.beats == 3 { 1 } else { 2 }
    }

    /// Whether this is the name of the style: `waltz` for waltzes, `hymn` for hymns and carols.
    pub fn is(&self, name: &str) -> bool {
        let name = name.to_lowercase().replace('-', " ");
        let own = self.name.to_lowercase();
        let single = |word: &str| {
            let stem = match word {
                _ if word.ends_with("ches") || word.ends_with("zes") => word.len() - 2,
                _ if word.ends_with("ies") => return format!("{}y", &word[..word.len() - 3]),
                _ => word.len() - usize::from(word.ends_with('s')),
            };
            word[..stem].to_string()
        };
        let words = || own.split_whitespace().filter(|word| *word != "and");
        let singular: Vec<String> = own.split_whitespace().map(single).collect();
        own == name || singular.join(" ") == name || words().any(|word| word == name || single(word) == name)
    }
}
