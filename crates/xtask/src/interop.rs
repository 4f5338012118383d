//! Programs nobody here wrote, against ours: a SOAP client, token clients, an AMQP client, RabbitMQ, an SMTP server, libxml2
//! and xmlsec1.

use crate::install;
use crate::rabbitmq::RabbitMq;
use crate::run::{answers, cargo, root, run, say, shared, target};
use anyhow::{Context, Result, bail, ensure};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The suites, each a folder of `interop` with requirements of its own. Where two name the same package, it is the same
/// version of it.
const SUITES: [&str; 5] = ["zeep", "adgang", "c14n", "besked", "adviser"];
/// What the first of those compare with, and what is needed to build the bindings to it.
const XML_PACKAGES: [&str; 4] = ["xmlsec1", "libxmlsec1-dev", "pkg-config", "libxml2"];

/// Python with everything the suites need, in the build folder. Installed anew when a requirement has changed.
fn python() -> Result<PathBuf> {
    let venv = target().join("interop");
    let (python, stamp) = (venv.join("bin/python"), venv.join("requirements"));
    let files = SUITES.map(|suite| root().join("interop").join(suite).join("requirements.txt"));
    let files: Vec<_> = files.into_iter().filter(|file| file.exists()).collect();
    let wanted = files.iter().map(std::fs::read_to_string).collect::<std::io::Result<String>>()?;
    if answers(&python.to_string_lossy(), &["--version"])
        && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted)
    {
        return Ok(python);
    }
    install::debian("Python 3 with venv", &["python3", "python3-venv", "python3-dev"], || {
        let headers = "import sysconfig, os; os.stat(sysconfig.get_path('include') + '/Python.h')";
        answers("python3", &["-c", "import ensurepip, venv"]) && answers("python3", &["-c", headers])
    })?;
    xml_tools()?;
    say("Installing the programs of others that ours are tested with");
    run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet"]);
    pip.args(files.iter().flat_map(|file| [Path::new("-r"), file]));
    run(&mut pip)?;
    std::fs::write(stamp, wanted)?;
    Ok(python)
}

/// Installs what the suites need, so that two of them can be begun at once.
pub fn prepare() -> Result<()> {
    python().map(drop)
}

/// xmlsec1 and libxml2, and their headers.
fn xml_tools() -> Result<()> {
    install::debian("xmlsec1 with headers", &XML_PACKAGES, || {
        answers("xmlsec1", &["--version"]) && answers("pkg-config", &["--exists", "xmlsec1", "libxml-2.0"])
    })
}

/// What a server runs on: the database, if it is not SQLite, and the RabbitMQ that keeps its queues, if one does.
#[derive(Clone, Copy, Default)]
pub struct Ground<'a> {
    /// PostgreSQL.
    pub database: Option<&'a str>,
    /// RabbitMQ.
    pub broker: Option<&'a str>,
}

impl<'a> Ground<'a> {
    /// A database, and nothing else.
    pub fn of(database: Option<&'a str>) -> Self {
        Self { database, broker: None }
    }
}

/// A demo server on ports of its own; stopped when dropped.
pub struct Server {
    child: Child,
    /// Its data folder.
    pub data: PathBuf,
}

