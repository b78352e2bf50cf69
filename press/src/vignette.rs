//! The small picture under a page's title.

use crate::book::Output;
use aeolian::music::midi;
use aeolian::plot;
use aeolian::sound::wav;

/// A picture of the first music that a chapter shows, or else of its first sound. It is an ornament: what cannot be read is not drawn.
pub fn drawn(output: &Output) -> Option<String> {
    let first = |extension: &str| {
        let all = output.run.shown.iter();
        let mut with = all.filter(|shown| shown.extensions.iter().any(|other| other == extension));
        with.next().map(|shown| output.path(&shown.name, extension))
    };
    let drawn = match (first("mid"), first("wav")) {
        (Some(music), _) => plot::vignette(&midi::read(&music).ok()?.0),
        (None, Some(sound)) => plot::vignette_of_sound(&wav::read(&sound).ok()?),
        (None, None) => return None,
    };
    Some(drawn.svg().replace('\n', ""))
}
