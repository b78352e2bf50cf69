//! The events of one track, each with its tick; damage with its place.

use super::Warnings;
use super::chunks::Chunk;
use super::mend;
use crate::{Error, Result};
use midly::{EventIter, MetaMessage, TrackEventKind};

/// Reads one event after the other.
pub(super) struct Events<'a> {
    chunk: &'a Chunk<'a>,
    rest: EventIter<'a>,
    /// Ticks since the start; the largest file cannot overflow it.
    now: u64,
    /// Whether a meta event or system exclusive came since the last channel message.
    interrupted: bool,
    /// Whether the events after an end of track are being read.
    after_end: bool,
    /// What was read although it is wrong, where first, and how often.
    mended: Vec<(&'static str, String, usize)>,
}

impl<'a> Events<'a> {
    pub fn new(chunk: &'a Chunk<'a>) -> Events<'a> {
        Events {
            chunk,
            rest: EventIter::new(chunk.bytes),
            now: 0,
            interrupted: false,
            after_end: false,
            mended: Vec::new(),
        }
    }

    /// The next event and its tick, or none at the end of the track.
    pub fn next(&mut self, warnings: &mut Warnings) -> Result<Option<(u32, TrackEventKind<'a>)>> {
        loop {
            let unread = self.rest.unread();
            if unread.is_empty() {
                self.complete(unread, false)?;
                self.tell(warnings);
                warnings.add(|| format!("track {}: no end-of-track event", self.chunk.number));
                return Ok(None);
            }
            let running = self.rest.running_status();
            // Midly says nothing of an event that it cannot read: it ends there.
            let Some(Ok(event)) = self.rest.next() else {
                match self.mend(unread, running)? {
                    Some(kind) => return Ok(Some((self.tick(|| self.place(unread))?, kind))),
                    None => continue,
                }
            };
            self.now = self.now.saturating_add(event.delta.as_int().into());
            match event.kind {
                TrackEventKind::Meta(MetaMessage::EndOfTrack) => {
                    // Midly fills up what is missing at the very end: see whether it is really there.
                    let read = &unread[..unread.len() - self.rest.unread().len()];
                    self.complete(unread, read.ends_with(mend::END_OF_TRACK))?;
                    if !self.goes_on() {
                        self.tell(warnings);
                        return Ok(None);
                    }
                    continue;
                }
                TrackEventKind::Midi { .. } => {
                    if std::mem::take(&mut self.interrupted) && mend::has_no_status(unread) {
                        self.note_mended("a status goes on after a meta event or system exclusive", unread);
                    }
                }
                // The standard ends a running status here; players let it go on.
                _ => {
                    self.interrupted = true;
                    *self.rest.running_status_mut() = running;
                }
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

    /// Reads an event that midly refuses, or passes over it; an error if it is no event at all.
    fn mend(&mut self, unread: &'a [u8], running: Option<u8>) -> Result<Option<TrackEventKind<'a>>> {
        let running = self.rest.running_status().or(running);
        let Some(event) = mend::event(unread, running) else {
            self.complete(unread, false)?;
            return Err(Error::format(
                self.place(unread),
                "an event that cannot be read",
                "The file is damaged: get another copy, or open it in a music program and save it anew",
            ));
        };
        self.note_mended(event.what, unread);
        self.now = self.now.saturating_add(event.delta);
        self.rest = EventIter::new(event.rest);
        *self.rest.running_status_mut() = running;
        Ok(event.kind)
    }

    /// Whether events follow the end of the track up to a second end. What is no such thing is left out.
    fn goes_on(&mut self) -> bool {
        let after = self.rest.unread();
        if after.is_empty() || self.after_end {
            return !after.is_empty();
        }
        let rest = Chunk {
            number: self.chunk.number,
            start: self.chunk.start + self.chunk.bytes.len() - after.len(),
            bytes: after,
            missing: 0,
        };
        let mut events = Events {
            now: self.now,
            after_end: true,
            ..Events::new(&rest)
        };
        let mut unheard = Warnings::default();
        let whole = loop {
            match events.next(&mut unheard) {
                Ok(Some(_)) => {}
                Ok(None) => break after.ends_with(mend::END_OF_TRACK),
                Err(_) => break false,
            }
        };
        if whole {
            self.note_mended("events after the end of the track are read, too", after);
            self.after_end = true;
            self.rest = EventIter::new(after); // no status goes on
        } else {
            self.note_mended("what follows the end of the track is left out", after);
        }
        whole
    }

    fn note_mended(&mut self, what: &'static str, unread: &[u8]) {
        match self.mended.iter_mut().find(|mended| mended.0 == what) {
            Some((.., times)) => *times += 1,
            None => self.mended.push((what, self.place(unread), 1)),
        }
    }

    /// A fault that a program makes at all comes in hundreds: each kind is said once.
    fn tell(&mut self, warnings: &mut Warnings) {
        for (what, place, times) in self.mended.drain(..) {
            warnings.add(|| match times {
                1 => format!("{place}: {what}"),
                _ => format!("{place}, and {} times more: {what}", times - 1),
            });
        }
    }
}
