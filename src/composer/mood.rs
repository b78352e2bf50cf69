//! Moods as points of a plane, and what music has to do for them.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What the features are called.
pub const FEATURES: [&str; 5] = ["mode", "register", "density", "articulation", "loudness"];

/// A mood: a place in the plane of J. A. Russell (*A circumplex model of affect*, 1980).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Mood {
    /// Pleasant and quiet.
    Calm,
    /// Pleasant and active.
    Bright,
    /// Unpleasant and quiet.
    Sad,
    /// Unpleasant and active.
    Restless,
}

impl Mood {
    /// Every mood.
    pub const ALL: [Mood; 4] = [Mood::Calm, Mood::Bright, Mood::Sad, Mood::Restless];

    /// How pleasant it is, and how active: from -1 to 1.
    pub fn place(self) -> (f64, f64) {
        match self {
            Mood::Calm => (0.8, -0.8),
            Mood::Bright => (0.8, 0.8),
            Mood::Sad => (-0.6, -0.8),
            Mood::Restless => (-0.6, 0.8),
        }
    }

    /// What music has to do for it.
    pub fn features(self) -> Features {
        let (pleasant, active) = self.place();
        Features::at(pleasant, active)
    }
}

impl fmt::Display for Mood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Mood::Calm => "calm",
            Mood::Bright => "bright",
            Mood::Sad => "sad",
            Mood::Restless => "restless",
        })
    }
}

impl FromStr for Mood {
    type Err = Error;

    fn from_str(name: &str) -> Result<Mood> {
        let found = Mood::ALL.into_iter().find(|mood| mood.to_string() == name);
        found.ok_or_else(|| {
            Error::value(
                format!("There is no mood \"{name}\""),
                "Ask for calm, bright, sad or restless",
            )
        })
    }
}

// ANCHOR: features
/// What music can do, each from -1 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Features {
    /// From Phrygian, the darkest mode, to major.
    pub mode: f64,
    /// From low to high.
    pub register: f64,
    /// From few notes to many.
    pub density: f64,
    /// From bound to short.
    pub articulation: f64,
    /// From soft to loud.
    pub loudness: f64,
}

impl Features {
    /// What goes with a place in the plane.
    pub fn at(pleasant: f64, active: f64) -> Features {
        Features {
            mode: pleasant,
            register: 0.6 * pleasant + 0.4 * active,
            density: active,
            articulation: active,
            loudness: active,
        }
    }
}
// ANCHOR_END: features

impl Features {
    /// Nothing in particular.
    pub const NONE: Features = Features {
        mode: 1.0,
        register: 0.0,
        density: 0.0,
        articulation: 0.0,
        loudness: 0.0,
    };

    /// Moves one of [`FEATURES`] alone.
    #[must_use]
    pub fn with(mut self, number: usize, value: f64) -> Features {
        let all = [
            &mut self.mode,
            &mut self.register,
            &mut self.density,
            &mut self.articulation,
            &mut self.loudness,
        ];
        if let Some(feature) = all.into_iter().nth(number) {
            *feature = value.clamp(-1.0, 1.0);
        }
        self
    }

    /// How many notes of the scale stand lower than in major: 0 to 4. On the way from major to Mixolydian, Dorian, minor and Phrygian each mode lowers one
    /// more.
    pub fn lowered(&self) -> usize {
        (2.0 * (1.0 - self.mode.clamp(-1.0, 1.0))).round() as usize
    }

    /// By how many semitones everything is moved: up to a fifth either way, to a key that is easy to read.
    pub fn moved(&self) -> i32 {
        let wanted = 7.0 * self.register.clamp(-1.0, 1.0);
        let far = |semitones: i32| (f64::from(semitones) - wanted).abs();
        let keys = [-7, -5, -3, -2, 0, 2, 4, 5, 7];
        keys.into_iter()
            .min_by(|a, b| far(*a).total_cmp(&far(*b)))
            .unwrap_or(0)
    }

    /// So many times as many notes as the style has.
    pub fn denser(&self) -> f64 {
        2f64.powf(0.8 * self.density.clamp(-1.0, 1.0))
    }

    /// How much of a quarter note is silent before the next note: from nothing to a half.
    pub fn silent(&self) -> f64 {
        0.25 + 0.25 * self.articulation.clamp(-1.0, 1.0)
    }

    /// How hard a note is struck that has no accent.
    pub fn velocity(&self) -> f64 {
        72.0 + 32.0 * self.loudness.clamp(-1.0, 1.0)
    }
}
