//! Reading a request's body, within bounds of size and time.

use std::time::Duration;

use account::Fault;
use bytes::{Bytes, BytesMut};
use http::request::Parts;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use crate::body::{Complete, Reader};
use crate::room::{Room, Share, TurnedOut};
use crate::seats;
use crate::signature::Verified;

/// The largest body of a call that is not S3's. IAM's largest documents are far below; a task definition has 64 KiB.
pub(crate) const MAX_CALL: u64 = 2 * 1024 * 1024;

/// The largest object or part. Everything is held in memory, so S3's own 5 GiB are out of reach; clients send larger
/// objects in parts anyway (boto3 and the AWS CLI from 8 MiB on).
pub(crate) const MAX_OBJECT: u64 = 64 * 1024 * 1024;

/// What S3 takes in one piece: "up to 5 GB", which is what an emulator may get.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
pub(crate) const MAX_PIECE: u64 = 5 * 1024 * 1024 * 1024;

/// Bodies up to this size are read at once; larger ones share [`ROOM`].
pub(crate) const SMALL: u64 = 64 * 1024;
/// Memory for the larger bodies that are under way at the same time.
static ROOM: Room = Room::new(4 * MAX_OBJECT);

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(120);

/// The memory that larger bodies hold while they arrive, in bytes, of all listeners in this program.
#[must_use]
pub fn memory_of_bodies() -> u64 {
    ROOM.used()
}

/// The whole body of a call that is not S3's.
pub(crate) async fn whole(parts: &Parts, body: Incoming) -> Result<Bytes, Fault> {
    let too_large = || Fault::new(413, "RequestEntityTooLarge", format!("A request has at most {MAX_CALL} bytes."));
    if body.size_hint().lower() > MAX_CALL {
        return Err(too_large());
    }
    let mut whole = BytesMut::new();
    let take = |data: Bytes| {
        if (whole.len() + data.len()) as u64 > MAX_CALL {
            return Err(too_large());
        }
        whole.extend_from_slice(&data);
        Ok(())
    };
    take_in(parts, body, take).await?;
    Ok(whole.freeze())
}

/// The payload of an S3 request, with its framing taken off and checked against all that the request says of it.
pub(crate) async fn payload(
    parts: &Parts,
    verified: Option<&Verified>,
    body: Incoming,
) -> Result<(Bytes, Complete), Fault> {
    let mut reader = Reader::new(parts, verified).map_err(|error| error.answer())?;
    if body.size_hint().lower() > MAX_OBJECT {
        return Err(too_large(body.size_hint().lower(), MAX_OBJECT));
    }
    let mut payload = BytesMut::new();
    let mut pieces = Vec::new();
    let take = |data| {
        reader.push(data, &mut pieces).map_err(|error| error.answer())?;
        for piece in pieces.drain(..) {
            let length = (payload.len() + piece.len()) as u64;
            if length > MAX_OBJECT {
                return Err(too_large(length, MAX_OBJECT));
            }
            payload.extend_from_slice(&piece);
        }
        Ok(())
    };
    take_in(parts, body, take).await?;
    let complete = reader.finish().map_err(|error| error.answer())?;
    Ok((payload.freeze(), complete))
}

/// Takes a body in piece by piece, within bounds of time, and with all others within bounds of memory. What it announces
/// costs nothing.
async fn take_in(
    parts: &Parts,
    mut body: Incoming,
    mut take: impl FnMut(Bytes) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let (mut come, mut share) = (0, None::<Share<'_>>);
    let reading = async {
        loop {
            let frame = match &share {
                None => body.frame().await,
                Some(share) => tokio::select! {
                    frame = body.frame() => frame,
                    () = share.turned_out() => return Err(slow()),
                },
            };
            let Some(frame) = frame else { return Ok(()) };
            let Ok(data) = frame.map_err(|_| incomplete())?.into_data() else { continue };
            come += data.len() as u64;
            if come > SMALL {
                let share = share.get_or_insert_with(|| ROOM.enter());
                share.take(data.len() as u64).await.map_err(|TurnedOut| slow())?;
            }
            take(data)?;
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.map_err(|_| slow())??;
    seats::is_whole(parts);
    Ok(())
}

/// Takes in the body of a request that is refused, so that the client gets to read why. A client that waits to be asked
/// for its body is not asked.
pub(crate) async fn discard(parts: &Parts, mut body: Incoming) {
    if parts.headers.contains_key(http::header::EXPECT) || body.size_hint().lower() > MAX_OBJECT {
        return;
    }
    let mut left = MAX_OBJECT;
    let drain = async {
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, Bytes::len) as u64;
            let Some(rest) = left.checked_sub(length) else { return };
            left = rest;
        }
    };
    // Too slow: the connection closes under the client, as it would have at once.
    let _too_slow = tokio::time::timeout(PATIENCE, drain).await;
}

/// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
pub(crate) fn slow() -> Fault {
    Fault::new(
        400,
        "RequestTimeout",
        "Your socket connection to the server was not read from or written to within the timeout period. Idle \
         connections will be closed.",
    )
}

pub(crate) fn too_large(length: u64, most: u64) -> Fault {
    Fault::new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        .with("ProposedSize", length.to_string())
        .with("MaxSizeAllowed", most.to_string())
}

pub(crate) fn incomplete() -> Fault {
    Fault::new(400, "IncompleteBody", "The request body terminated unexpectedly")
}
