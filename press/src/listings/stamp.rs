//! Whether what an earlier run showed still holds, and the putting of new results in its place.

use crate::fingerprint;
use aeolian::page::{LIST, Run};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where it is noted of what run the results are.
pub fn stamp(out: &Path, chapter: &str) -> PathBuf {
    out.join(format!("{chapter}.stamp"))
}

/// What the stamp of a run says: the prose only counts if the listing read it.
fn stamp_of(run: &Run, print: &str, prose: &str) -> String {
    match run.read_prose {
        true => fingerprint::with_prose(print, prose),
        false => print.to_string(),
    }
}

/// What the results in this folder say of themselves.
pub fn list(folder: &Path) -> Option<Run> {
    let list = fs::read(folder.join(LIST)).ok()?;
    serde_json::from_slice(&list).ok()
}

/// Whether the last good run was of this very program on this data, and everything it showed is still there.
pub fn is_fresh(out: &Path, chapter: &str, print: &str, prose: &str) -> bool {
    let folder = out.join(chapter);
    list(&folder).is_some_and(|run| {
        let expected = stamp_of(&run, print, prose);
        fs::read_to_string(stamp(out, chapter)).is_ok_and(|stamp| stamp == expected)
            && run.arguments.is_empty()
            && run.shown.iter().all(|shown| {
                let file = |extension| folder.join(format!("{}.{extension}", shown.name));
                shown.extensions.iter().all(|extension| file(extension).is_file())
            })
    })
}

/// How long a chapter took here the last time.
pub fn took(out: &Path, chapter: &str) -> Option<Duration> {
    seconds(&fs::read_to_string(out.join(format!("{chapter}.took"))).ok()?)
}

/// A time as files hold it: seconds.
pub fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}

/// Puts a good run's results in the place of the earlier ones. What it did not list is left behind.
pub fn keep(
    out: &Path,
    scratch: &Path,
    chapter: &str,
    print: &str,
    prose: &str,
    took: Duration,
) -> Result<()> {
    let (new, place) = (scratch.join(chapter), out.join(chapter));
    let Some(run) = list(&new) else {
        bail!(
            "chapters/{chapter}/listing.rs showed nothing. Show something with \
             `Page::open(\"{chapter}\")?.show(…)`"
        );
    };
    let failed = || {
        format!(
            "{}: cannot be replaced. Check who may write there",
            place.display()
        )
    };
    let _ = fs::remove_file(stamp(out, chapter)); // it speaks of the results that go now
    if place.exists() {
        fs::remove_dir_all(&place).with_context(failed)?;
    }
    fs::rename(&new, &place).with_context(failed)?;
    let seconds = format!("{:.1}\n", took.as_secs_f64());
    aeolian::file::write(&out.join(format!("{chapter}.took")), seconds.as_bytes())?;
    Ok(aeolian::file::write(
        &stamp(out, chapter),
        stamp_of(&run, print, prose).as_bytes(),
    )?)
}