impl Server {
    /// Starts one on a folder with nothing in it but these settings, and waits until it answers.
    pub fn start(name: &str, ground: Ground<'_>, settings: &str) -> Result<Self> {
        let data = target().join("demo").join(name);
        let _ = std::fs::remove_dir_all(&data);
        std::fs::create_dir_all(&data)?;
        std::fs::write(data.join("fundament.toml"), settings)?;
        let port = || anyhow::Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string());
        let mut command = Command::new(binary());
        command.arg("demo").arg("--data").arg(&data);
        for listener in ["--https", "--mtls", "--amqps"] {
            command.args([listener, &port()?]);
        }
        for (flag, url) in [("--database", ground.database), ("--broker", ground.broker)] {
            command.args(url.into_iter().flat_map(|url| [flag, url]));
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
    say(&format!("A real SOAP client (zeep) against {name}"));
    pytest("zeep", name, Ground::of(database), "", &[], &[])
}

/// As an installation in production: no call without a token, and certificates only of the issuers named.
const STRICT: &str = "kun_certifikat = []\ntillidsankre = [\"pki/ca.pem\"]\npolitik_sekunder = 1\n";

/// Gets tokens and calls with them as clients nobody here wrote do, and attacks both, on one database.
pub fn adgang(name: &str, database: Option<&str>) -> Result<()> {
    say(&format!("Access control: clients of others, and attacks, against {name}"));
    pytest("adgang", name, Ground::of(database), STRICT, &[], &[])
}

/// Sends, fetches and is pushed messages as clients nobody here wrote do, with one keeper of the queues; what is AMQP's own
/// is compared with what RabbitMQ answers. All tests, or those of these files.
pub fn besked(name: &str, ground: Ground<'_>, oracle: &RabbitMq, files: &[&str]) -> Result<()> {
    say(&format!("The message distributor: an AMQP client, RabbitMQ and receivers of push, against {name}"));
    let mut environment = vec![("FUNDAMENT_RABBITMQ", oracle.url.as_str())];
    environment.extend(ground.broker.map(|url| ("FUNDAMENT_DEMO_BROKER", url)));
    pytest("besked", name, ground, STRICT, &environment, files)
}

fn pytest(
    suite: &str,
    name: &str,
    ground: Ground<'_>,
    settings: &str,
    environment: &[(&str, &str)],
    files: &[&str],
) -> Result<()> {
    let python = python()?;
    let server = Server::start(&format!("{suite}-{name}"), ground, settings)?;
    let mut command = Command::new(python);
    if let Some(url) = ground.database {
        // For asking the server's own program about what the server did.
        command.env("FUNDAMENT_DEMO_DATABASE", url);
    }
    run(command
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .args(files)
        .current_dir(root().join("interop").join(suite))
        .envs(environment.iter().copied())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("FUNDAMENT_PROGRAM", binary())
        .env("FUNDAMENT_DEMO", server.data.join("demo.json"))
        .env("FUNDAMENT_DEMO_LOG", server.data.with_extension("log"))
        .env("FUNDAMENT_CONTRACTS", absolute(&shared("FUNDAMENT_CONTRACTS", "contracts"))?))
}

/// Mail, to servers that take it, put it off, refuse it, lose it or say nothing; two servers too, when there is an empty
/// PostgreSQL database for them. The suite starts its own servers.
pub fn adviser(database: Option<&str>) -> Result<()> {
    say("Notices as mail: an SMTP server, and what can go wrong with one");
    let mut command = Command::new(python()?);
    if let Some(url) = database {
        command.env("FUNDAMENT_MAIL_DATABASE", url);
    }
    run(command
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .current_dir(root().join("interop/adviser"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("FUNDAMENT_PROGRAM", binary()))
}

/// One suite alone, on SQLite where it needs a server.
pub fn suite(name: &str) -> Result<()> {
    run(&mut cargo(&["build", "-p", "fundament"]))?;
    match name {
        "zeep" => zeep("sqlite", None),
        "adgang" => adgang("sqlite", None),
        "c14n" => c14n(20_000),
        "besked" => besked("sqlite", Ground::default(), &RabbitMq::start()?, &[]),
        "adviser" => adviser(None),
        other => bail!("unknown suite '{other}': {}", SUITES.join(", ")),
    }
}

/// Compares canonical XML with libxml2 on random documents, and signatures with xmlsec1 and signxml.
pub fn c14n(documents: usize) -> Result<()> {
    xml_tools()?;
    let python = python()?;
    // Of the whole workspace, as the tests build them: one crate alone takes its dependencies with other features, and builds
    // the cryptography again.
    run(&mut cargo(&["build", "--workspace", "--examples"]))?;
    let (programs, suite) = (target().join("debug/examples"), root().join("interop/c14n"));
    say(&format!("Canonical XML of {documents} random documents, beside libxml2"));
    // Half of them on each of two processors, under seeds of their own.
    let halves: Vec<_> = ["1", "2"]
        .into_iter()
        .map(|seed| -> Result<(Child, Child)> {
            let mut writer = Command::new(programs.join("c14n_documents"))
                .args([&(documents / 2).to_string(), seed])
                .stdout(Stdio::piped())
                .spawn()
                .context("start c14n_documents")?;
            let documents = writer.stdout.take().context("a pipe")?;
            let judge = Command::new(&python).arg(suite.join("compare.py")).stdin(documents).spawn()?;
            Ok((writer, judge))
        })
        .collect::<Result<_>>()?;
    for (mut writer, mut judge) in halves {
        let (judged, written) = (judge.wait()?, writer.wait()?);
        ensure!(judged.success() && written.success(), "canonical XML differs from libxml2's");
    }
    say("XML signatures, beside xmlsec1 and signxml");
    run(Command::new(python).env("PYTHONDONTWRITEBYTECODE", "1").arg(suite.join("verify.py")).arg(programs))
}

/// The server as the tests built it.
pub fn binary() -> PathBuf {
    target().join("debug/fundament")
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::fs::canonicalize(path)
        .with_context(|| format!("{} is missing: the official contracts must lie there", path.display()))
}
