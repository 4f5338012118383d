//! Reading a filter: words first, then the expression by descent.

use super::proev::form;
use super::{DYBDE_MAX, FILTER_TEGN_MAX, FilterFejl, Proeve, Tegn, Udtryk, Vej};
use crate::skema::{Form, Indhold, Sted, skema};
use crate::tid::nanosekunder;
use crate::vaerdi::{er_uuid, normaliser};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
enum Ord {
    Og,
    Eller,
    Ikke,
    Nogen,
    I,
    Vaerdiliste,
    Som,
    Findes,
    Navn(String),
    Tekst(String),
    Tegn(&'static str),
    Slut,
}

fn fejl<T>(position: usize, tekst: impl Into<String>) -> Result<T, FilterFejl> {
    Err(FilterFejl { position, tekst: tekst.into() })
}

pub(super) fn laes(tekst: &str) -> Result<Udtryk, FilterFejl> {
    if tekst.chars().count() > FILTER_TEGN_MAX {
        return fejl(
            FILTER_TEGN_MAX,
            format!("filteret er længere end {FILTER_TEGN_MAX} tegn; brug en værdiliste"),
        );
    }
    let ord = ord(tekst)?;
    if ord.len() == 1 {
        return Ok(Udtryk::Sand);
    }
    let mut laeser = Laeser { ord, her: 0, dybde: 0, bundne: Vec::new() };
    let udtryk = laeser.eller()?;
    match laeser.kig() {
        (Ord::Slut, _) => Ok(udtryk),
        (Ord::Tegn(")"), p) => fejl(p, "der er en parentes for meget; fjern den"),
        (_, p) => fejl(p, "her mangler AND eller OR"),
    }
}

/// The words and where they begin; the last is the end.
fn ord(tekst: &str) -> Result<Vec<(Ord, usize)>, FilterFejl> {
    let tegn: Vec<char> = tekst.chars().collect();
    let mut alle = Vec::new();
    let mut i = 0;
    while let Some(&c) = tegn.get(i) {
        let start = i;
        i += 1;
        if c.is_whitespace() {
            continue;
        }
        let lig = tegn.get(i) == Some(&'=');
        let ord = match c {
            '(' => Ord::Tegn("("),
            ')' => Ord::Tegn(")"),
            ',' => Ord::Tegn(","),
            '.' => Ord::Tegn("."),
            '=' => Ord::Tegn("="),
            '!' if lig => Ord::Tegn("!="),
            '<' if lig => Ord::Tegn("<="),
            '>' if lig => Ord::Tegn(">="),
            '<' if tegn.get(i) == Some(&'>') => return fejl(start, "skriv != for forskellig fra"),
            '<' => Ord::Tegn("<"),
            '>' => Ord::Tegn(">"),
            '\'' => Ord::Tekst(citat(&tegn, &mut i)?),
            '"' | '’' | '‘' | '´' | '`' | '”' | '“' => {
                return fejl(start, "skriv værdier mellem lige enkelte anførselstegn: '…'");
            }
            c if c.is_alphabetic() || c == '_' => {
                while tegn.get(i).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                    i += 1;
                }
                noegleord(tegn[start..i].iter().collect())
            }
            c if c.is_ascii_digit() => return fejl(start, "skriv værdien mellem enkelte anførselstegn: '…'"),
            _ => return fejl(start, "tegnet kan ikke bruges her"),
        };
        if matches!(ord, Ord::Tegn("!=" | "<=" | ">=")) {
            i += 1;
        }
        alle.push((ord, start));
    }
    alle.push((Ord::Slut, tegn.len()));
    Ok(alle)
}

/// A quoted text; two quotes are one.
fn citat(tegn: &[char], i: &mut usize) -> Result<String, FilterFejl> {
    let start = *i - 1;
    let mut ud = String::new();
    loop {
        match (tegn.get(*i), tegn.get(*i + 1)) {
            (Some('\''), Some('\'')) => {
                ud.push('\'');
                *i += 2;
            }
            (Some('\''), _) => {
                *i += 1;
                return Ok(ud);
            }
            (Some(c), _) => {
                ud.push(*c);
                *i += 1;
            }
            (None, _) => return fejl(start, "værdien slutter ikke; sæt et enkelt anførselstegn efter den"),
        }
    }
}

