//! The events of one track, each with its tick; damage with its place.

use super::Warnings;
use super::chunks::Chunk;
use crate::{Error, Result};
use midly::{EventIter, MetaMessage, TrackEventKind};

/// Reads one event after the other.
pub(super) struct Events<'a> {
    chunk: &'a Chunk<'a>,
    rest: EventIter<'a>,
    /// Ticks since the start; the largest file cannot overflow it.
    now: u64,
}

impl<'a> Events<'a> {
    pub fn new(chunk: &'a Chunk<'a>) -> Events<'a> {
        Events {
            chunk,
            rest: EventIter::new(chunk.bytes),
            now: 0,
        }
    }

    /// The next event and its tick, or none at the end of the track.
    pub fn next(&mut self, warnings: &mut Warnings) -> Result<Option<(u32, TrackEventKind<'a>)>> {
        loop {
            let unread = self.rest.unread();
            if unread.is_empty() {
                self.complete(unread, false)?;
                warnings.add(|| format!("track {}: no end-of-track event", self.chunk.number));
                return Ok(None);
            }
            // Midly says nothing of an event that it cannot read: it ends there.
            let Some(Ok(event)) = self.rest.next() else {
                self.pass_over(unread, warnings)?;
                continue;
            };
            self.now = self.now.saturating_add(event.delta.as_int().into());
            if event.kind == TrackEventKind::Meta(MetaMessage::EndOfTrack) {
                // Midly fills up what is missing at the very end: see whether it is really there.
                let read = &unread[..unread.len() - self.rest.unread().len()];
                self.complete(unread, read.ends_with(&[0xFF, 0x2F, 0]))?;
                return Ok(None);
            }
            return Ok(Some((self.tick(|| self.place(unread))?, event.kind)));
        }
    }

    /// The tick at which the track ends.
    pub fn end(&self) -> Result<u32> {
        self.tick(|| format!("the end of track {}", self.chunk.number))
    }

    fn place(&self, unread: &[u8]) -> String {
        let byte = self.chunk.start + self.chunk.bytes.len() - unread.len();
        format!("track {}, byte {byte}", self.chunk.number)
    }

    /// Some programs write a wrong length: a track that has its end is whole all the same.
    fn complete(&self, unread: &[u8], ended: bool) -> Result<()> {
        if self.chunk.missing == 0 || ended {
            return Ok(());
        }
        Err(Error::format(
            self.place(unread),
            format!("{} bytes of the track are missing", self.chunk.missing),
            "The file is cut off: get a whole copy of it",
        ))
    }

    /// The time as a tick; the last two numbers are kept free, so that a note there still has an end.
    fn tick(&self, place: impl FnOnce() -> String) -> Result<u32> {
        let tick = u32::try_from(self.now).ok().filter(|&tick| tick < u32::MAX - 1);
        tick.ok_or_else(|| {
            Error::format(
                place(),
                format!("tick {} is further away than any music", self.now),
                "The file is damaged: get another copy",
            )
        })
    }

    /// Passes over an SMPTE offset or a key that midly refuses: some programs write them carelessly, and
    /// nothing hangs on them. Any other event that cannot be read is an error.
    fn pass_over(&mut self, unread: &'a [u8], warnings: &mut Warnings) -> Result<()> {
        let Some((delta, rest)) = after_meta(unread, &[0x54, 0x59]) else {
            self.complete(unread, false)?;
            return Err(Error::format(
                self.place(unread),
                "an event that cannot be read",
                "The file is damaged: get another copy, or open it in a music program and save it anew",
            ));
        };
        let number = self.chunk.number;
        warnings.add(|| format!("track {number}: an SMPTE offset or key of the wrong form is left out"));
        self.now = self.now.saturating_add(delta);
        self.rest = EventIter::new(rest);
        Ok(())
    }
}

/// What comes after a meta event of one of these kinds, and its delta time.
fn after_meta<'a>(bytes: &'a [u8], kinds: &[u8]) -> Option<(u64, &'a [u8])> {
    let (delta, event) = variable_length(bytes)?;
    let [0xFF, kind, rest @ ..] = event else {
        return None;
    };
    let (size, rest) = variable_length(rest)?;
    let rest = rest.get(usize::try_from(size).ok()?..)?;
    kinds.contains(kind).then_some((delta, rest))
}

/// A number of up to four bytes, seven bits in each, and what comes after.
fn variable_length(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = bytes.iter().take(4).position(|&byte| byte < 128)? + 1;
    let (number, rest) = bytes.split_at_checked(length)?;
    let value = number
        .iter()
        .fold(0, |sum, &byte| (sum << 7) | u64::from(byte & 127));
    Some((value, rest))
}
