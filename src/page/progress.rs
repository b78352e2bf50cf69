//! How far long work has come, and how long it will still take.

use indicatif::{ProgressBar, ProgressStyle};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Set by the press while it runs a listing: progress then goes to it as lines that start with [`MARK`].
pub const PRESS: &str = "AEOLIAN_PRESS";

/// What a progress line to the press starts with; then label, done and total, a tab between.
pub const MARK: &str = "\u{1}progress\t";

/// A bar with the time left in a terminal, a few lines in a notebook, nothing in the book.
/// It goes when it is dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    label: String,
    listener: Listener,
    /// Tenths of the work that were spoken of already.
    told: AtomicU64,
}

#[derive(PartialEq, Debug)]
enum Listener {
    Terminal,
    Notebook,
    Press,
}

impl Progress {
    pub(super) fn new(label: &str, total: u64) -> Progress {
        let listener = if super::in_notebook() {
            Listener::Notebook
        } else if std::env::var_os(PRESS).is_some() {
            Listener::Press
        } else {
            Listener::Terminal
        };
        let bar = if listener == Listener::Terminal {
            ProgressBar::new(total) // draws nothing where there is no terminal
        } else {
            ProgressBar::hidden()
        };
        let style = "{msg} {wide_bar} {pos}/{len}, {eta} left";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(label.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress {
            bar,
            label: label.to_string(),
            listener,
            told: AtomicU64::new(0),
        }
    }

    /// So many steps of so many are done.
    pub fn at(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        let parts = if self.listener == Listener::Press { 100 } else { 10 };
        let told = done.saturating_mul(parts) / total.max(1);
        if self.told.fetch_max(told, Relaxed) >= told {
            return;
        }
        match self.listener {
            Listener::Terminal => {}
            Listener::Notebook => println!("{}: {done} of {total}", self.label),
            Listener::Press => eprintln!("{MARK}{}\t{done}\t{total}", self.label),
        }
    }

    /// One more step is done; `message` says how things stand ("loss 0.31"), or nothing.
    pub fn step(&self, message: &str) {
        if !message.is_empty() {
            self.bar.set_message(format!("{}: {message}", self.label));
        }
        self.bar.inc(1);
        self.at(self.bar.position(), self.bar.length().unwrap_or(0));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
