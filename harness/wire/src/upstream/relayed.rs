//! An answer on its way through, whose sender may not stop sending.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use super::PATIENCE;

/// A body that fails once nothing has come for too long.
pub(crate) struct Relayed {
    body: Incoming,
    /// There once the body was waited for.
    deadline: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
}

impl Relayed {
    pub(crate) fn new(body: Incoming) -> Relayed {
        Relayed { body, deadline: None, is_waiting: false }
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
            self.is_waiting = false;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let restart = !std::mem::replace(&mut self.is_waiting, true);
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(PATIENCE)));
        if restart {
            deadline.as_mut().reset(Instant::now() + PATIENCE);
        }
        deadline.as_mut().poll(context).map(|()| Some(Err("the backend stopped in the middle of its answer".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
