//! A body that is all here.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// As much as a connection copies at a time of what it sends.
const PIECE: usize = 64 * 1024;

/// Goes out in pieces: the connection copies each, and the content stays shared with the object that it is of.
pub(crate) struct Whole {
    rest: Bytes,
}

impl Whole {
    pub(crate) fn new(content: Bytes) -> Whole {
        Whole { rest: content }
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.rest.len().min(PIECE);
        let piece = (length > 0).then(|| self.rest.split_to(length));
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
