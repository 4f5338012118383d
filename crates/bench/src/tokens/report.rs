//! The section on tokens, in Markdown.

use super::Processors;
use super::floor::{Floor, Rates};
use super::scene::Figures;
use super::steps::Steps;
use crate::load::Figure;
use crate::report::put;
use anyhow::Result;
use std::fmt::Write;
use std::path::Path;

/// All figures of one run.
#[derive(Debug)]
pub struct Report {
    pub processors: Processors,
    pub floor: Floor,
    pub figures: Figures,
    pub steps: Steps,
    pub elliptic: Figure,
}

fn figure(f: Figure) -> String {
    format!("{:.0} ({:.1} / {:.1})", f.per_second, f.p50, f.p95)
}

fn share(part: f64, whole: f64) -> String {
    format!("{:.0} %", part / whole * 100.0)
}

impl Report {
    /// Puts the section into the file at `path`.
    pub fn write(&self, path: &Path) -> Result<()> {
        put(path, "tokens", &self.render())
    }

    /// The section.
    pub fn render(&self) -> String {
        let mut out = String::new();
        self.floor(&mut out);
        self.served(&mut out);
        self.steps(&mut out);
        out
    }

    fn floor(&self, out: &mut String) {
        let floor = &self.floor;
        let all = format!("{}, RSA-2048, all {} processors at once", floor.openssl, self.processors.all);
        let one = |kind: &str| format!("{}, {kind}, one processor", floor.openssl);
        let _ = writeln!(out, "| Floor | Sign, per s | Verify, per s |\n|---|---|---|");
        for (name, Rates { sign, verify }) in [
            (one("RSA-2048"), floor.rsa2048),
            (all, floor.rsa2048_all),
            (one("RSA-3072"), floor.rsa3072),
            (one("ECDSA P-256"), floor.p256),
            ("aws-lc-rs, RSA-2048, one processor".into(), floor.aws[0]),
            ("aws-lc-rs, RSA-3072, one processor".into(), floor.aws[1]),
            ("aws-lc-rs, ECDSA P-256, one processor".into(), floor.aws[2]),
        ] {
            let _ = writeln!(out, "| {name} | {sign:.0} | {verify:.0} |");
        }
    }

    fn served(&self, out: &mut String) {
        let Self { processors, floor, figures: f, .. } = self;
        let count = processors.server_count as f64;
        let (once, twice) =
            (floor.rsa2048.with_one_verify(1.0) * count, floor.rsa2048.with_one_verify(2.0) * count);
        let jwt = floor.rsa2048.sign * count;
        let _ = writeln!(
            out,
            "\n| Served, the server on {} processor(s) of its own | Per s (p50 / p95 ms) | Beside |\n|---|---|---|",
            processors.server_count
        );
        let plain = f.plain.per_second;
        let of_plain =
            |figure: Figure| format!("{} of the certificate alone", share(figure.per_second, plain));
        let issue = f.issue.per_second;
        for (name, value, beside) in [
            (
                "Token over WS-Trust (RSA-2048; two signatures and one verification each)",
                figure(f.issue),
                format!(
                    "{} of the {twice:.0} with two signatures and one verification; {} of the {once:.0} with one signature",
                    share(issue, twice),
                    share(issue, once)
                ),
            ),
            (
                "JWT (RSA-2048; one signature each)",
                figure(f.jwt),
                format!("{} of {jwt:.0}", share(f.jwt.per_second, jwt)),
            ),
            ("`laes`, client certificate alone", figure(f.plain), String::new()),
            ("`laes`, JWT", figure(f.with_jwt), of_plain(f.with_jwt)),
            ("`laes`, token seen before; answer signed with RSA-2048", figure(f.seen), of_plain(f.seen)),
            ("`laes`, a new token each time; answer signed with RSA-2048", figure(f.new), of_plain(f.new)),
            (
                "`laes`, token seen before; answer signed with ECDSA P-256",
                figure(self.elliptic),
                of_plain(self.elliptic),
            ),
        ] {
            let _ = writeln!(out, "| {name} | {value} | {beside} |");
        }
        let (before, after) = f.memory_mib;
        let _ = writeln!(
            out,
            "\nMemory: {before:.0} MiB before and {after:.0} MiB after {} more tokens, each verified and live: {:.1} KiB for each. \
             A request with a token is {} bytes.",
            f.live,
            (after - before) * 1024.0 / f.live.max(1) as f64,
            f.request_bytes
        );
    }

    fn steps(&self, out: &mut String) {
        let s = &self.steps;
        let _ = writeln!(
            out,
            "\n| A call with a token, step by step, in process, one processor | ms |\n|---|---|"
        );
        for (name, value) in [
            ("Parse the request and find its ids", s.parse),
            ("Token seen before: recognise it by its bytes", s.token_seen),
            ("New token: verify and read it", s.token_new),
            ("Verify the signature of the message over seven parts", s.message),
            ("Remember that the message came (SQLite, durable), alone", s.remember_alone),
            ("The same, each of 32 at once", s.remember),
            ("Sign the answer with RSA-2048", s.sign_rsa),
            ("Sign the answer with ECDSA P-256", s.sign_p256),
        ] {
            let _ = writeln!(out, "| {name} | {value:.4} |");
        }
        let end_to_end =
            |figure: Figure| 1000.0 * self.processors.server_count as f64 / figure.per_second.max(1.0);
        let plain = end_to_end(self.figures.plain);
        let _ = writeln!(
            out,
            "\nEnd to end, in time of the server's processor: {plain:.3} ms for `laes` with a certificate alone, {:.3} ms more with a \
             token seen before, {:.3} ms more with a new one.",
            end_to_end(self.figures.seen) - plain,
            end_to_end(self.figures.new) - plain
        );
    }
}
