//! From an order to a piece, layer by layer.

use super::ear::Ear;
use super::form::Forms;
use super::harmony::Harmony;
use super::order::Order;
use super::piece::Piece;
use super::plan::Plan;
use super::style::Style;
use super::write;
use super::writer::Writer;
use crate::bars::{Lesson, Lessons, Tune, Unit};
use crate::music::Part;
use crate::{Error, Result};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::HashSet;

/// What is composed, one on top of the other. Each has a seed of its own, so that one can be thrown again while others are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layer {
    /// Which phrases come back.
    Form,
    /// What is sung.
    Melody,
    /// The chords.
    Chords,
    /// The bass.
    Bass,
}

/// A seed for each [`Layer`], in their order.
pub type Seeds = [u64; 4];

/// One who has listened to tunes.
#[derive(Clone, Debug)]
pub struct Composer {
    /// What the kinds of tunes are called, which are the styles.
    pub styles: Vec<Style>,
    /// All tunes that it was given, also those that it has not listened to.
    pub tunes: Vec<Tune>,
    /// Which phrases come back.
    pub forms: Forms,
    /// Which chords follow which.
    pub harmony: Harmony,
    /// How typical a bar is, and whether it is known.
    pub ear: Ear,
}

impl Composer {
    /// Listens to tunes, but not to those of the test part. Kinds of which it has heard nothing are left out.
    ///
    /// # Errors
    /// If no tune has a phrase of four bars that can be used.
    pub fn of(names: &[String], tunes: Vec<Tune>) -> Result<Composer> {
        let learned = |tune: &&Tune| tune.part != Part::Test;
        let heard: Vec<&Tune> = tunes.iter().filter(learned).collect();
        let (mut styles, mut numbers) = (Vec::new(), vec![None; names.len()]);
        for (kind, name) in names.iter().enumerate() {
            let of_kind: Vec<&Tune> = heard.iter().copied().filter(|tune| tune.kind == kind).collect();
            let style = Style::of(name, &of_kind);
            if style.notes > 0.0 {
                numbers[kind] = Some(styles.len());
                styles.push(style);
            }
        }
        let mut tunes = tunes;
        tunes.retain_mut(|tune| {
            let number = numbers.get(tune.kind).copied().flatten();
            tune.kind = number.unwrap_or_default();
            number.is_some()
        });
        let heard: Vec<&Tune> = tunes.iter().filter(learned).collect();
        let forms = Forms::of(&heard);
        if forms.plans().next().is_none() {
            return Err(Error::value(
                format!("Of {} tunes none has four bars that can be used", heard.len()),
                "Give tunes in 4/4, 2/4, 3/4 or 6/8, on a grid of sixteenths, with their metre told",
            ));
        }
        let harmony = Harmony::of(&heard, styles.len());
        let ear = Ear::of(&lessons(&styles, &tunes));
        Ok(Composer {
            styles,
            forms,
            harmony,
            ear,
            tunes,
        })
    }

    /// The number of the style of this name.
    ///
    /// # Errors
    /// If there is none, or several are called so.
    pub fn style(&self, name: &str) -> Result<usize> {
        let found: Vec<usize> = (0..self.styles.len())
            .filter(|style| self.styles[*style].is(name))
            .collect();
        match found[..] {
            [one] => Ok(one),
            _ => {
                let names: Vec<&str> = self.styles.iter().map(|style| &style.name[..]).collect();
                Err(Error::value(
                    format!("There is no style \"{name}\""),
                    format!("Ask for one of these: {}", names.join(", ")),
                ))
            }
        }
    }

    /// Pairs of bars that a [`Writer`] learns from: each once for a tune.
    pub fn lessons(&self) -> Lessons {
        lessons(&self.styles, &self.tunes)
    }

    // ANCHOR: compose
    /// Composes, from the whole to the parts. What is kept of another piece stays, if length and metre are the same; with melody or chords the form
    /// stays, too.
    ///
    /// # Errors
    /// If the order cannot be met.
    pub fn compose(
        &mut self,
        order: &Order,
        writer: &mut Writer,
        seeds: Seeds,
        kept: Option<(&Piece, [bool; 4])>,
    ) -> Result<Piece> {
        let (style, bars) = self.measured(order)?;
        let style = &style;
        let (old, [form, tune, chorded, bass]) = match kept {
            Some((piece, keep)) => (Some(piece), keep),
            None => (None, [false; 4]),
        };
        let fits = old.is_some_and(|old| old.melody.len() == bars && old.style.bar == style.bar);
        let keep = |layer: bool| old.filter(|_| fits && layer);
        let [mut of_form, mut of_melody, mut of_chords, mut of_bass] = seeds.map(ChaCha8Rng::seed_from_u64);

        let plan = match keep(form || tune || chorded) {
            Some(old) => old.plan.clone(),
            None => Plan::of(&self.forms, order.style, bars, &mut of_form)?,
        };
        let sung = keep(tune).map(|old| old.melody.clone());
        let chords = match keep(chorded) {
            Some(old) => old.chords.clone(),
            None => (self.harmony).chords(&plan, style, order.style, sung.as_deref(), &mut of_chords),
        };
        let melody = match sung {
            Some(melody) => melody,
            None => write::melody(
                &plan,
                &chords,
                (style, order.style),
                &order.features,
                (writer, &mut self.ear),
                &mut of_melody,
            )?,
        };
        let bass = keep(bass).map_or_else(|| of_bass.next_u32() as usize % 3, |old| old.bass);
        Ok(Piece {
            order: order.clone(),
            style: style.clone(),
            plan,
            chords,
            melody,
            bass,
        })
    }
    // ANCHOR_END: compose

    /// The style of an order, and how many bars it takes.
    fn measured(&self, order: &Order) -> Result<(Style, usize)> {
        let order = order.clone().checked()?;
        let style = self.styles.get(order.style).ok_or_else(|| {
            Error::value(
                format!("There is no style {}", order.style),
                format!("There are {}", self.styles.len()),
            )
        })?;
        Ok((style.clone(), order.bars(style)))
    }

    /// So many bars as a model writes them by itself: each after the one before, without plan and chords.
    ///
    /// # Errors
    /// If the model cannot write.
    pub fn unplanned(
        &self,
        style: usize,
        bars: usize,
        writer: &mut Writer,
        rng: &mut ChaCha8Rng,
    ) -> Result<Vec<Unit>> {
        let kind = style % self.styles.len();
        write::unplanned((&self.styles[kind], kind), bars, writer, rng)
    }
}

/// The pairs of bars in tunes that are listened to.
fn lessons(styles: &[Style], tunes: &[Tune]) -> Lessons {
    let mut lessons = Lessons {
        kinds: styles.iter().map(|style| style.name.clone()).collect(),
        ..Lessons::default()
    };
    for (number, tune) in tunes.iter().enumerate() {
        if tune.part == Part::Test {
            continue;
        }
        let mut known = HashSet::new();
        for pair in tune.bars.windows(2) {
            let [Some(first), Some(second)] = pair else {
                continue;
            };
            if first.bar != second.bar {
                continue;
            }
            let unit = Unit {
                bar: first.bar,
                symbols: [&first.symbols[..], &second.symbols].concat(),
            };
            if known.insert(unit.clone()) {
                lessons.all.push(Lesson {
                    unit,
                    tune: number,
                    kind: tune.kind,
                    part: Part::Train,
                });
            }
        }
    }
    lessons
}
