//! The order in which the parts of a tune are played: `P:(AB)2C` in the head, `P:A` where part A begins.

use super::item::{Item, Kind};
use super::line::Line;
use std::collections::{BTreeMap, BTreeSet};

/// The most parts that are played one after another.
const MOST_PLAYED: usize = 1000;

/// What is played of every line, by number: stretch 0 is what comes before the first part, 1 the first part marked.
/// The first label stands for no part. None if the tune is played as it is written. `warn` hears where an order is
/// not followed, or not in full.
pub(super) fn plan(
    order: &str,
    labels: &[String],
    lines: &[Line],
    mut warn: impl FnMut(String),
) -> Option<Vec<usize>> {
    let played = expanded(order);
    if played.as_ref().is_some_and(|played| played.len() < 2) && labels.len() < 2 {
        return None; // nothing to put into order
    }
    let marked = marked_in_all(labels, lines);
    let planned = match (played, marked) {
        (None, _) => Err("it is more than letters, numbers and brackets, or too long".to_string()),
        (_, None) => Err("its voices do not have the same parts".to_string()),
        (Some(played), Some(marked)) => {
            placed(&played, &marked, &mut |what| warn(format!("P:{order}: {what}")))
        }
    };
    planned
        .map_err(|why| {
            warn(format!(
                "P:{order} is not followed, the tune is played as written: {why}"
            ))
        })
        .ok()
}

/// The stretches of a line in the order of a plan, or all of it.
pub(super) fn stretches<'a>(items: &'a [Item], plan: Option<&[usize]>) -> Vec<&'a [Item]> {
    let Some(plan) = plan else {
        return vec![items];
    };
    let mut starts: Vec<usize> = marks(items).map(|(start, _)| start).collect();
    starts.insert(0, 0);
    starts.push(items.len());
    plan.iter()
        .map(|&number| &items[starts[number]..starts[number + 1]])
        .collect()
}

/// Where parts begin, and the number of each one's label.
fn marks(items: &[Item]) -> impl Iterator<Item = (usize, usize)> {
    let indexed = items.iter().enumerate();
    indexed.filter_map(|(index, item)| match item.kind {
        Kind::Part(label) => Some((index, label)),
        _ => None,
    })
}

/// The labels of the parts in the order in which they are written, if all voices agree.
fn marked_in_all<'a>(labels: &'a [String], lines: &[Line]) -> Option<Vec<&'a str>> {
    let of_line = |line: &Line| -> Vec<&'a str> {
        let labels = marks(&line.items).filter_map(|(_, label)| labels.get(label));
        labels.map(String::as_str).collect()
    };
    let mut lines = lines.iter().filter(|line| !line.items.is_empty()).map(of_line);
    let first = lines.next().unwrap_or_default();
    lines.all(|other| other == first).then_some(first)
}

/// The numbers of the parts that are played, after what comes before the first of them.
fn placed(played: &[char], marked: &[&str], warn: &mut dyn FnMut(String)) -> Result<Vec<usize>, String> {
    let mut numbers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, label) in (1..).zip(marked) {
        numbers.entry(label).or_default().push(number);
    }
    let mut plan = vec![0];
    let mut missing = BTreeSet::new();
    for letter in played {
        match numbers.get(letter.to_string().as_str()).map(Vec::as_slice) {
            Some(&[number]) => plan.push(number),
            Some(_) => return Err(format!("part {letter} is marked more than once")),
            None => drop(missing.insert(letter)),
        }
    }
    if plan.len() == 1 {
        return Err("none of its parts is marked in the music".to_string());
    }
    for letter in missing {
        warn(format!("no part {letter} is marked in the music"));
    }
    let placed: BTreeSet<String> = played.iter().map(char::to_string).collect();
    for label in numbers.keys().filter(|label| !placed.contains(**label)) {
        warn(format!("part {label} has no place in it and is not played"));
    }
    Ok(plan)
}

/// The letters of an order, written out; none if it is no order, or longer than [`MOST_PLAYED`].
fn expanded(order: &str) -> Option<Vec<char>> {
    let mut open: Vec<Vec<char>> = vec![Vec::new()]; // a sequence for each bracket that is open
    let mut characters = order.chars().peekable();
    while let Some(character) = characters.next() {
        let repeated = match character {
            'A'..='Z' | 'a'..='z' => vec![character],
            '(' => {
                open.push(Vec::new());
                continue;
            }
            ')' => open.pop()?,
            '.' => continue,
            space if space.is_whitespace() => continue,
            _ => return None,
        };
        let mut times = 1;
        if characters.peek().is_some_and(char::is_ascii_digit) {
            times = 0;
            while let Some(digit) = characters.peek().and_then(|digit| digit.to_digit(10)) {
                times = (MOST_PLAYED + 1).min(10 * times + digit as usize);
                characters.next();
            }
        }
        let sequence = open.last_mut()?;
        if sequence.len() + times * repeated.len() > MOST_PLAYED {
            return None;
        }
        sequence.extend(std::iter::repeat_n(repeated, times).flatten());
    }
    let whole = open.pop()?;
    open.is_empty().then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_written_out() {
        let letters = |order| expanded(order).map(String::from_iter);
        assert_eq!(letters("A B.A"), Some("ABA".to_string()));
        assert_eq!(letters("A2(BC)2.A"), Some("AABCBCA".to_string()));
        assert_eq!(letters("((AB)3.(CD)3)2").unwrap().len(), 24);
        assert_eq!(letters("A0B"), Some("B".to_string()));
        for wrong in ["(A", "A)", "A-B", "A9999999999", "((A99)99)99", "2A"] {
            assert_eq!(letters(wrong), None, "{wrong}");
        }
        assert_eq!(letters(&"(".repeat(100_000)), None);
    }
}
