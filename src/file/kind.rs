//! What kind of file this is: by its first bytes, whatever it is called. The name is asked only where they leave it open.

use crate::{Error, Result};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// So many bytes from the beginning of a file are enough.
const START: u64 = 4096;

/// A kind of file that readers are likely to give.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Standard MIDI, also in a RIFF wrapper (`.rmi`) or with words (`.kar`).
    Midi,
    /// ABC tunes, as text.
    Abc,
    /// WAV in any of its forms, RF64 among them.
    Wav,
    /// Text that is no ABC.
    Text,
    /// A score as notation programs keep it, with its name: MusicXML, for example.
    Notation(&'static str),
    /// Sound that is not WAV, with its name.
    Sound(&'static str),
    /// Files packed into one, with its name.
    Archive(&'static str),
    /// Something else that is known by name.
    Other(&'static str),
    /// No bytes at all.
    Empty,
    /// Of no kind that is known here.
    Unknown,
}

/// Where in a file these bytes stand, and what they mean. The first that fits holds.
const SIGNS: [(usize, &[u8], Kind); 37] = [
    (0, b"MThd", Kind::Midi),
    (8, b"RMID", Kind::Midi),
    (0, b"RIFX", Kind::Sound("a WAV file with the big end first")),
    (8, b"WAVE", Kind::Wav),
    (0, b"RIFF", Kind::Other("a RIFF file that holds no WAVE sound")),
    (0, b"fLaC", Kind::Sound("a FLAC sound")),
    (0, b"OggS", Kind::Sound("an Ogg sound")),
    (8, b"AIFF", Kind::Sound("an AIFF sound")),
    (8, b"AIFC", Kind::Sound("an AIFF sound")),
    (4, b"ftyp", Kind::Sound("an MP4 file, such as M4A")),
    (0, b".snd", Kind::Sound("an AU sound")),
    (0, b"caff", Kind::Sound("a CAF sound")),
    (0, b"riff.", Kind::Sound("a Wave64 sound")),
    (0, b"wvpk", Kind::Sound("a WavPack sound")),
    (0, b"MAC ", Kind::Sound("a Monkey's Audio sound")),
    (0, b"#!AMR", Kind::Sound("an AMR sound")),
    (0, b"\x30\x26\xB2\x75", Kind::Sound("a WMA sound")),
    (0, b"\x1A\x45\xDF\xA3", Kind::Sound("a WebM or Matroska file")),
    (0, b"\xFF\xF1", Kind::Sound("an AAC sound")),
    (0, b"\xFF\xF9", Kind::Sound("an AAC sound")),
    // An MP3 without a tag before it begins with a frame: eleven bits set, then version and layer.
    (0, b"\xFF\xFB", Kind::Sound(MP3)),
    (0, b"\xFF\xFA", Kind::Sound(MP3)),
    (0, b"\xFF\xF3", Kind::Sound(MP3)),
    (0, b"\xFF\xF2", Kind::Sound(MP3)),
    (0, b"\xFF\xE3", Kind::Sound(MP3)),
    (30, b"META-INF/container.xml", Kind::Notation(MXL)),
    (0, b"PK\x03\x04", Kind::Archive("a ZIP archive")),
    (0, b"PK\x05\x06", Kind::Archive("an empty ZIP archive")),
    (0, b"\x1F\x8B", Kind::Archive("a gzip archive")),
    (0, b"BZh", Kind::Archive("a bzip2 archive")),
    (0, b"\xFD7zXZ", Kind::Archive("an xz archive")),
    (0, b"7z\xBC\xAF", Kind::Archive("a 7-Zip archive")),
    (0, b"Rar!", Kind::Archive("a RAR archive")),
    (257, b"ustar", Kind::Archive("a tar archive")),
    (0, b"%PDF", Kind::Other("a PDF document")),
    (0, b"\x89PNG", Kind::Other("a picture (PNG)")),
    (0, b"\xFF\xD8\xFF", Kind::Other("a picture (JPEG)")),
];

const MP3: &str = "an MP3 sound";
const MXL: &str = "compressed MusicXML";

impl Kind {
    /// The kind of a file that begins with these bytes (4,096 are enough) and has this name.
    pub fn of(bytes: &[u8], name: &Path) -> Kind {
        let start = &bytes[..bytes.len().min(START as usize)];
        let by_name = Kind::named(name);
        if start.starts_with(b"ID3") {
            return tagged(bytes, by_name);
        }
        let sign = SIGNS
            .iter()
            .find(|(place, sign, _)| start.get(*place..).is_some_and(|rest| rest.starts_with(sign)));
        match (sign, by_name) {
            (Some((_, _, Kind::Archive(_))), Some(score @ Kind::Notation(_))) => score,
            (Some((_, _, kind)), _) => *kind,
            (None, Some(kind)) if start.is_empty() => kind,
            (None, None) if start.is_empty() => Kind::Empty,
            (None, by_name) => match (words(start), by_name) {
                (Some(words), by_name) => of_text(&words, by_name),
                (None, Some(kind)) => kind,
                (None, None) => Kind::Unknown,
            },
        }
    }

    /// The kind of a file: reads no more than its first bytes.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn of_file(path: &Path) -> Result<Kind> {
        let mut start = Vec::new();
        let read = File::open(path).and_then(|file| file.take(START).read_to_end(&mut start));
        read.map_err(|source| super::unreadable(path, source))?;
        Ok(Kind::of(&start, path))
    }

    /// What a name says, by its ending in small letters or capitals.
    pub fn named(name: &Path) -> Option<Kind> {
        match name.extension()?.to_ascii_lowercase().to_str()? {
            "mid" | "midi" | "smf" | "kar" | "rmi" => Some(Kind::Midi),
            "abc" => Some(Kind::Abc),
            "wav" | "wave" => Some(Kind::Wav),
            "mxl" => Some(Kind::Notation(MXL)),
            "mscz" => Some(Kind::Notation("a score of MuseScore")),
            _ => None,
        }
    }

    /// What it is, in words.
    pub fn what(self) -> &'static str {
        match self {
            Kind::Midi => "a MIDI file",
            Kind::Abc => "ABC notation",
            Kind::Wav => "a WAV file",
            Kind::Text => "plain text",
            Kind::Notation(name) | Kind::Sound(name) | Kind::Archive(name) | Kind::Other(name) => name,
            Kind::Empty => "an empty file",
            Kind::Unknown => "of no kind that is known here",
        }
    }

    /// Why a file of this kind cannot be taken where something else is `wanted`, and what to do instead.
    pub fn refused(self, wanted: &str) -> Error {
        let remedy = match self {
            Kind::Midi | Kind::Abc => "Give it to a chapter that takes notes",
            Kind::Wav => "It holds sound and no notes: give it to a chapter that takes sounds",
            Kind::Text => "Give it to a chapter that learns words or letters",
            Kind::Notation(_) => {
                "Export it as MIDI: in MuseScore with File, Export, or for many with: mscore -o song.mid song.mxl"
            }
            Kind::Sound(_) => {
                "Where sounds are taken, convert it, for example: ffmpeg -i in -c:a pcm_s16le out.wav"
            }
            Kind::Archive(_) => "Unpack it first",
            Kind::Other(_) | Kind::Empty | Kind::Unknown => "Give another file",
        };
        let what = format!("this is {}", self.what());
        Error::format("byte 0", what, format!("{remedy}. Read here: {wanted}"))
    }
}

/// What an ID3 tag stands before: an MP3, unless the bytes after it or the name say WAV.
fn tagged(bytes: &[u8], by_name: Option<Kind>) -> Kind {
    // Four bytes of seven bits each say how long the tag is, its header of ten not counted.
    let size = bytes.get(6..10).unwrap_or_default();
    let size = size
        .iter()
        .fold(0, |sum, &byte| (sum << 7) | usize::from(byte & 0x7F));
    let after = bytes.get(10 + size..).unwrap_or_default();
    match by_name {
        Some(Kind::Wav) => Kind::Wav,
        _ if after.starts_with(b"RIFF") => Kind::Wav,
        _ => Kind::Sound(MP3),
    }
}

/// The bytes as words, if they are text: in UTF-8, Latin-1 or, if it begins with a mark, UTF-16.
fn words(start: &[u8]) -> Option<String> {
    let wide = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
    // Half the bytes of Western text in UTF-16 are zero, and the others are Latin-1.
    let bytes = start.iter().skip(if wide { 2 } else { 0 });
    let bytes: Vec<u8> = bytes.copied().filter(|byte| !wide || *byte != 0).collect();
    let control = |byte: &u8| *byte < 32 && !b"\t\n\r\x0C\x1A\x1B".contains(byte);
    (!bytes.iter().any(control)).then(|| bytes.into_iter().map(char::from).collect())
}

/// Text is ABC if a line begins like one of a tune's header, or if the name says so.
fn of_text(words: &str, by_name: Option<Kind>) -> Kind {
    let has = |sign: &str| words.contains(sign);
    if has("<score-partwise") || has("<score-timewise") {
        return Kind::Notation("MusicXML");
    }
    if has("<museScore") {
        return Kind::Notation("a score of MuseScore");
    }
    let mut fields = words.split(['\n', '\r']).filter_map(|line| {
        let (letter, value) = line
            .trim_start_matches(['ï', '»', '¿', ' ', '\t'])
            .split_once(':')?;
        Some((letter, value.trim()))
    });
    let number = |value: &str| value.starts_with(|first: char| first.is_ascii_digit());
    let key = |value: &str| value.starts_with(['A', 'B', 'C', 'D', 'E', 'F', 'G']) && value.len() < 40;
    let tune = fields
        .clone()
        .any(|(letter, value)| letter == "X" && number(value))
        || (fields.clone().any(|(letter, _)| letter == "M" || letter == "L")
            && fields.any(|(letter, value)| letter == "K" && key(value)));
    match by_name {
        Some(Kind::Abc) => Kind::Abc,
        _ if tune => Kind::Abc,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8], name: &str) -> Kind {
        Kind::of(bytes, Path::new(name))
    }

    #[test]
    fn the_first_bytes_decide_whatever_the_name_says() {
        let mxl =
            b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x16\0\0\0META-INF/container.xml";
        for (bytes, what) in [
            (&b"MThd\0\0\0\x06"[..], Kind::Midi),
            (b"RIFF\0\0\0\0RMIDdata", Kind::Midi),
            (b"RIFF\0\0\0\0WAVEfmt ", Kind::Wav),
            (b"RF64\xFF\xFF\xFF\xFFWAVEds64", Kind::Wav),
            (b"ID3\x04\0\0\0\0\0\x02..RIFF\0\0\0\0WAVE", Kind::Wav),
            (b"ID3\x04\0\0\0\0\0\x02..\xFF\xFB", Kind::Sound(MP3)),
            (b"\xFF\xFB\x90\x64", Kind::Sound(MP3)),
            (b"fLaC\0", Kind::Sound("a FLAC sound")),
            (b"PK\x03\x04\x14\0", Kind::Archive("a ZIP archive")),
            (mxl, Kind::Notation(MXL)),
            (
                b"<?xml version=\"1.0\"?><!DOCTYPE score-partwise><score-partwise version=\"4.0\">",
                Kind::Notation("MusicXML"),
            ),
            (b"%PDF-1.7", Kind::Other("a PDF document")),
            (b"% a comment\nX: 1\nT:Tune\nK:C\nCDE|", Kind::Abc),
            (b"\xEF\xBB\xBFX:1\nK:C\n", Kind::Abc),
            (b"  X:1\n  K:C\n", Kind::Abc),
            (b"T:No number\rM:3/4\rK:Am\rABc|", Kind::Abc),
            (b"\xFF\xFEX\0:\x001\0\n\0K\0:\0C\0\n\0", Kind::Abc),
            (b"\xFE\xFF\0X\0:\x001\0\n\0K\0:\0C\0\n", Kind::Abc),
            (b"To be, or not to be: that is the question.", Kind::Text),
            (b"K: and M: are letters\nX: is one, too", Kind::Text),
            (b"caf\xE9", Kind::Text),
            (b"\0\x01\x02", Kind::Unknown),
            (b"", Kind::Empty),
        ] {
            assert_eq!(kind(bytes, "something"), what, "{}", bytes.escape_ascii());
        }
        assert_eq!(kind(b"MThd", "song.wav"), Kind::Midi);
        assert_eq!(kind(b"X:1\nK:C\n", "song.txt"), Kind::Abc);
    }

    #[test]
    fn the_name_decides_where_the_bytes_do_not() {
        assert_eq!(kind(b"CDEF GABc", "song.ABC"), Kind::Abc);
        assert_eq!(kind(b"\0\0\0\0", "song.Kar"), Kind::Midi);
        assert_eq!(kind(b"", "song.RMI"), Kind::Midi);
        assert_eq!(kind(b"ID3\x04", "a.wave"), Kind::Wav);
        assert_eq!(kind(b"PK\x03\x04", "a.mxl"), Kind::Notation(MXL));
        assert_eq!(kind(b"words", "song.mid"), Kind::Text, "and no MIDI");
    }

    #[test]
    fn who_is_refused_hears_what_to_do() {
        let says = |kind: Kind| kind.refused("MIDI or ABC").to_string();
        assert_eq!(
            says(Kind::Archive("a ZIP archive")),
            "(memory), byte 0: this is a ZIP archive. Unpack it first. Read here: MIDI or ABC"
        );
        assert!(says(Kind::Notation("MusicXML")).contains("Export it as MIDI"));
        assert!(says(Kind::Sound(MP3)).contains("ffmpeg"));
    }

    #[test]
    fn of_a_file_only_the_beginning_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song");
        std::fs::write(&path, b"MThd\0\0\0\x06").unwrap();
        assert_eq!(Kind::of_file(&path).unwrap(), Kind::Midi);
        let gone = Kind::of_file(&folder.path().join("gone")).unwrap_err();
        assert!(gone.to_string().contains("gone"), "{gone}");
    }
}
