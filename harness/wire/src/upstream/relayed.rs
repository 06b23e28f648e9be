//! An answer on its way through, whose sender may not stop sending.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::PATIENCE;
use crate::patience::Wait;
use crate::seats::Seat;

/// A body that fails once nothing has come for too long.
pub(crate) struct Relayed {
    body: Incoming,
    wait: Wait,
    seat: Option<Arc<Seat>>,
}

impl Relayed {
    pub(crate) fn new(body: Incoming) -> Relayed {
        Relayed { body, wait: Wait::default(), seat: None }
    }

    /// It is the answer to the client of this seat, which is served until all of it has come.
    pub(crate) fn serves(&mut self, seat: Arc<Seat>) {
        self.seat = Some(seat);
    }
}

impl Drop for Relayed {
    fn drop(&mut self) {
        self.seat.iter().for_each(|seat| seat.has_served());
    }
}

impl Body for Relayed {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.wait.end();
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        self.wait.poll(context, PATIENCE).map(|()| Some(Err("the backend stopped in the middle of its answer".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
