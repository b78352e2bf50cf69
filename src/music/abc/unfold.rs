//! Repeats and their endings, played out.

use super::cursor::Fault;
use super::item::{Bar, Item, Kind, MOST_ITEMS};
use crate::Result;

/// The passage that a repeat would go back to the start of.
struct Section {
    start: usize,
    /// Whether `|:` stands at the start; without it a double bar line starts a new section too.
    marked: bool,
    /// The pass now being played, from 1.
    pass: u32,
    /// How many passes there are, once that had to be found out.
    passes: Option<u32>,
    /// Whether an ending is being played.
    in_ending: bool,
}

impl Section {
    fn new(start: usize, marked: bool) -> Section {
        Section {
            start,
            marked,
            pass: 1,
            passes: None,
            in_ending: false,
        }
    }

    fn is_last_pass(&mut self, items: &[Item]) -> bool {
        let passes = *self.passes.get_or_insert_with(|| passes(items, self.start));
        self.pass >= passes
    }
}

/// The indices of the items in the order in which they are played.
///
/// A repeat goes back to the last `|:` or, without one, to the last double bar line, end of a repeat or
/// the tune's start. An ending lasts until the next ending, double line or repeat.
///
/// # Errors
/// If more would be played than `left`, which starts at [`MOST_ITEMS`] for a tune and shrinks voice by voice.
pub(super) fn unfold(items: &[Item], left: &mut usize) -> Result<Vec<usize>> {
    let mut played = Vec::new();
    let mut section = Section::new(0, false);
    let mut next = 0;
    let mut passed = 0; // over endings too, which takes time although it plays nothing
    while let Some(item) = items.get(next) {
        played.push(next);
        let from = next;
        next += 1;
        if let Kind::Bar(bar) = item.kind {
            next = after_bar(items, from, bar, &mut section, &mut played, &mut passed);
        }
        passed += 1;
        if passed > *left {
            let remedy = "Write fewer repeats";
            let what = format!("the repeats unfold to more than {MOST_ITEMS} symbols");
            return Err(Fault::new(what, remedy).at(item.place.line, item.place.column));
        }
    }
    *left -= passed;
    Ok(played)
}

/// Where to go on after the bar line at this index. Endings for other passes are passed over.
fn after_bar(
    items: &[Item],
    mut at: usize,
    mut bar: Bar,
    section: &mut Section,
    played: &mut Vec<usize>,
    passed: &mut usize,
) -> usize {
    let mut skipped = false;
    loop {
        let has_ending = bar.ending != 0 && !bar.starts;
        // an ending after an ending goes back too, even where the `:|` between them was forgotten
        let ends = bar.ends > 0 || (has_ending && section.in_ending && !skipped);
        if ends && !(skipped && has_ending) && !section.is_last_pass(items) {
            section.pass += 1;
            section.in_ending = false;
            return section.start;
        }
        if !has_ending {
            let implied = bar.double && (section.in_ending || !section.marked);
            if bar.starts || ends || skipped || implied {
                *section = Section::new(at + 1, bar.starts);
            }
            return at + 1;
        }
        if bar.ending >> section.pass & 1 == 1 {
            section.in_ending = true;
            return at + 1;
        }
        let Some((index, next)) = ending_end(items, at + 1) else {
            return items.len();
        };
        *passed += index - at;
        played.push(index);
        (at, bar, skipped) = (index, next, true);
    }
}

/// The bar line that ends an ending, from this index on.
fn ending_end(items: &[Item], from: usize) -> Option<(usize, Bar)> {
    let bars = bars(items, from);
    bars.into_iter()
        .find(|(_, bar)| bar.ends > 0 || bar.starts || bar.double || bar.ending != 0)
}

/// How often the section from this index on is played.
fn passes(items: &[Item], start: usize) -> u32 {
    let mut passes = 1;
    let mut in_ending = false;
    for (_, bar) in bars(items, start) {
        passes = passes.max(bar.ends + 1);
        if bar.ending != 0 && !bar.starts {
            passes = passes.max(bar.ending.ilog2());
            in_ending = true;
        } else if bar.ends > 0 || bar.starts || (bar.double && in_ending) {
            break;
        }
    }
    passes
}

/// The bar lines from this index on, each with its index.
fn bars(items: &[Item], from: usize) -> impl Iterator<Item = (usize, Bar)> {
    let indexed = items.iter().enumerate().skip(from);
    indexed.filter_map(|(index, item)| match item.kind {
        Kind::Bar(bar) => Some((index, bar)),
        _ => None,
    })
}
