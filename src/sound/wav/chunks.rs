//! The two chunks of a WAV file that matter, whatever lengths they claim.
//!
//! A WAV file is a list of chunks: four letters, a length (32 bits, little end first), so many bytes, and one more if
//! that is odd. `fmt ` says how samples are stored, `data` holds them.
//! Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (1991).

use crate::{Error, Result};

/// The two chunks that matter.
pub(super) struct Chunks<'a> {
    pub format: &'a [u8],
    /// Where it begins in the file.
    pub format_at: usize,
    pub data: &'a [u8],
    pub data_at: usize,
}

impl Chunks<'_> {
    /// Finds them in a file whose header begins at `start`.
    pub fn find(bytes: &[u8], start: usize) -> Result<Chunks<'_>> {
        let mut format = None;
        let mut long = None;
        let mut at = start + 12;
        while let (Some(name), Some(length)) = (bytes.get(at..at + 4), length_at(bytes, at + 4)) {
            let body_at = at + 8;
            let rest = bytes.get(body_at..).unwrap_or_default();
            let length = match (name, long) {
                (b"data", Some(long)) if length == u32::MAX => long,
                _ => length as usize,
            };
            let body = rest.get(..length).unwrap_or(rest); // as much as is there
            match (name, format) {
                (b"ds64", _) => long = long_length(body),
                (b"fmt ", _) => format = Some((body, body_at)),
                (b"data", Some((format, format_at))) => {
                    return Ok(Chunks {
                        format,
                        format_at,
                        data: samples(rest, length),
                        data_at: body_at,
                    });
                }
                (b"data", None) => {
                    return Err(Error::format(
                        format!("byte {at}"),
                        "the data chunk comes before any fmt chunk, so its samples cannot be told",
                        "The file is damaged: get it again, or save it anew",
                    ));
                }
                _ => {}
            }
            at = body_at.saturating_add(length).saturating_add(length % 2);
            if at > bytes.len() {
                break;
            }
        }
        Err(Error::format(
            format!("byte {}", at.min(bytes.len())),
            "the file ends before its data chunk, which would hold the samples",
            "The file was cut short: get it again, or save it anew",
        ))
    }
}

fn length_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    four.try_into().ok().map(u32::from_le_bytes)
}

/// RF64 (EBU Tech 3306) says the length of the data here, in 64 bits, after that of the file.
fn long_length(ds64: &[u8]) -> Option<usize> {
    let eight = ds64.get(8..16)?.try_into().ok()?;
    Some(usize::try_from(u64::from_le_bytes(eight)).unwrap_or(usize::MAX))
}

/// The samples at the start of these bytes. A recorder that was killed has not written how many there are, or what it
/// last knew: so they go on to the end of the file, unless the length leads there, or to something that is no sample.
fn samples(rest: &[u8], length: usize) -> &[u8] {
    let Some((samples, after)) = rest.split_at_checked(length) else {
        return rest;
    };
    let padded = after.get(length % 2..).unwrap_or_default();
    let stray = after.len() < 8 && (length > 0 || after.is_empty());
    if stray || [after, padded].into_iter().any(begins_something_else) {
        samples
    } else {
        rest
    }
}

/// Whether a chunk begins here: four letters and a length that fits. Or one of the tags that players of music append.
fn begins_something_else(bytes: &[u8]) -> bool {
    let letters = bytes.iter().take(4).all(|byte| (b' '..=b'~').contains(byte));
    let fits = length_at(bytes, 4).is_some_and(|length| length as usize <= bytes.len() - 8);
    let tags: [&[u8]; 3] = [b"TAG", b"ID3", b"APETAGEX"];
    letters && fits || tags.iter().any(|tag| bytes.starts_with(tag))
}
