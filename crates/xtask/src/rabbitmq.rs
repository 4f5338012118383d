//! A throw-away RabbitMQ, the oracle for what AMQP 0-9-1 looks like on the wire: installed if missing, on ports of its
//! own, gone afterwards.

use crate::install;
use crate::run::{say, script, target};
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The script behind the wrapper that insists on a user of its own.
const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
/// Erlang takes its time on a busy machine.
const START: Duration = Duration::from_secs(120);

/// A running node; stopped and removed when dropped.
pub struct RabbitMq {
    folder: PathBuf,
    /// The node as it was started first, and the port mapper it is found by.
    children: Vec<Child>,
    /// How to reach its virtual host `BF`.
    pub url: String,
}

impl RabbitMq {
    /// Starts one and waits until it listens.
    pub fn start() -> Result<Self> {
        install::debian("RabbitMQ", &["rabbitmq-server"], || Path::new(SERVER).exists())?;
        let (port, distribution, mapper) = (free_port()?, free_port()?, free_port()?);
        say(&format!("Starting a throw-away RabbitMQ on port {port}"));
        let folder = target().join(format!("rabbitmq-{port}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let folder = fs::canonicalize(folder)?;
        let url = format!("amqp://fundament:fundament@127.0.0.1:{port}/BF");
        let mut server = Self { folder, children: Vec::new(), url };
        let configuration = format!(
            "listeners.tcp.1 = 127.0.0.1:{port}\ndefault_vhost = BF\ndefault_user = fundament\ndefault_pass = fundament\n"
        );
        let file = |name: &str| server.folder.join(name);
        fs::write(file("rabbitmq.conf"), configuration)?;
        fs::write(file("plugins"), "[].\n")?;
        // A node that finds no port mapper leaves one behind; this one goes when the node does.
        let mapper = mapper.to_string();
        let mut command = Command::new("epmd");
        command.args(["-address", "127.0.0.1", "-port", &mapper]);
        server
            .children
            .push(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("start epmd")?);
        let mut lines = format!("cd {}\n", server.folder.display());
        let folder = |name: &str| file(name).display().to_string();
        for (name, value) in [
            ("HOME", server.folder.display().to_string()),
            ("ERL_EPMD_ADDRESS", "127.0.0.1".into()),
            ("ERL_EPMD_PORT", mapper),
            // The script then becomes the node, instead of waiting for it.
            ("RUNNING_UNDER_SYSTEMD", "true".into()),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null".into()),
            ("RABBITMQ_NODENAME", format!("fundament-{port}@localhost")),
            ("RABBITMQ_DIST_PORT", distribution.to_string()),
            ("RABBITMQ_CONFIG_FILE", folder("rabbitmq.conf")),
            ("RABBITMQ_ADVANCED_CONFIG_FILE", folder("none")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", folder("plugins")),
            ("RABBITMQ_MNESIA_BASE", folder("mnesia")),
            ("RABBITMQ_LOG_BASE", folder("log")),
            ("RABBITMQ_GENERATED_CONFIG_DIR", folder("generated")),
            ("RABBITMQ_PID_FILE", folder("pid")),
        ] {
            lines.push_str(&format!("export {name}='{value}'\n"));
        }
        lines.push_str(&format!("echo $$ > node\nexec {SERVER} < /dev/null >> output 2>&1\n"));
        script(&file("start"), &lines)?;
        let answers = format!("(exec 3<> /dev/tcp/127.0.0.1/{port}) 2> /dev/null");
        script(
            &file("kill"),
            &format!(
                "cd {}\nkill -9 \"$(cat node)\"\nwhile {answers}; do sleep 0.1; done\nsetsid ./start &\n\
                 until {answers}; do sleep 0.1; done\n",
                server.folder.display()
            ),
        )?;
        let node = Command::new(file("start")).spawn();
        server.children.push(node.context("start RabbitMQ")?);
        server.wait(SocketAddr::from(([127, 0, 0, 1], port)))?;
        Ok(server)
    }

    /// A program that kills it as a power cut would, and starts it again.
    pub fn killer(&self) -> PathBuf {
        self.folder.join("kill")
    }

    /// Users and the virtual host are there before the node listens.
    fn wait(&mut self, address: SocketAddr) -> Result<()> {
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            let ended = self.children.last_mut().and_then(|node| node.try_wait().transpose()).transpose()?;
            if ended.is_some() || begun.elapsed() > START {
                let told = fs::read_to_string(self.folder.join("output")).unwrap_or_default();
                bail!("RabbitMQ did not start:\n{told}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for RabbitMq {
    fn drop(&mut self) {
        // After a kill another process is the node.
        if let Ok(node) = fs::read_to_string(self.folder.join("node")) {
            let _ = Command::new("kill").args(["-9", node.trim()]).stderr(Stdio::null()).status();
        }
        while let Some(mut child) = self.children.pop() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
