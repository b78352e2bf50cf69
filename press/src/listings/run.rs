//! Running one listing.

use super::Room;
use super::board::Task;
use crate::children;
use aeolian::page::{MARK, PRESS};
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Runs one listing into the scratch folder, with a bar for its progress. Gives how long it took.
///
/// # Errors
/// If it cannot be started or fails.
pub fn run(room: &Room, task: &Task, program: &Path) -> Result<Duration> {
    let chapter = &task.chapter;
    let say = |line: &str| room.bars.suspend(|| eprintln!("{line}"));
    let bar = room
        .bars
        .add(ProgressBar::new_spinner().with_message(format!("running {chapter}")));
    bar.enable_steady_tick(Duration::from_millis(200));
    let start = Instant::now();
    let mut command = Command::new(program);
    command
        .current_dir(room.root)
        .env(PRESS, "1")
        .env("AEOLIAN_OUT", room.scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child =
        children::start(&mut command).with_context(|| format!("{}: cannot be started", program.display()))?;
    room.board.runs(task, &child);
    let (stdout, stderr) = match child.lock() {
        Ok(mut child) => (child.stdout.take(), child.stderr.take()),
        Err(_) => (None, None),
    };
    let said = thread::scope(|scope| {
        // Nobody reads what a listing prints, but it must be drained, or the listing would stop.
        scope.spawn(|| stdout.map(|mut stdout| std::io::copy(&mut stdout, &mut std::io::sink())));
        let mut said = Vec::new();
        for line in stderr
            .into_iter()
            .flat_map(|stderr| BufReader::new(stderr).split(b'\n'))
        {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line).into_owned();
            match line.strip_prefix(MARK) {
                Some(progress) => {
                    if let Some((what, done, total)) = understood(progress) {
                        advance(&bar, format!("{chapter}: {what}"), done, total);
                        room.board.progress(task, what, done, total);
                    }
                }
                None => said.push(line),
            }
        }
        said
    });
    let status = children::wait(&child)?;
    bar.finish_and_clear();
    if !status.success() {
        bail!(
            "chapters/{chapter}/listing.rs failed ({status}):\n{}\n`cargo run --example {chapter}` runs it alone",
            said.join("\n")
        );
    }
    for line in &said {
        say(&format!("{chapter}: {line}"));
    }
    let took = start.elapsed();
    say(&format!(
        "     Running {chapter} took {:.1} s",
        took.as_secs_f64()
    ));
    Ok(took)
}

/// A line of progress: what is done, how much of it, of how much.
fn understood(progress: &str) -> Option<(&str, u64, u64)> {
    let fields: Vec<&str> = progress.split('\t').collect();
    let [what, done, total] = fields[..] else {
        return None;
    };
    Some((what, done.parse().ok()?, total.parse().ok()?))
}

fn advance(bar: &ProgressBar, message: String, done: u64, total: u64) {
    if bar.length().is_none() {
        let template = "{msg} {wide_bar} {pos}/{len}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
    }
    if bar.message() != message {
        bar.reset_eta();
        bar.set_message(message);
    }
    bar.set_length(total);
    bar.set_position(done);
}
