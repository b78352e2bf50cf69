//! Music as numbers, for training elsewhere.

use crate::words::Export;
use aeolian::music::Part;
use aeolian::shards::{Notes, export_notes, export_sounds};
use anyhow::Result;
use indicatif::ProgressBar;

/// Samples a second: what chapter 08's net speaks.
const RATE: u32 = 8000;

/// So many reasons are told why files were skipped.
const DETAILS: usize = 8;

/// Writes shards and says what they hold.
///
/// # Errors
/// If there is no such music, or the folder is not empty or cannot be written.
pub fn export(what: &Export) -> Result<()> {
    let bar = ProgressBar::new(0); // draws nothing where there is no terminal
    let told = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let (index, skipped) = if what.sounds {
        export_sounds(&what.music, &what.to, RATE, what.shard, told)?
    } else {
        let settings = Notes {
            in_keys: what.keys,
            shard: what.shard,
        };
        export_notes(&what.music, &what.to, &settings, told)?
    };
    bar.finish_and_clear();
    for (part, name) in [
        (Part::Train, "to learn from"),
        (Part::Valid, "to choose by"),
        (Part::Test, "to test on"),
    ] {
        let [shards, pieces, symbols] = index.count(part);
        println!("{name}: {pieces} pieces, {symbols} symbols, in {shards} shards");
    }
    println!(
        "{} different symbols; all of it is in {}",
        index.symbols,
        what.to.display()
    );
    if !skipped.is_empty() {
        println!("{} skipped:", skipped.len());
        skipped.iter().take(DETAILS).for_each(|why| println!("- {why}"));
        if skipped.len() > DETAILS {
            println!("- and {} more", skipped.len() - DETAILS);
        }
    }
    Ok(())
}
