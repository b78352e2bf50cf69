//! Running the listings that are out of date, two at a time.

use crate::{book, children, fingerprint, scratch};
use aeolian::page::{LIST, MARK, PRESS, Run};
use anyhow::{Context, Result, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// How many listings run at once. Each may itself use every core.
const AT_ONCE: usize = 2;

/// Builds every listing, then runs those whose program or data changed since their last good run.
///
/// # Errors
/// If one does not build or fails, or `out/` cannot be written. What earlier runs showed stays.
pub fn listings(root: &Path) -> Result<()> {
    let _claim = scratch::claim(root)?;
    let out = root.join("out");
    let scratch = out.join(format!(".{}", std::process::id()));
    fs::create_dir_all(&scratch)
        .with_context(|| format!("{}: cannot be written. Check who may write there", out.display()))?;
    children::unfinished(scratch.clone());
    let result = run_stale(root, &out, &scratch);
    let _ = fs::remove_dir_all(&scratch); // best effort: what matters was moved away
    result
}

fn run_stale(root: &Path, out: &Path, scratch: &Path) -> Result<()> {
    let programs = build(root)?;
    let data = fingerprint::of_folder(&root.join("data"))?;
    let prose = aeolian::page::prose(&root.join("chapters"))?;
    let mut stale = Vec::new();
    for chapter in book::chapters(root)? {
        let Some(program) = programs.get(&chapter) else {
            bail!(
                "chapters/{chapter}/listing.rs is no example yet. Add to Cargo.toml:\n\n\
                 [[example]]\nname = \"{chapter}\"\npath = \"chapters/{chapter}/listing.rs\""
            );
        };
        let print = fingerprint::of_listing(&chapter, program, &data)?;
        if !is_fresh(out, &chapter, &print, &prose) {
            stale.push((chapter, program.clone(), print));
        }
    }
    stale.reverse(); // taken from the end
    let queue = Mutex::new(stale);
    let bars = MultiProgress::new();
    let work = || -> Result<()> {
        loop {
            let next = queue.lock().ok().and_then(|mut queue| queue.pop());
            let Some((chapter, program, print)) = next else {
                return Ok(());
            };
            run(&bars, root, scratch, &chapter, &program)?;
            keep(out, scratch, &chapter, &print, &prose)?;
        }
    };
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, Result<()>>| {
            let joined = worker.join();
            joined.unwrap_or_else(|_| Err(anyhow::anyhow!("a listing's watcher broke. Please report this")))
        };
        workers.into_iter().map(join).collect()
    });
    let failures: Vec<String> = results
        .into_iter()
        .filter_map(|result| result.err().map(|error| format!("{error:#}")))
        .collect();
    if !failures.is_empty() {
        bail!("{}", failures.join("\n"));
    }
    Ok(())
}

/// Builds the examples with the profile that the press itself was built with, and says where they are.
fn build(root: &Path) -> Result<HashMap<String, PathBuf>> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--examples", "--message-format=json-render-diagnostics"])
        .current_dir(root)
        .stdout(Stdio::piped());
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let child =
        children::start(&mut command).context("cargo cannot be started. Install Rust: https://rustup.rs")?;
    let stdout = child.lock().ok().and_then(|mut child| child.stdout.take());
    let mut messages = String::new();
    if let Some(mut stdout) = stdout {
        stdout.read_to_string(&mut messages)?;
    }
    if !children::wait(&child)?.success() {
        bail!("the listings do not build: cargo says why, above");
    }
    let mut programs = HashMap::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let is_example = message["target"]["kind"][0] == "example";
        if let (true, Some(name), Some(program)) = (
            is_example,
            message["target"]["name"].as_str(),
            message["executable"].as_str(),
        ) {
            programs.insert(name.to_string(), PathBuf::from(program));
        }
    }
    Ok(programs)
}

fn stamp(out: &Path, chapter: &str) -> PathBuf {
    out.join(format!("{chapter}.stamp"))
}

/// What the stamp of a run says: the prose only counts if the listing read it.
fn stamp_of(run: &Run, print: &str, prose: &str) -> String {
    match run.read_prose {
        true => fingerprint::with_prose(print, prose),
        false => print.to_string(),
    }
}

fn list(folder: &Path) -> Option<Run> {
    let list = fs::read(folder.join(LIST)).ok()?;
    serde_json::from_slice(&list).ok()
}

/// Whether the last good run was of this very program on this data, and everything it showed is still there.
fn is_fresh(out: &Path, chapter: &str, print: &str, prose: &str) -> bool {
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

/// Runs one listing into the scratch folder, with a bar for its progress.
fn run(bars: &MultiProgress, root: &Path, scratch: &Path, chapter: &str, program: &Path) -> Result<()> {
    let say = |line: &str| bars.suspend(|| eprintln!("{line}"));
    let bar = bars.add(ProgressBar::new_spinner().with_message(format!("running {chapter}")));
    bar.enable_steady_tick(Duration::from_millis(200));
    let start = Instant::now();
    let mut command = Command::new(program);
    command
        .current_dir(root)
        .env(PRESS, "1")
        .env("AEOLIAN_OUT", scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child =
        children::start(&mut command).with_context(|| format!("{}: cannot be started", program.display()))?;
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
                Some(progress) => advance(&bar, chapter, progress),
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
    say(&format!(
        "     Running {chapter} took {:.1} s",
        start.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// Moves the bar to where a line of progress says: label, done, total.
fn advance(bar: &ProgressBar, chapter: &str, progress: &str) {
    let fields: Vec<&str> = progress.split('\t').collect();
    let [label, done, total] = fields[..] else { return };
    let (Ok(done), Ok(total)) = (done.parse(), total.parse()) else {
        return;
    };
    if bar.length().is_none() {
        let template = "{msg} {wide_bar} {pos}/{len}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
    }
    let message = format!("{chapter}: {label}");
    if bar.message() != message {
        bar.reset_eta();
        bar.set_message(message);
    }
    bar.set_length(total);
    bar.set_position(done);
}

/// Puts a good run's results in the place of the earlier ones. What it did not list is left behind.
fn keep(out: &Path, scratch: &Path, chapter: &str, print: &str, prose: &str) -> Result<()> {
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
    Ok(aeolian::file::write(
        &stamp(out, chapter),
        stamp_of(&run, print, prose).as_bytes(),
    )?)
}
