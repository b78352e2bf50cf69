//! 00-sound (being written).

// ANCHOR: open
use aeolian::page::{Page, Show};
// ANCHOR_END: open

fn main() -> aeolian::Result<()> {
    // ANCHOR: answer
    let mut page = Page::open("00-sound")?;
    page.show("answer", &42_000.captioned("The answer"))?;
    // ANCHOR_END: answer
    Ok(())
}
