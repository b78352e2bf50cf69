//! How the notes on a staff sound: the clef, what shifts them, and the instrument that plays them.

use super::cursor::Fault;

/// Names of clefs that may stand without `clef=`.
const CLEFS: [&str; 5] = ["treble", "alto", "tenor", "bass", "perc"];
/// What clefs with a small number do to the notes, in semitones.
const OCTAVES: [(&str, i32); 4] = [("+8", 12), ("-8", -12), ("+15", 24), ("-15", -24)];

/// What a clef does to the notes.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Clef {
    /// Semitones that it moves them by: -12 for `treble-8`.
    pub(super) shift: i32,
    pub(super) percussion: bool,
}

/// What fields and directives say of a staff; `None` where they say nothing. Each word holds until it is said anew.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Staff {
    pub(super) clef: Option<Clef>,
    /// Semitones of `octave=`.
    pub(super) octave: Option<i32>,
    /// Semitones of `transpose=`.
    pub(super) transpose: Option<i32>,
    /// Semitones of `%%MIDI transpose`.
    pub(super) midi_transpose: Option<i32>,
    /// MIDI channel, 1 to 16.
    pub(super) channel: Option<u8>,
    /// General MIDI program, 0 to 127.
    pub(super) program: Option<u8>,
}

impl Staff {
    /// What holds after something later has been said.
    pub(super) fn then(self, later: Staff) -> Staff {
        Staff {
            clef: later.clef.or(self.clef),
            octave: later.octave.or(self.octave),
            transpose: later.transpose.or(self.transpose),
            midi_transpose: later.midi_transpose.or(self.midi_transpose),
            channel: later.channel.or(self.channel),
            program: later.program.or(self.program),
        }
    }

    /// Whether the notes name drums: on MIDI channel 10, or under a percussion clef.
    pub(super) fn is_percussion(self) -> bool {
        self.channel == Some(10) || self.clef.unwrap_or_default().percussion
    }

    /// Semitones that every note is moved by; the names of drums stay what they are.
    pub(super) fn shift(self) -> i32 {
        if self.is_percussion() {
            return 0;
        }
        let clef = self.clef.unwrap_or_default().shift;
        let others = [self.octave, self.transpose, self.midi_transpose];
        clef + others.into_iter().flatten().sum::<i32>()
    }
}

/// What the properties of a `K:` or `V:` field say: `clef=treble-8`, `bass`, `octave=-1`, `transpose=2`.
///
/// # Errors
/// If the number is no number, or beyond any keyboard.
pub(super) fn properties(words: &[&str]) -> Result<Staff, Fault> {
    let mut staff = Staff::default();
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or(("", word));
        let value = value.trim_matches('"');
        match name {
            "octave" => staff.octave = Some(12 * semitones(value)?),
            "transpose" | "t" => staff.transpose = Some(semitones(value)?),
            "clef" => staff.clef = Some(clef(value)),
            "" if is_clef(value) => staff.clef = Some(clef(value)),
            _ => {}
        }
    }
    Ok(staff)
}

/// Whether a word is a clef although nothing says so.
pub(super) fn is_clef(word: &str) -> bool {
    CLEFS.iter().any(|clef| word.starts_with(clef))
}

/// By the standard a clef of an unknown name is a treble clef.
fn clef(name: &str) -> Clef {
    let octave = OCTAVES.iter().find(|(ending, _)| name.ends_with(ending));
    Clef {
        shift: octave.map_or(0, |(_, shift)| *shift),
        percussion: name.starts_with("perc"),
    }
}

/// A shift of octaves or semitones.
pub(super) fn semitones(number: &str) -> Result<i32, Fault> {
    let parsed = number.parse().ok().filter(|shift| (-127..=127).contains(shift));
    parsed.ok_or_else(|| {
        Fault::new(
            format!("\"{number}\" is no shift of octaves or semitones"),
            "Write a whole number between -127 and 127: octave=-1",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff(text: &str) -> Staff {
        let words: Vec<&str> = text.split(' ').collect();
        properties(&words).unwrap()
    }

    #[test]
    fn clef_octave_and_transposition_each_hold_until_they_are_named_again() {
        let first = staff("clef=treble-8 octave=-1 transpose=2");
        assert_eq!(first.shift(), -22);
        assert_eq!(first.then(staff("name=x")).shift(), -22);
        assert_eq!(first.then(staff("bass")).shift(), -10, "a clef without 8");
        assert_eq!(first.then(staff("clef=unheard-of")).shift(), -10);
        assert_eq!(first.then(staff("octave=0 t=0")).shift(), -12);
        assert_eq!(staff("\"clef=\"treble+15\"").shift(), 0, "no property");
        assert_eq!(staff("clef=\"treble+15\"").shift(), 24);
    }

    #[test]
    fn percussion_is_a_clef_or_a_channel_and_is_never_shifted() {
        let drums = staff("perc octave=1");
        assert!(drums.is_percussion());
        assert_eq!(drums.shift(), 0);
        assert!(!drums.then(staff("clef=bass")).is_percussion());
        let channel = Staff {
            channel: Some(10),
            ..Staff::default()
        };
        assert!(channel.then(staff("clef=bass")).is_percussion());
    }
}
