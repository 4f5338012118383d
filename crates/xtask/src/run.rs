//! Running other programs.

use anyhow::{Context, Result, bail};
use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, OnceLock};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};
use wait_timeout::ChildExt;

/// When the first thing was said.
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// How long one program may run.
static LIMIT: OnceLock<Duration> = OnceLock::new();

thread_local! {
    /// Where what this thread runs writes to, if it is not the terminal.
    static ASIDE: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// The folder of the repository.
pub fn root() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).expect("xtask lies in crates/").to_owned()
}

/// The build folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// What lies beside the repository: official contracts, a KLE file. Tests read them there.
pub fn shared(variable: &str, folder: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| root().join("../shared").join(folder), PathBuf::from)
}

/// Cargo, in the repository.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    command
}

/// From now on a program that runs longer than this hangs, and is ended.
pub fn limit(minutes: u64) {
    LIMIT.get_or_init(|| Duration::from_secs(minutes * 60));
}

/// Runs to the end; anything but success is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    ASIDE.with_borrow(|aside| -> Result<()> {
        if let Some(file) = aside {
            command.stdout(file.try_clone()?).stderr(file.try_clone()?);
        }
        Ok(())
    })?;
    let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
    let status = match LIMIT.get() {
        None => child.wait()?,
        Some(limit) => match child.wait_timeout(*limit)? {
            Some(status) => status,
            None => {
                child.kill()?;
                child.wait()?;
                bail!("ended after {} minutes without an end in sight: {command:?}", limit.as_secs() / 60);
            }
        },
    };
    if !status.success() {
        bail!("failed ({status}): {command:?}");
    }
    Ok(())
}

/// What runs beside the rest because it mostly waits. What it writes is shown when it is waited for.
pub struct Beside<'scope> {
    what: &'static str,
    log: PathBuf,
    thread: ScopedJoinHandle<'scope, Result<()>>,
}

impl<'scope> Beside<'scope> {
    /// Starts it.
    pub fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        what: &'static str,
        work: impl FnOnce() -> Result<()> + Send + 'scope,
    ) -> Result<Self> {
        say(&format!("Beginning beside the rest: {what}"));
        let log = target().join("beside.log");
        let file = File::create(&log).with_context(|| format!("write {}", log.display()))?;
        let thread = scope.spawn(move || {
            ASIDE.set(Some(file));
            work()
        });
        Ok(Self { what, log, thread })
    }

    /// Waits for its end, shows what it wrote, and fails if it failed.
    pub fn end(self) -> Result<()> {
        let ended = self.thread.join().map_err(|_| anyhow::anyhow!("{} panicked", self.what))?;
        say(&format!("Beside the rest: {}", self.what));
        eprint!("{}", std::fs::read_to_string(&self.log)?);
        ended
    }
}

/// Whether a program is there and answers.
pub fn answers(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|o| o.status.success())
}

/// Tells what happens next, and how long it has been going on.
pub fn say(what: &str) {
    use std::io::Write;
    let seconds = BEGUN.elapsed().as_secs();
    let line = format!("\n== {:02}:{:02} {what}\n", seconds / 60, seconds % 60);
    ASIDE.with_borrow_mut(|aside| match aside {
        // What cannot be written there is not worth failing for: the result is what counts.
        Some(file) => drop(file.write_all(line.as_bytes())),
        None => eprint!("{line}"),
    });
}

/// Writes a shell script that can be started.
pub fn script(path: &Path, lines: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, format!("#!/bin/bash\n{lines}"))
        .with_context(|| format!("write {}", path.display()))?;
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))?)
}
