//! The processes that the press has started: when it stops, so do they.

use std::io;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};

/// What has to end, and be cleared away, when Ctrl-C is pressed.
static RUNNING: Mutex<Vec<Arc<Mutex<Child>>>> = Mutex::new(Vec::new());
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a process that [`stop`] ends. Read its output to the end before waiting for it:
/// while one waits, it cannot be stopped.
///
/// # Errors
/// If it cannot be started.
pub fn start(command: &mut Command) -> io::Result<Arc<Mutex<Child>>> {
    let mut running = locked(&RUNNING); // held, so that no child is born while others are stopped
    let child = Arc::new(Mutex::new(command.spawn()?));
    running.push(Arc::clone(&child));
    Ok(child)
}

/// Waits for a started process and forgets it. Returns whether it went well.
///
/// # Errors
/// If it cannot be waited for.
pub fn wait(child: &Arc<Mutex<Child>>) -> io::Result<std::process::ExitStatus> {
    let status = locked(child).wait();
    locked(&RUNNING).retain(|other| !Arc::ptr_eq(other, child));
    status
}

/// Ends a started process. Whoever waits for it learns that it did not go well.
pub fn end(child: &Arc<Mutex<Child>>) {
    let _ = locked(child).kill(); // it may have ended by itself
}

/// Notes a folder that is worth nothing until it is finished.
pub fn unfinished(folder: PathBuf) {
    locked(&UNFINISHED).push(folder);
}

/// Ends every process and removes every unfinished folder. Whoever starts another one now waits for ever.
pub fn stop() {
    let running = locked(&RUNNING);
    for child in running.iter() {
        let mut child = locked(child);
        let _ = child.kill(); // it may have ended by itself
        let _ = child.wait();
    }
    for folder in locked(&UNFINISHED).iter() {
        let _ = std::fs::remove_dir_all(folder); // it may be finished, and so moved
    }
    std::mem::forget(running);
}
