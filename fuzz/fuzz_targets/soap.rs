//! Whatever arrives as a SOAP message is decoded or refused; nothing panics, nothing hangs.
#![no_main]

use bitemporal::Instant;
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 4] =
    ["/organisation/organisationenhed/6", "/klasse/7", "/organisation/organisationsystem/6", "/service/Klassifikation/Klasse/5"];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, message)) = bytes.split_first() else { return };
    let path = PATHS[usize::from(*first) % PATHS.len()];
    let _ = soap::parse_request(path, message, Instant::from_micros(1_714_557_600_000_000));
});