fn noegleord(navn: String) -> Ord {
    match navn.to_uppercase().as_str() {
        "AND" | "OG" => Ord::Og,
        "OR" | "ELLER" => Ord::Eller,
        "NOT" | "IKKE" => Ord::Ikke,
        "ANY" => Ord::Nogen,
        "IN" => Ord::I,
        "VAERDILISTE" => Ord::Vaerdiliste,
        "LIKE" => Ord::Som,
        "EXISTS" => Ord::Findes,
        _ => Ord::Navn(navn),
    }
}

struct Laeser {
    ord: Vec<(Ord, usize)>,
    her: usize,
    dybde: usize,
    /// The places the `ANY` around are bound to.
    bundne: Vec<Sted>,
}

impl Laeser {
    fn kig(&self) -> (&Ord, usize) {
        let (ord, position) = &self.ord[self.her.min(self.ord.len() - 1)];
        (ord, *position)
    }

    fn tag(&mut self) -> (Ord, usize) {
        let (ord, position) = self.kig();
        let taget = (ord.clone(), position);
        self.her += 1;
        taget
    }

    fn er(&mut self, ord: &Ord) -> bool {
        let er = self.kig().0 == ord;
        self.her += usize::from(er);
        er
    }

    fn kraev(&mut self, tegn: &'static str, hvad: &str) -> Result<(), FilterFejl> {
        if self.er(&Ord::Tegn(tegn)) { Ok(()) } else { fejl(self.kig().1, hvad) }
    }

    fn ind(&mut self, position: usize) -> Result<(), FilterFejl> {
        self.dybde += 1;
        if self.dybde > DYBDE_MAX {
            return fejl(
                position,
                format!("filteret går mere end {DYBDE_MAX} niveauer ned; del det i flere abonnementer"),
            );
        }
        Ok(())
    }

    fn eller(&mut self) -> Result<Udtryk, FilterFejl> {
        let mut dele = vec![self.og()?];
        while self.er(&Ord::Eller) {
            dele.push(self.og()?);
        }
        Ok(if dele.len() == 1 { dele.remove(0) } else { Udtryk::Eller(dele) })
    }

    fn og(&mut self) -> Result<Udtryk, FilterFejl> {
        let mut dele = vec![self.ikke()?];
        while self.er(&Ord::Og) {
            dele.push(self.ikke()?);
        }
        Ok(if dele.len() == 1 { dele.remove(0) } else { Udtryk::Og(dele) })
    }

    fn ikke(&mut self) -> Result<Udtryk, FilterFejl> {
        if self.er(&Ord::Ikke) {
            return Ok(Udtryk::Ikke(Box::new(self.led()?)));
        }
        self.led()
    }

    fn led(&mut self) -> Result<Udtryk, FilterFejl> {
        let (ord, position) = self.tag();
        match ord {
            Ord::Tegn("(") => {
                self.ind(position)?;
                let inde = self.eller()?;
                self.kraev(")", "her mangler en slutparentes, AND eller OR")?;
                self.dybde -= 1;
                Ok(inde)
            }
            Ord::Nogen => self.nogen(position),
            Ord::Navn(navn) => {
                let vej = self.sti(navn, position)?;
                self.sammenlign(vej, position)
            }
            Ord::Ikke => fejl(position, "skriv NOT én gang, eller brug parenteser"),
            Ord::Slut => fejl(position, "filteret slutter midt i et udtryk; skriv en betingelse"),
            _ => fejl(
                position,
                "her skal stå en sti, der begynder med Beskedkuvert, NOT, ANY eller en parentes",
            ),
        }
    }

    fn nogen(&mut self, position: usize) -> Result<Udtryk, FilterFejl> {
        self.ind(position)?;
        let (ord, sted) = self.tag();
        let Ord::Navn(navn) = ord else {
            return fejl(
                sted,
                "efter ANY skal stå stien til et element, fx Beskedkuvert.Filtreringsdata.ObjektRegistrering",
            );
        };
        let vej = self.sti(navn, sted)?;
        if form(vej.sted).is_some() {
            return fejl(sted, "ANY skal bruges på et element, der indeholder andre");
        }
        self.kraev("(", "efter stien i ANY skal stå en betingelse i parentes")?;
        self.bundne.push(vej.sted);
        let inde = self.eller()?;
        self.bundne.pop();
        self.kraev(")", "her mangler en slutparentes, AND eller OR")?;
        self.dybde -= 1;
        Ok(Udtryk::Nogen(vej, Box::new(inde)))
    }

