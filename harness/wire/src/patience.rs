//! A stream whose reader may not stop reading for good.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use crate::seats::Seat;

/// How long something has been waited for without any progress.
#[derive(Default)]
pub(crate) struct Wait {
    /// There once something was waited for; kept for the next time.
    deadline: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
}

impl Wait {
    /// There was progress.
    pub(crate) fn end(&mut self) {
        self.is_waiting = false;
    }

    /// There was none; ready once there has been none for too long.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>, patience: Duration) -> Poll<()> {
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        if !self.is_waiting {
            deadline.as_mut().reset(Instant::now() + patience);
            self.is_waiting = true;
        }
        deadline.as_mut().poll(context)
    }
}

/// A connection that fails once a write has made no progress for too long, and that tells of all progress.
pub(crate) struct Patient<S> {
    stream: S,
    patience: Duration,
    write: Wait,
    seat: Arc<Seat>,
}

impl<S> Patient<S> {
    pub(crate) fn new(stream: S, patience: Duration, seat: Arc<Seat>) -> Patient<S> {
        Patient { stream, patience, write: Wait::default(), seat }
    }

    fn wrote(&mut self, context: &mut Context<'_>, progress: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = &progress {
            self.write.end();
            self.seat.moved(written.as_ref().copied().unwrap_or_default(), Instant::now());
            return progress;
        }
        ready!(self.write.poll(context, self.patience));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.seat.moved(buffer.filled().len() - before, Instant::now());
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(context, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(context, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    fn seat() -> Arc<Seat> {
        Arc::new(Seat::new(Instant::now()))
    }

    #[tokio::test]
    async fn a_reader_who_stops_reading_is_given_up() {
        let (writer, mut reader) = tokio::io::duplex(8);
        let mut patient = Patient::new(writer, Duration::ZERO, seat());
        patient.write_all(b"12345678").await.unwrap();
        let error = patient.write_all(b"9").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        // What the reader takes late makes room again.
        let mut taken = [0; 8];
        reader.read_exact(&mut taken).await.unwrap();
        patient.write_all(b"9").await.unwrap();
    }

    #[tokio::test]
    async fn a_slow_reader_gets_everything() {
        let (writer, mut reader) = tokio::io::duplex(8);
        let mut patient = Patient::new(writer, Duration::from_secs(600), seat());
        let writing = tokio::spawn(async move { patient.write_all(&[7; 1000]).await });
        let mut taken = Vec::new();
        reader.read_to_end(&mut taken).await.unwrap();
        assert!(writing.await.unwrap().is_ok());
        assert_eq!(taken, [7; 1000]);
    }
}
