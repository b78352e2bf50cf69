//! Drums on other channels than 10, as the two great extensions of General MIDI ask for them: GS (Roland) and
//! XG (Yamaha).

/// Whether the bank with this number (controller 0) holds drum kits: those of XG are 127, for its sound effects 126;
/// General MIDI 2 has 120.
pub(super) fn is_kit_bank(number: u8) -> bool {
    matches!(number, 120 | 126 | 127)
}

/// Which channel, counted from 0, this system exclusive makes a drum part (true), or one of pitches.
pub(super) fn part(exclusive: &[u8]) -> Option<(u8, bool)> {
    match *exclusive {
        // GS, "use for rhythm part". Its parts are numbered from 1, but channel 10 is part 0.
        [0x41, _, 0x42, 0x12, 0x40, part @ 0x10..=0x1F, 0x15, mode, ..] => {
            let channel = match part & 15 {
                0 => 9,
                part @ 1..=9 => part - 1,
                part => part,
            };
            Some((channel, mode != 0))
        }
        // XG, "part mode".
        [0x43, 0x10..=0x1F, 0x4C, 0x08, part @ ..=15, 0x07, mode, ..] => Some((part, mode != 0)),
        _ => None,
    }
}

/// Whether this system exclusive resets a GS synthesizer.
pub(super) fn is_gs_reset(exclusive: &[u8]) -> bool {
    matches!(exclusive, [0x41, _, 0x42, 0x12, 0x40, 0, 0x7F, 0, ..])
}
