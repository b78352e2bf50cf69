//! Directives, `%%…` or `I:…`, that change what is played.

use super::cursor::Fault;
use super::staff::{Staff, semitones};

/// How far an accidental reaches, beyond its own note, until its bar ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Accidentals {
    /// No further.
    Not,
    /// Over the notes of the same octave.
    Octave,
    /// Over the notes of that letter in all octaves: what the standard takes where nothing is said.
    #[default]
    Pitch,
}

/// What a directive asks for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Directive<'a> {
    Accidentals(Accidentals),
    /// A property of the voice in which it stands.
    Staff(Staff),
    /// `%%MIDI rtranspose`: so many semitones further.
    Further(i32),
    /// `%%MIDI program` for the voice on a channel.
    Program {
        channel: u8,
        program: u8,
    },
    /// `%%MIDI voice`: a property of the voice of this identity.
    Voice(&'a str, Staff),
}

/// Reads a directive, without its `%%` or `I:`; none if it changes nothing that is played here.
///
/// # Errors
/// If its value makes no sense, or if it is one that would change notes but is not followed.
pub(super) fn directive(text: &str) -> Result<Option<Directive<'_>>, Fault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["propagate-accidentals", value] => accidentals(value).map(Some),
        [name, command, values @ ..] if name.eq_ignore_ascii_case("MIDI") => midi(text, command, values),
        ["abc-include" | "map" | "voicemap" | "percmap" | "transpose", ..] => Err(not_followed(text)),
        _ => Ok(None),
    }
}

fn accidentals(value: &str) -> Result<Directive<'static>, Fault> {
    Ok(Directive::Accidentals(match value {
        "not" => Accidentals::Not,
        "octave" => Accidentals::Octave,
        "pitch" => Accidentals::Pitch,
        _ => {
            return Err(Fault::new(
                format!("\"{value}\" is no reach of accidentals"),
                "Write not, octave or pitch",
            ));
        }
    }))
}

/// `%%MIDI …`, as abc2midi defines it, and `%%MIDI voice` of the standard.
fn midi<'a>(text: &str, command: &str, values: &[&'a str]) -> Result<Option<Directive<'a>>, Fault> {
    let staff = |staff| Ok(Some(Directive::Staff(staff)));
    let program = |value: &str| number(text, value, 0, 127);
    let channel = |value: &str| number(text, value, 1, 16);
    match (command, values) {
        ("program", [value]) => staff(Staff {
            program: Some(program(value)?),
            ..Staff::default()
        }),
        ("program", [on, value]) => Ok(Some(Directive::Program {
            channel: channel(on)?,
            program: program(value)?,
        })),
        ("channel", [value]) => staff(Staff {
            channel: Some(channel(value)?),
            ..Staff::default()
        }),
        ("transpose", [value]) => staff(Staff {
            midi_transpose: Some(semitones(value)?),
            ..Staff::default()
        }),
        ("rtranspose", [value]) => Ok(Some(Directive::Further(semitones(value)?))),
        ("voice", values) => {
            let instrument = values.iter().find_map(|value| value.strip_prefix("instrument="));
            let id = values
                .first()
                .filter(|value| !value.contains('=') && **value != "mute");
            let Some(instrument) = instrument.filter(|_| !values.contains(&"mute")) else {
                return Err(not_followed(text));
            };
            let said = Staff {
                program: Some(number(text, instrument, 1, 128)? - 1),
                ..Staff::default()
            };
            Ok(Some(
                id.map_or(Directive::Staff(said), |id| Directive::Voice(id, said)),
            ))
        }
        ("program" | "channel" | "transpose" | "rtranspose" | "drummap", _) => Err(not_followed(text)),
        _ => Ok(None),
    }
}

/// A number of a directive, within these bounds.
fn number(text: &str, value: &str, least: u8, most: u8) -> Result<u8, Fault> {
    let parsed = value
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number));
    parsed.ok_or_else(|| {
        let what = format!("\"{value}\" in \"{text}\" is no number from {least} to {most}");
        Fault::new(what, "Programs are counted from 0 to 127, channels from 1 to 16")
    })
}

fn not_followed(text: &str) -> Fault {
    Fault::new(
        format!("\"{text}\" is not followed"),
        "Write the notes as they sound",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_that_change_the_music_are_read_and_others_passed_over() {
        let program = |program| Staff {
            program: Some(program),
            ..Staff::default()
        };
        let read = |text| directive(text).unwrap();
        assert_eq!(read("MIDI program 73"), Some(Directive::Staff(program(73))));
        assert_eq!(
            read("midi program  2 73"),
            Some(Directive::Program {
                channel: 2,
                program: 73
            })
        );
        assert_eq!(
            read("MIDI voice instrument=1 bank=2"),
            Some(Directive::Staff(program(0)))
        );
        assert_eq!(
            read("MIDI voice Tb instrument=59"),
            Some(Directive::Voice("Tb", program(58)))
        );
        assert_eq!(read("MIDI rtranspose -2"), Some(Directive::Further(-2)));
        let octave = Directive::Accidentals(Accidentals::Octave);
        assert_eq!(read("propagate-accidentals octave"), Some(octave));
        for plain in [
            "",
            "titlefont Times",
            "MIDI",
            "MIDI gchord fzcz",
            "%%%",
            "score (1 2)",
        ] {
            assert_eq!(read(plain), None, "{plain}");
        }
    }

    #[test]
    fn what_is_not_followed_says_so() {
        for (text, what) in [
            ("MIDI program 128", "no number from 0 to 127"),
            ("MIDI channel 0", "no number from 1 to 16"),
            ("MIDI transpose up", "no shift"),
            ("MIDI program", "not followed"),
            ("MIDI voice 1 instrument=2 mute", "not followed"),
            ("MIDI voice instrument=0", "no number from 1 to 128"),
            ("MIDI drummap D 36", "not followed"),
            ("propagate-accidentals never", "no reach"),
            ("abc-include drums.abh", "not followed"),
        ] {
            let message = directive(text).unwrap_err().at(1, 1).to_string();
            assert!(message.contains(what), "{text}: {message}");
        }
    }
}
