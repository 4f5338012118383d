//! The server under measurement, as its own process.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::klient::{Demo, Klient};

/// In how many parts Linux divides a second when it counts the time of a process.
const TICKS: f64 = 100.0;

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    /// What it says about itself.
    pub demo: Demo,
    /// Seconds from start until it answered.
    pub start_seconds: f64,
}

/// Runs one command of the binary to its end and tells how long it took, in seconds.
pub fn command(binary: &Path, args: &[&str]) -> Result<f64> {
    Ok(output(binary, args)?.0)
}

/// The same, and what it printed.
pub fn output(binary: &Path, args: &[&str]) -> Result<(f64, String)> {
    let start = Instant::now();
    let output = Command::new(binary).args(args).output().context("start")?;
    if !output.status.success() {
        bail!(
            "{args:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok((start.elapsed().as_secs_f64(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// A flag and its value, when there is one.
pub fn flag<'a>(name: &'a str, value: Option<&'a str>) -> Vec<&'a str> {
    value.map_or_else(Vec::new, |value| vec![name, value])
}

/// Resident memory of a process in MiB, now.
pub fn rss_mib(pid: u32) -> f64 {
    memory_mib(pid, "VmRSS:")
}

fn memory_mib(pid: u32, which: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(which)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

/// Seconds that processors have worked for a process so far, all of its threads together.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in parentheses, may hold anything; user and system time are the 14th and 15th field of all.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}

impl Server {
    /// Starts `demo` on a data folder and waits until it answers.
    pub async fn start(binary: &Path, data: &Path, database: Option<&str>, port: u16) -> Result<Self> {
        Self::start_with(binary, data, &flag("--database", database), port).await
    }

    /// The same with more to say on the command line.
    pub async fn start_with(binary: &Path, data: &Path, args: &[&str], port: u16) -> Result<Self> {
        Self::spawn(Command::new(binary), data, args, port).await
    }

    /// The same on some of the processors only.
    pub async fn start_on(processors: &str, binary: &Path, data: &Path, port: u16) -> Result<Self> {
        let mut command = Command::new("taskset");
        command.args(["-c", processors]).arg(binary);
        Self::spawn(command, data, &[], port).await
    }

    async fn spawn(mut command: Command, data: &Path, args: &[&str], port: u16) -> Result<Self> {
        let addr = |offset: u16| format!("127.0.0.1:{}", port + offset);
        command.arg("demo").arg("--data").arg(data);
        command.args(["--https", &addr(0), "--mtls", &addr(1), "--amqps", &addr(2)]);
        command.args(args);
        let _ = std::fs::remove_file(data.join("demo.json"));
        let log = std::fs::File::create(data.with_extension("log"))?;
        let start = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(log).spawn().context("start the server")?;
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended: {status}; see {}", data.with_extension("log").display());
            }
            if let Some(demo) = answers(data).await {
                let start_seconds = start.elapsed().as_secs_f64();
                return Ok(Self { child, demo, start_seconds });
            }
            if start.elapsed() > Duration::from_secs(120) {
                bail!("the server did not answer within 120 s");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Resident memory in MiB, now.
    pub fn rss_mib(&self) -> f64 {
        rss_mib(self.child.id())
    }

    /// The most memory that was resident at any time, in MiB.
    pub fn peak_rss_mib(&self) -> f64 {
        memory_mib(self.child.id(), "VmHWM:")
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it at once, as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn answers(data: &Path) -> Option<Demo> {
    let demo = Demo::read(data).ok()?;
    let mut klient = Klient::connect(&demo.address("https"), demo.tls(None).ok()?).await.ok()?;
    let svar = klient.get("/health/ready").await.ok()?;
    (svar.status == 200).then_some(demo)
}