    /// A path from the envelope, or within an `ANY` from what that is bound to.
    fn sti(&mut self, foerste: String, position: usize) -> Result<Vej, FilterFejl> {
        let mut navne = vec![(foerste, position)];
        while self.er(&Ord::Tegn(".")) {
            match self.tag() {
                (Ord::Navn(navn), p) => navne.push((navn, p)),
                (_, p) => return fejl(p, "efter punktum skal stå navnet på et element"),
            }
        }
        let skema = skema();
        let (mut sted, bundet, mut rest) = match (&navne[0], self.bundne.last()) {
            // An `ANY` would otherwise cost the square of what stands in a message.
            ((navn, p), Some(_)) if navn == "Beskedkuvert" => {
                return fejl(*p, "inde i ANY er stien relativ; sæt betingelser om andre felter uden for ANY");
            }
            ((navn, _), None) if navn == "Beskedkuvert" => (skema.faste.kuvert, 0, &navne[1..]),
            (_, Some(sted)) => (*sted, self.bundne.len(), &navne[..]),
            ((navn, p), None) => return fejl(*p, udenfor(navn)),
        };
        while let Some(((navn, p), efter)) = rest.split_first() {
            sted = match skema.barn(sted, navn) {
                Some(barn) if !lukket(barn) => barn,
                Some(_) => return fejl(*p, format!("{navn} kan ikke bruges i et filter")),
                None => return fejl(*p, ukendt(sted, navn)),
            };
            rest = efter;
        }
        Ok(Vej { sted, bundet })
    }

    fn sammenlign(&mut self, vej: Vej, sti: usize) -> Result<Udtryk, FilterFejl> {
        let (ord, position) = self.tag();
        if ord == Ord::Findes {
            return Ok(Udtryk::Proev(vej, Proeve::Findes));
        }
        let Some(form) = form(vej.sted) else {
            let boern = boern(vej.sted).join(" eller ");
            return fejl(
                sti,
                format!("stien er ikke ført til ende; gå videre med {boern}, eller brug EXISTS"),
            );
        };
        let (ord, ikke, position) = match ord {
            Ord::Ikke => {
                let (ord, p) = self.tag();
                if !matches!(ord, Ord::I | Ord::Som) {
                    return fejl(p, "efter NOT skal her stå IN eller LIKE");
                }
                (ord, true, p)
            }
            ord => (ord, false, position),
        };
        let proeve = match ord {
            Ord::Tegn("=") => lighed(form, vec![self.vaerdi()?], false)?,
            Ord::Tegn("!=") => lighed(form, vec![self.vaerdi()?], true)?,
            Ord::Tegn(tegn @ ("<" | "<=" | ">" | ">=")) => self.tid(form, tegn, position)?,
            Ord::I if self.er(&Ord::Vaerdiliste) => {
                let (liste, p) = self.vaerdi()?;
                match Uuid::try_parse(&liste).ok().filter(|_| er_uuid(&liste)) {
                    Some(liste) => Proeve::Liste { liste, ikke },
                    None => return fejl(p, "en værdiliste angives ved sin UUID"),
                }
            }
            Ord::I => {
                self.kraev("(", "efter IN skal stå en liste i parentes eller VAERDILISTE")?;
                let mut alle = vec![self.vaerdi()?];
                while self.er(&Ord::Tegn(",")) {
                    alle.push(self.vaerdi()?);
                }
                self.kraev(")", "her mangler et komma eller en slutparentes")?;
                lighed(form, alle, ikke)?
            }
            Ord::Som => {
                let (moenster, p) = self.vaerdi()?;
                if matches!(form, Form::Tid | Form::Boolsk | Form::Heltal) {
                    return fejl(p, "LIKE kan kun bruges på tekst");
                }
                Proeve::Som { moenster: moenster_af(form, &moenster), ikke }
            }
            _ => return fejl(position, "her mangler =, !=, <, <=, >, >=, IN, LIKE eller EXISTS"),
        };
        Ok(Udtryk::Proev(vej, proeve))
    }

    fn vaerdi(&mut self) -> Result<(String, usize), FilterFejl> {
        match self.tag() {
            (Ord::Tekst(tekst), p) => Ok((tekst, p)),
            (_, p) => fejl(p, "her skal stå en værdi mellem enkelte anførselstegn: '…'"),
        }
    }

