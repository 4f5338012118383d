//! Invented cases as take-on files, and a sample of what is in them to ask for.

use super::Args;
use crate::scenario::text;
use crate::server::output;
use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use uuid::Uuid;

/// Cases asked for at most, spread over all of them.
const SAMPLE: usize = 5_000;
/// Cases that others are made of, to be imported one by one.
const NEW: usize = 5_000;

/// The demo's system that writes cases, which all of them have as Master and Afsender.
pub const KY: &str = "6f2b7b7e-6f0a-4d0c-9a53-0b1f6f8e1a01";

/// The files of one data set, and what to ask for.
pub struct Sample {
    /// Where the files are.
    pub folder: PathBuf,
    /// Cases, documents, grants and payments in the files.
    pub objects: usize,
    /// Updates in the files.
    pub updates: usize,
    /// UUIDs of cases.
    pub sager: Arc<Vec<Uuid>>,
    /// The persons those cases are about, as the index names them.
    pub personer: Arc<Vec<String>>,
    /// Persons who were granted something.
    pub modtagere: Arc<Vec<String>>,
    /// Cases to import.
    pub nye: Arc<Vec<NySag>>,
}

/// A case as a message has it, in which the names are written anew each time.
pub struct NySag {
    xml: String,
    uuid: String,
    nummer: String,
}

impl NySag {
    fn af(linje: &str) -> Result<Self> {
        let mellem = |begin: &str| Some(linje.split_once(begin)?.1.split_once('<')?.0.to_owned());
        Ok(Self {
            // As a case worker's system sends it: others are told.
            xml: linje.replace("UdenNotifikation>true<", "UdenNotifikation>false<"),
            uuid: mellem("<sd:UUIDIdentifikator>").context("a case without a UUID")?,
            nummer: mellem("<sag:BrugervendtNoegle>").context("a case without a number")?,
        })
    }

    /// The same case under another name.
    pub fn som(&self, uuid: Uuid, n: usize) -> String {
        let nummer = format!("{}-{n}", self.nummer);
        self.xml.replace(&self.uuid, &uuid.to_string()).replace(&self.nummer, &nummer)
    }
}

/// Makes the files, and takes the sample.
pub fn generate(args: &Args, sager: usize) -> Result<Sample> {
    eprintln!("== inventing {sager} cases");
    let folder = args.work.join(format!("indeks-{sager}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let generate = |sager: usize, seed: &str, ud: &Path| -> Result<String> {
        let sager = sager.to_string();
        let words = ["generate", "indeks", "--gzip", "--sager", &sager, "--seed", seed];
        let whose = ["--system", KY, "--systemnavn", "KY", "--ud", text(ud)?];
        Ok(output(&args.binary, &[&words[..], &whose].concat())?.1)
    };
    let said = generate(sager, "1", &folder)?;
    let nye = folder.join("nye.xml.gz");
    generate(NEW.min(sager), "2", &nye)?;
    let nye = objects(&nye, "<sdi:SagIndeks>", 1, NySag::af)?;
    let every = (sager / SAMPLE).max(1);
    let found = objects(&folder.join("sagdokument.xml.gz"), "<sdi:SagIndeks>", every, |linje| {
        let uuid = linje.split_once("<sd:UUIDIdentifikator>").and_then(|(_, rest)| rest.get(..36));
        Ok((Uuid::try_parse(uuid.context("a case without a UUID")?)?, person(linje)))
    })?;
    let modtagere = objects(&folder.join("ydelse.xml.gz"), "<yi:BevillingIndeks>", every, |l| Ok(person(l)))?;
    let personer: Vec<String> = found.iter().filter_map(|(_, person)| person.clone()).collect();
    let modtagere: Vec<String> = modtagere.into_iter().flatten().collect();
    ensure!(personer.len() > 100 && modtagere.len() > 100, "too little data");
    let of = |what: &str| count(&said, what);
    Ok(Sample {
        folder,
        objects: of("sager")? + of("dokumenter")? + of("bevillinger")? + of("effektueringer")?,
        updates: of("opdateringer")?,
        sager: Arc::new(found.into_iter().map(|(uuid, _)| uuid).collect()),
        personer: Arc::new(personer),
        modtagere: Arc::new(modtagere),
        nye: Arc::new(nye),
    })
}

/// The number before a word.
fn count(said: &str, what: &str) -> Result<usize> {
    let mut words = said.split_whitespace().map(|w| w.trim_end_matches(','));
    let mut before = "";
    let found = words.find_map(|word| {
        (word == what).then_some(before).or_else(|| {
            before = word;
            None
        })
    });
    Ok(found.with_context(|| format!("it is not said how many {what} there are: {said}"))?.parse()?)
}

/// Whom an object is about first, if that is a person.
fn person(linje: &str) -> Option<String> {
    const BEGIN: &str = "urn:oio:cpr-nr:";
    let at = linje.find(BEGIN)?;
    linje.get(at..at + BEGIN.len() + 10).map(str::to_owned)
}

/// Every so many of the objects that begin like this, which stand on lines of their own.
fn objects<T>(path: &Path, begins: &str, every: usize, take: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    let file = MultiGzDecoder::new(BufReader::new(File::open(path)?));
    let mut file = BufReader::with_capacity(1 << 20, file);
    let (mut found, mut seen, mut line) = (Vec::new(), 0_usize, String::new());
    while file.read_line(&mut line)? > 0 {
        if line.starts_with(begins) {
            if seen.is_multiple_of(every) {
                found.push(take(line.trim_end())?);
            }
            seen += 1;
        }
        line.clear();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{NySag, count, person};
    use uuid::Uuid;

    #[test]
    fn what_was_made_is_counted_by_its_word() {
        let said =
            "12 sager, 40 dokumenter, 7 journalnotater\n3 bevillinger, 30 effektueringer, 5 opdateringer\n";
        assert_eq!(count(said, "sager").expect("a number"), 12);
        assert_eq!(count(said, "opdateringer").expect("a number"), 5);
        assert!(count(said, "andet").is_err());
    }

    #[test]
    fn a_case_gets_another_name() {
        let uuid = "1a000000-0000-4000-8000-000000000010";
        let xml = format!(
            "<sdi:SagIndeks><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator><sag:BrugervendtNoegle>26/7\
             </sag:BrugervendtNoegle>urn:oio:cpr-nr:3113990001<sag:UdenNotifikation>true</sag:UdenNotifikation>"
        );
        let ny = NySag::af(&xml).expect("a case").som(Uuid::nil(), 4);
        assert!(!ny.contains(uuid) && ny.contains(">26/7-4<") && ny.contains("UdenNotifikation>false<"));
        assert_eq!(person(&ny).as_deref(), Some("urn:oio:cpr-nr:3113990001"));
        assert_eq!(person("urn:oio:cvr-nr:11223344"), None);
    }
}
