//! A real SOAP client nobody here wrote, against a running server.

use crate::install;
use crate::run::{answers, root, run, say, shared, target};
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Python with the client, in the build folder.
fn python() -> Result<PathBuf> {
    let venv = target().join("interop");
    let python = venv.join("bin/python");
    let requirements = root().join("interop/zeep/requirements.txt");
    if !answers(&python.to_string_lossy(), &["-c", "import zeep, pytest, cryptography"]) {
        install::debian("Python 3 with venv", &["python3", "python3-venv"], || {
            answers("python3", &["-c", "import ensurepip, venv"])
        })?;
        say("Installing the SOAP client (zeep)");
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements))?;
    }
    Ok(python)
}

/// A demo server on ports of its own; stopped when dropped.
pub struct Server {
    child: Child,
    /// Its data folder.
    pub data: PathBuf,
}

impl Server {
    /// Starts one on an empty folder and waits until it answers.
    pub fn start(name: &str, database: Option<&str>) -> Result<Self> {
        let data = target().join("demo").join(name);
        let _ = std::fs::remove_dir_all(&data);
        std::fs::create_dir_all(&data)?;
        let port = || anyhow::Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string());
        let (https, mtls) = (port()?, port()?);
        let mut command = Command::new(target().join("debug/fundament"));
        command.arg("demo").arg("--data").arg(&data).args(["--https", &https, "--mtls", &mtls]);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let log = std::fs::File::create(data.with_extension("log"))?;
        let child = command.stdout(Stdio::null()).stderr(log).spawn().context("start the server")?;
        let mut server = Self { child, data };
        let begun = Instant::now();
        while !server.data.join("demo.json").exists() {
            if let Some(status) = server.child.try_wait()? {
                let log = std::fs::read_to_string(server.data.with_extension("log")).unwrap_or_default();
                bail!("the server ended ({status}):\n{log}");
            }
            if begun.elapsed() > Duration::from_secs(120) {
                bail!(
                    "the server was not ready within 120 s; see {}",
                    server.data.with_extension("log").display()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Drives every operation with the real client, on one database.
pub fn zeep(name: &str, database: Option<&str>) -> Result<()> {
    let python = python()?;
    let server = Server::start(name, database)?;
    say(&format!("A real SOAP client (zeep) against {name}"));
    run(Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .current_dir(root().join("interop/zeep"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("FUNDAMENT_DEMO", server.data.join("demo.json"))
        .env("FUNDAMENT_CONTRACTS", absolute(&shared("FUNDAMENT_CONTRACTS", "contracts"))?))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::fs::canonicalize(path)
        .with_context(|| format!("{} is missing: the official contracts must lie there", path.display()))
}
