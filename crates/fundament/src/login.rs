//! The key of login, `DIR/pki/login.key`, and what we share with identity providers.
//!
//! A line of the key file is a key in hexadecimal: the first is in force, the others read what they sealed. Servers that share
//! a database share the file. Without it TOTP must be enrolled anew; passwords and passkeys are not touched.

use crate::pki::secret;
use anyhow::{Context, Result, bail, ensure};
use login::{Hemmelig, Loginconfig, Loginnoegle};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The text of a file that only its owner may read.
fn hemmelig(fil: &Path) -> Result<String> {
    let metadata = fs::metadata(fil).with_context(|| format!("{} kan ikke læses", fil.display()))?;
    let andre = metadata.permissions().mode() & 0o077;
    ensure!(andre == 0, "{} kan læses af andre; kør chmod 600 {0}", fil.display());
    fs::read_to_string(fil).with_context(|| format!("{} kan ikke læses", fil.display()))
}

/// A key out of its line.
fn noegle(linje: &str) -> Option<[u8; 32]> {
    let linje = linje.trim();
    if linje.len() != 64 || !linje.is_ascii() {
        return None;
    }
    let mut ud = [0; 32];
    for (nr, byte) in ud.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&linje[2 * nr..2 * nr + 2], 16).ok()?;
    }
    Some(ud)
}

/// The key of an installation, made when it is not there.
pub fn loginnoegle(data: &Path) -> Result<Loginnoegle> {
    let mappe = data.join("pki");
    let fil = mappe.join("login.key");
    if !fil.exists() {
        let mut ny = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut ny).context("der kunne ikke laves tilfældige tal")?;
        let hex: String = ny.iter().map(|b| format!("{b:02x}")).collect();
        fs::create_dir_all(&mappe)?;
        // Whole or not at all.
        let halv = mappe.join("login.key.ny");
        secret(&halv, format!("{hex}\n").as_bytes())?;
        fs::rename(&halv, &fil).with_context(|| format!("{} kan ikke skrives", fil.display()))?;
    }
    let text = hemmelig(&fil)?;
    let noegler: Option<Vec<_>> = text.lines().filter(|l| !l.trim().is_empty()).map(noegle).collect();
    match noegler.as_deref() {
        Some([aktuel, tidligere @ ..]) => Ok(Loginnoegle::ny(aktuel, tidligere)),
        _ => bail!("{} skal have en nøgle på 64 hexadecimale cifre på hver linje", fil.display()),
    }
}

/// Reads the secrets that identity providers know us by; their files are named from the data folder.
pub fn hemmeligheder(config: &mut Loginconfig, data: &Path) -> Result<()> {
    for udbyder in &mut config.udbydere {
        let Some(fil) = &udbyder.hemmelighed_fil else { continue };
        let text = hemmelig(&data.join(fil))?;
        let linje = text.lines().next().unwrap_or_default();
        ensure!(!linje.is_empty(), "{} er tom", data.join(fil).display());
        udbyder.hemmelighed = Some(Hemmelig(linje.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{hemmeligheder, loginnoegle, noegle};
    use login::{Hemmelig, Loginconfig};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    fn mappe(navn: &str) -> PathBuf {
        let mappe = std::env::temp_dir().join(format!("fundament-login-{navn}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&mappe);
        fs::create_dir_all(&mappe).unwrap();
        mappe
    }

    #[test]
    fn the_key_is_made_once_and_is_its_owners() {
        let data = mappe("noegle");
        loginnoegle(&data).unwrap();
        let fil = data.join("pki/login.key");
        let text = fs::read_to_string(&fil).unwrap();
        assert!(noegle(&text).is_some(), "a line of 64 digits");
        assert_eq!(fs::metadata(&fil).unwrap().permissions().mode() & 0o777, 0o600);
        loginnoegle(&data).unwrap();
        assert_eq!(fs::read_to_string(&fil).unwrap(), text, "kept");
        fs::write(&fil, format!("{}\n{text}", "0a".repeat(32))).unwrap();
        assert_eq!(format!("{:?}", loginnoegle(&data).unwrap()), "Loginnoegle(***, 2)");
        fs::set_permissions(&fil, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(loginnoegle(&data).unwrap_err().to_string().contains("chmod 600"));
        fs::set_permissions(&fil, fs::Permissions::from_mode(0o600)).unwrap();
        for daarlig in ["", "xyz\n", &"å".repeat(32), &"g".repeat(64), &format!("{text}kort\n")] {
            fs::write(&fil, daarlig).unwrap();
            assert!(loginnoegle(&data).is_err(), "{daarlig}");
        }
        fs::remove_dir_all(data).unwrap();
    }

    #[test]
    fn secrets_come_from_files_and_are_not_printed() {
        let data = mappe("hemmelighed");
        let toml = "[[udbydere]]\nid = \"k\"\nnavn = \"Korsbæk\"\ncvr = \"11223344\"\n\
            udsteder = \"https://login.korsbaek.example\"\nklient_id = \"f\"\nhemmelighed_fil = \"k.txt\"\n";
        let mut config: Loginconfig = toml::from_str(toml).unwrap();
        assert!(hemmeligheder(&mut config, &data).is_err(), "there is none");
        fs::write(data.join("k.txt"), "tys tys\n").unwrap();
        fs::set_permissions(data.join("k.txt"), fs::Permissions::from_mode(0o600)).unwrap();
        hemmeligheder(&mut config, &data).unwrap();
        assert_eq!(config.udbydere[0].hemmelighed, Some(Hemmelig("tys tys".into())));
        assert!(!format!("{config:?}").contains("tys"));
        assert!(toml::from_str::<Loginconfig>(&format!("{toml}hemmelighed = \"x\"\n")).is_err());
        fs::remove_dir_all(data).unwrap();
    }
}
