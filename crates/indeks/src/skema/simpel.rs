//! The simple types: what a text may be.

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Tekst,
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// Eight digits.
    Cvr,
    /// `gd:BeloebType`: kroner with a decimal point.
    Beloeb,
    /// `xs:dateTime`.
    DatoTid,
    /// `xs:date`.
    Dato,
    /// `xs:boolean`.
    Boolsk,
    /// `xs:boolean` that can only be true.
    Sand,
    /// `xs:integer`.
    Heltal,
    /// `xs:base64Binary`.
    Base64,
    /// One of these.
    Kode(&'static [&'static str]),
}

/// A simple type: form and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simpel {
    /// The form.
    pub form: Form,
    /// Fewest characters; 0 is no bound.
    pub min: usize,
    /// Most characters, where the schema has a bound.
    pub max: Option<usize>,
}

/// Most characters of a text that the schema sets no bound to. Ours.
pub const TEGN_MAX: usize = 10_000;

impl Simpel {
    pub(crate) const fn af(form: Form) -> Self {
        Self { form, min: 0, max: None }
    }

    /// The type as the official schemas write it, facets in their order.
    #[must_use]
    pub fn xsd(&self) -> String {
        let mut ud = match self.form {
            Form::Tekst | Form::Kode(_) => "string".to_owned(),
            Form::Uuid => {
                let led = |n: u8| format!("[a-fA-F0-9]{{{n}}}");
                format!("string pattern={}", [8, 4, 4, 4, 12].map(led).join("-"))
            }
            Form::Cvr => "string pattern=[0-9]{8}".to_owned(),
            Form::Beloeb => r"string pattern=-?[0-9]+(\.[0-9]+)?".to_owned(),
            Form::DatoTid => "dateTime".to_owned(),
            Form::Dato => "date".to_owned(),
            Form::Boolsk => "boolean".to_owned(),
            Form::Sand => "boolean fixed=true".to_owned(),
            Form::Heltal => "integer".to_owned(),
            Form::Base64 => "base64Binary".to_owned(),
        };
        if let Form::Kode(koder) = self.form {
            koder.iter().for_each(|kode| ud.extend([" enumeration=", kode]));
        }
        if self.min > 0 {
            ud.push_str(&format!(" minLength={}", self.min));
        }
        if let Some(max) = self.max {
            ud.push_str(&format!(" maxLength={max}"));
        }
        ud
    }

    /// The value a text means, or what is wrong with it in Danish. Blanks around values that are not texts are layout.
    ///
    /// # Errors
    /// What it must be. Never the text itself, which may be a person's.
    pub fn laes(&self, raa: &str) -> Result<Box<str>, String> {
        let trimmet = raa.trim_matches(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
        let hvis =
            |ok: bool, tekst: &str, fejl: &str| if ok { Ok(tekst.into()) } else { Err(fejl.to_owned()) };
        match self.form {
            Form::Tekst => self.laengde(raa).map(|()| raa.into()),
            Form::Kode(koder) => hvis(koder.contains(&raa), raa, "er ikke en af skemaets værdier"),
            Form::Uuid if er_uuid(raa) => Ok(raa.to_ascii_lowercase().into()),
            Form::Uuid => Err("er ikke et UUID på formen 8-4-4-4-12".to_owned()),
            Form::Cvr => hvis(raa.len() == 8 && cifre(raa), raa, "skal være otte cifre"),
            Form::Beloeb => hvis(
                raa.len() <= 40 && crate::form::beloeb(raa).is_some(),
                raa,
                "er ikke et beløb som 1234.50",
            ),
            Form::DatoTid => hvis(
                crate::form::tid(trimmet).is_some(),
                trimmet,
                "er ikke et tidspunkt som 2025-02-01T08:00:00.000+01:00",
            ),
            Form::Dato => {
                hvis(crate::form::dato(trimmet).is_some(), trimmet, "er ikke en dato som 2025-02-01")
            }
            Form::Boolsk => match trimmet {
                "true" | "1" => Ok("true".into()),
                "false" | "0" => Ok("false".into()),
                _ => Err("skal være true eller false".to_owned()),
            },
            Form::Sand => hvis(matches!(trimmet, "true" | "1"), "true", "skal være true"),
            Form::Heltal => {
                let tal = trimmet.strip_prefix(['-', '+']).unwrap_or(trimmet);
                let ok = !tal.is_empty() && cifre(tal) && trimmet.parse::<i64>().is_ok();
                hvis(ok, trimmet.strip_prefix('+').unwrap_or(trimmet), "er ikke et heltal")
            }
            Form::Base64 => {
                let tegn: String = raa.chars().filter(|c| !c.is_ascii_whitespace()).collect();
                hvis(crate::form::base64_bytes(&tegn).is_some(), &tegn, "er ikke base64")
            }
        }
    }

    fn laengde(&self, tekst: &str) -> Result<(), String> {
        let max = self.max.unwrap_or(TEGN_MAX);
        if tekst.len() > max && tekst.chars().count() > max {
            return Err(format!("er længere end {max} tegn"));
        }
        if self.min > 0 && tekst.chars().count() < self.min {
            return Err("må ikke være tom".to_owned());
        }
        Ok(())
    }
}

fn cifre(tekst: &str) -> bool {
    tekst.bytes().all(|b| b.is_ascii_digit())
}

fn er_uuid(tekst: &str) -> bool {
    tekst.len() == 36
        && tekst.bytes().enumerate().all(|(sted, b)| match sted {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::{Form, Simpel};

    #[test]
    fn texts_of_every_form() {
        for (form, ja, nej) in [
            (Form::Uuid, "1A000000-0000-4000-8000-00000000000f", "1a00000000004000800000000000000f"),
            (Form::Cvr, "11111111", "1111111"),
            (Form::Beloeb, "-12.50", "12,50"),
            (Form::Beloeb, "0", "1."),
            (Form::DatoTid, " 2024-02-29T24:00:00Z ", "2025-02-29T00:00:00Z"),
            (Form::DatoTid, "2025-02-01T08:00:00", "2025-02-01"),
            (Form::Dato, "2025-02-01", "2025-02-30"),
            (Form::Boolsk, " 1 ", "ja"),
            (Form::Sand, "true", "false"),
            (Form::Heltal, "-7", "7.0"),
            (Form::Heltal, "+7", "+"),
            (Form::Base64, "QUJD\n RA==", "QUJ"),
            (Form::Kode(&["A", "B"]), "B", "b"),
        ] {
            assert!(Simpel::af(form).laes(ja).is_ok(), "{form:?} {ja}");
            assert!(Simpel::af(form).laes(nej).is_err(), "{form:?} {nej}");
        }
    }

    #[test]
    fn length_is_in_characters() {
        let to = Simpel { form: Form::Tekst, min: 1, max: Some(2) };
        assert!(to.laes("æø").is_ok() && to.laes("æøå").is_err() && to.laes("").is_err());
        let uden = Simpel::af(Form::Tekst);
        assert!(uden.laes(&"æ".repeat(10_000)).is_ok() && uden.laes(&"a".repeat(10_001)).is_err());
    }
}
