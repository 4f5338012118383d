//! The last words of a connection.

use crate::ud::Ud;
use bytes::{Buf, BytesMut};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// `connection.close-ok`.
const LUK_OK: [u8; 12] = [1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 51, 0xCE];

/// Writes what is left and hangs up.
pub(crate) async fn skyl(stream: &mut (impl AsyncWrite + Unpin), ud: &mut Ud, hoejst: Duration) {
    let _ = tokio::time::timeout(hoejst, async {
        stream.write_all_buf(ud).await?;
        stream.shutdown().await
    })
    .await;
}

/// Writes what is left, of which our close is the last, and throws away what comes until it is answered. Reading goes
/// on meanwhile: a client that only writes would otherwise never see it.
pub(crate) async fn farvel(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    ud: &mut Ud,
    hoejst: Duration,
) {
    let (mut laes, mut skriv) = tokio::io::split(stream);
    let skriver = async {
        skriv.write_all_buf(ud).await?;
        skriv.flush().await
    };
    let laeser = async {
        let mut ind = BytesMut::with_capacity(4096);
        while matches!(laes.read_buf(&mut ind).await, Ok(1..)) {
            if ind.windows(LUK_OK.len()).any(|v| v == LUK_OK) {
                break;
            }
            ind.advance(ind.len().saturating_sub(LUK_OK.len() - 1));
            ind.reserve(4096);
        }
    };
    let _ = tokio::time::timeout(hoejst, async { tokio::join!(skriver, laeser) }).await;
    let _ = tokio::time::timeout(Duration::from_secs(1), skriv.shutdown()).await;
}