    fn tid(&mut self, form: Form, tegn: &str, position: usize) -> Result<Proeve, FilterFejl> {
        if form != Form::Tid {
            return fejl(position, "mindre og større kan kun bruges på TidsstempelDatoTid");
        }
        let (tekst, p) = self.vaerdi()?;
        let til = moment(&tekst, p)?;
        let tegn = match tegn {
            "<" => Tegn::Foer,
            "<=" => Tegn::FoerEllerLig,
            ">" => Tegn::Efter,
            _ => Tegn::EfterEllerLig,
        };
        Ok(Proeve::Tid { tegn, til })
    }
}

fn moment(tekst: &str, position: usize) -> Result<i128, FilterFejl> {
    match nanosekunder(tekst.trim()) {
        Some(til) => Ok(til),
        None => fejl(position, "skriv et tidspunkt som '2025-03-03T09:15:00+01:00'"),
    }
}

/// Equality with one of the values. Times are compared as moments.
fn lighed(form: Form, vaerdier: Vec<(String, usize)>, ikke: bool) -> Result<Proeve, FilterFejl> {
    if form == Form::Tid {
        let tider = vaerdier.iter().map(|(t, p)| moment(t, *p)).collect::<Result<BTreeSet<_>, _>>()?;
        return Ok(if ikke { Proeve::IngenTid(tider) } else { Proeve::EnTid(tider) });
    }
    let mut alle = BTreeSet::new();
    for (vaerdi, p) in vaerdier {
        if form == Form::Uuid && !er_uuid(vaerdi.trim()) {
            return fejl(p, "et UUIDIdentifikator sammenlignes med en UUID");
        }
        if form == Form::Boolsk && !matches!(vaerdi.as_str(), "true" | "false") {
            return fejl(p, "GraenseIndikator er 'true' eller 'false'");
        }
        alle.insert(match form {
            Form::Uuid | Form::Urn => normaliser(&vaerdi).into(),
            _ => vaerdi.into(),
        });
    }
    Ok(if ikke { Proeve::Ingen(alle) } else { Proeve::En(alle) })
}

/// A pattern in the case the values have.
fn moenster_af(form: Form, moenster: &str) -> Box<str> {
    match form {
        Form::Uuid => moenster.to_lowercase().into(),
        Form::Urn => {
            // `urn:` and the namespace, also when the pattern has wildcards there.
            let slut = moenster.match_indices(':').nth(1).map_or(moenster.len(), |(i, _)| i);
            let er_urn = moenster.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("urn:"));
            let hoved = &moenster[..slut];
            if er_urn && !hoved.contains('%') {
                (hoved.to_ascii_lowercase() + &moenster[slut..]).into()
            } else {
                moenster.into()
            }
        }
        _ => moenster.into(),
    }
}

/// Whether no filter may go there.
fn lukket(sted: Sted) -> bool {
    let element = &skema().knude(sted).element;
    match element.indhold {
        Indhold::Tekst(form) => form == Form::Hemmelig,
        Indhold::Signatur | Indhold::Data => true,
        Indhold::Udvidelse(_) => element.navn != "LeveranceruteLokalUdvidelse",
        Indhold::Felter(_) | Indhold::Valg(_) => false,
    }
}

fn boern(sted: Sted) -> Vec<&'static str> {
    let boern = skema().knude(sted).boern.clone().filter(|b| !lukket(*b));
    boern.map(|b| skema().knude(b).element.navn).collect()
}

fn udenfor(navn: &str) -> String {
    match navn {
        "Beskeddata" => "et filter kan ikke se Beskeddata; brug felterne i Beskedkuvert".into(),
        "Haendelsesbesked" | "BeskedId" | "BeskedVersion" => {
            "et filter ser kun Beskedkuvert; begynd stien med Beskedkuvert".into()
        }
        _ => "stien skal begynde med Beskedkuvert".into(),
    }
}

fn ukendt(sted: Sted, navn: &str) -> String {
    let forael = skema().knude(sted).element.navn;
    let boern = boern(sted);
    if let Some(ment) = boern.iter().find(|b| b.eq_ignore_ascii_case(navn)) {
        return format!("{forael} har ikke {navn}; mener du {ment}?");
    }
    if boern.is_empty() {
        return format!("der er intet under {forael}; slut stien der");
    }
    format!("{forael} har ikke {navn}; vælg en af {}", boern.join(", "))
}
