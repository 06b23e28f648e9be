//! A request's body on its way through: checked against all that the request says of it, and never whole in memory.

use std::collections::VecDeque;
use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use account::Fault;
use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use crate::body::{Complete, Reader};
use crate::checksum::Algorithm;
use crate::reader;
use crate::seats::Seat;

/// The body for the backend. The last of it goes out only once everything was found to be right, so the backend never
/// has the whole of a body that is not.
pub(crate) struct Upload {
    body: Incoming,
    /// `None` once the body is complete.
    reader: Option<Reader>,
    pieces: VecDeque<Bytes>,
    framing: Option<Framing>,
    length: u64,
    progress: Arc<Progress>,
    seat: Option<Arc<Seat>>,
}

/// `aws-chunked` again, for a checksum that comes behind the body.
/// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
pub(crate) struct Framing {
    algorithm: Algorithm,
    /// Payload of the chunk under way.
    chunk: BytesMut,
}

/// How a body is getting on, for the one who waits for the answer.
#[derive(Default)]
pub(crate) struct Progress(Mutex<State>);

struct State {
    last: Instant,
    /// The client has not sent more yet.
    waits_for_client: bool,
    fault: Option<Fault>,
}

/// Chunks have at least 8 KiB, but for the last.
const CHUNK: usize = 64 * 1024;

impl Upload {
    /// `length`: of the payload; `seat`: of the client's connection.
    pub(crate) fn new(
        body: Incoming,
        reader: Reader,
        length: u64,
        framing: Option<Framing>,
        seat: Option<Arc<Seat>>,
    ) -> Upload {
        let progress = Arc::default();
        Upload { body, reader: Some(reader), pieces: VecDeque::new(), framing, length, progress, seat }
    }

    pub(crate) fn progress(&self) -> Arc<Progress> {
        self.progress.clone()
    }

    /// The checksum that goes out behind the body.
    pub(crate) fn trailer(&self) -> Option<Algorithm> {
        self.framing.as_ref().map(|framing| framing.algorithm)
    }

    /// How many bytes of payload there are.
    pub(crate) fn payload(&self) -> u64 {
        self.length
    }

    /// How many bytes go out.
    pub(crate) fn length(&self) -> u64 {
        self.framing.as_ref().map_or(self.length, |framing| framing.length(self.length))
    }

    /// Takes what came; the end is `None`.
    fn take(&mut self, data: Option<Bytes>) -> Result<(), Fault> {
        let mut pieces = Vec::new();
        match (data, &mut self.reader) {
            (Some(data), Some(reader)) => reader.push(data, &mut pieces).map_err(|error| error.answer())?,
            (None, reader) => {
                self.seat.iter().for_each(|seat| seat.serves());
                let complete = reader.take().map(Reader::finish).transpose().map_err(|error| error.answer())?;
                if let (Some(framing), Some(complete)) = (&mut self.framing, complete) {
                    framing.end(&complete, &mut self.pieces);
                }
            }
            (Some(_), None) => {}
        }
        match &mut self.framing {
            Some(framing) => pieces.iter().for_each(|piece| framing.push(piece, &mut self.pieces)),
            None => self.pieces.extend(pieces.into_iter().filter(|piece| !piece.is_empty())),
        }
        Ok(())
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        loop {
            if this.pieces.len() > 1 || this.reader.is_none() {
                this.progress.moved();
                return Poll::Ready(this.pieces.pop_front().map(|piece| Ok(Frame::data(piece))));
            }
            let came = match Pin::new(&mut this.body).poll_frame(context) {
                Poll::Pending => {
                    this.progress.waits_for_client();
                    return Poll::Pending;
                }
                Poll::Ready(None) => this.take(None),
                Poll::Ready(Some(Err(_))) => Err(reader::incomplete()),
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => this.take(Some(data)),
                    Err(_) => continue,
                },
            };
            if let Err(fault) = came {
                let text = fault.to_string();
                this.progress.fail(fault);
                return Poll::Ready(Some(Err(text.into())));
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

impl Framing {
    pub(crate) fn new(algorithm: Algorithm) -> Framing {
        Framing { algorithm, chunk: BytesMut::with_capacity(CHUNK) }
    }

    fn push(&mut self, mut piece: &[u8], out: &mut VecDeque<Bytes>) {
        while !piece.is_empty() {
            let (here, rest) = piece.split_at(piece.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend_from_slice(here);
            piece = rest;
            if self.chunk.len() == CHUNK {
                self.flush(out);
            }
        }
    }

    fn flush(&mut self, out: &mut VecDeque<Bytes>) {
        if self.chunk.is_empty() {
            return;
        }
        let payload = std::mem::replace(&mut self.chunk, BytesMut::with_capacity(CHUNK)).freeze();
        out.push_back(format!("{:x}\r\n", payload.len()).into());
        out.push_back(payload);
        out.push_back(Bytes::from_static(b"\r\n"));
    }

    fn end(&mut self, complete: &Complete, out: &mut VecDeque<Bytes>) {
        self.flush(out);
        let sum = complete.checksum.as_ref().map(|(_, sum)| sum.as_str()).unwrap_or_default();
        out.push_back(format!("0\r\n{}:{sum}\r\n\r\n", self.algorithm.header()).into());
    }

    /// How many bytes a payload comes to.
    fn length(&self, payload: u64) -> u64 {
        let framed = |length: u64| format!("{length:x}").len() as u64 + 4 + length;
        let (whole, rest) = (payload / CHUNK as u64, payload % CHUNK as u64);
        let base64 = self.algorithm.length().div_ceil(3) * 4;
        let end = "0\r\n".len() + self.algorithm.header().len() + ":".len() + base64 + "\r\n\r\n".len();
        whole * framed(CHUNK as u64) + if rest > 0 { framed(rest) } else { 0 } + end as u64
    }
}

impl Progress {
    pub(crate) fn last(&self) -> Instant {
        self.state().last
    }

    /// What was wrong with the body.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.state().fault.clone()
    }

    /// Whose fault it is that nothing moves: the client's, if it has not sent what it announced.
    pub(crate) fn fault_of_waiting(&self) -> Option<Fault> {
        self.state().waits_for_client.then(reader::slow)
    }

    fn moved(&self) {
        let mut state = self.state();
        (state.last, state.waits_for_client) = (Instant::now(), false);
    }

    fn waits_for_client(&self) {
        self.state().waits_for_client = true;
    }

    fn fail(&self, fault: Fault) {
        self.state().fault = Some(fault);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for State {
    fn default() -> Self {
        Self { last: Instant::now(), waits_for_client: false, fault: None }
    }
}
