//! A throw-away PostgreSQL: installed if missing, on a port of its own, gone afterwards.

use crate::install;
use crate::run::{run, say, script};
use anyhow::{Context, Result};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server; stopped and removed when dropped.
pub struct Postgres {
    bin: PathBuf,
    folder: PathBuf,
    as_postgres: bool,
    /// How to reach it.
    pub url: String,
}

/// The newest installed server's programs.
fn bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            let bin = path.join("bin");
            bin.join("initdb").exists().then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().filter(|(version, _)| *version >= 15).map(|(_, bin)| bin)
}

impl Postgres {
    /// Starts one. `durable` keeps fsync on, for measurements.
    pub fn start(durable: bool) -> Result<Self> {
        install::debian("PostgreSQL 15 or newer", &["postgresql"], || bin().is_some())?;
        let bin = bin().context("PostgreSQL is installed")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("fundament-postgres-{port}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        // The server refuses to run as root.
        let as_postgres = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0"));
        if as_postgres {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let url = format!("postgres://fundament@127.0.0.1:{port}/postgres?sslmode=disable");
        let server = Self { bin, folder, as_postgres, url };
        say(&format!("Starting a throw-away PostgreSQL on port {port}"));
        let data = server.folder.join("data");
        run(server
            .command("initdb")
            .args(["-U", "fundament", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data))?;
        let fsync = if durable { "on" } else { "off" };
        let folder = server.folder.display();
        let options = format!(
            "-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync={fsync} -c max_connections=200 -c shared_buffers=256MB"
        );
        let become_user = if server.as_postgres { "runuser -u postgres --" } else { "" };
        let program = server.bin.join("pg_ctl").display().to_string();
        let start = format!(
            "cd / && {become_user} {program} start -w -o '{options}' -l {folder}/log -D {folder}/data > /dev/null\n"
        );
        script(&server.folder.join("start"), &start)?;
        // What is left of a killed one goes in its own time; until then it cannot start.
        script(
            &server.folder.join("kill"),
            &format!(
                "kill -9 \"$(head -1 {folder}/data/postmaster.pid)\"\nuntil {folder}/start 2> /dev/null; do sleep 0.1; done\n"
            ),
        )?;
        run(&mut Command::new(server.folder.join("start")))?;
        Ok(server)
    }

    /// A program that kills it as a power cut would, and starts it again.
    pub fn killer(&self) -> PathBuf {
        self.folder.join("kill")
    }

    /// Makes an empty database and tells how to reach it.
    pub fn database(&self, name: &str) -> Result<String> {
        let psql = |sql: String| run(self.command("psql").args(["-q", "-c", &sql, &self.url]));
        psql(format!("DROP DATABASE IF EXISTS {name}"))?;
        psql(format!("CREATE DATABASE {name}"))?;
        Ok(self.url.replace("/postgres?", &format!("/{name}?")))
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(Path::new("/")).stdout(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let _ = self.command("pg_ctl").args(["stop", "-m", "immediate", "-D"]).arg(data).status();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
