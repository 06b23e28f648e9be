//! A stream whose reader may not stop reading for good.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker, ready};
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

/// A connection that fails once a write has made no progress for too long, and that tells its seat whom it waits for.
pub(crate) struct Patient<S> {
    stream: S,
    patience: Duration,
    write: Wait,
    seat: Arc<Seat>,
    wakes: Option<Arc<Wakes>>,
}

/// Wakes the task of a connection, which may be long in coming, and tells its seat at once.
struct Wakes {
    task: Waker,
    seat: Arc<Seat>,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.seat.stirs(Instant::now());
        self.task.wake_by_ref();
    }
}

impl<S> Patient<S> {
    pub(crate) fn new(stream: S, patience: Duration, seat: Arc<Seat>) -> Patient<S> {
        Patient { stream, patience, write: Wait::default(), seat, wakes: None }
    }

    /// What the stream wakes.
    fn waker(&mut self, context: &Context<'_>) -> Waker {
        let task = context.waker();
        let wakes = self.wakes.take().filter(|wakes| wakes.task.will_wake(task));
        let wakes = wakes.unwrap_or_else(|| Arc::new(Wakes { task: task.clone(), seat: self.seat.clone() }));
        self.wakes.insert(wakes).clone().into()
    }

    fn wrote(&mut self, context: &mut Context<'_>, progress: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = &progress {
            self.write.end();
            self.seat.moved(written.as_ref().copied().unwrap_or_default(), Instant::now());
            return progress;
        }
        self.seat.awaits_reader(Instant::now());
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
        let (before, waker) = (buffer.filled().len(), self.waker(context));
        let read = Pin::new(&mut self.stream).poll_read(&mut Context::from_waker(&waker), buffer);
        match read {
            Poll::Ready(_) => self.seat.moved(buffer.filled().len() - before, Instant::now()),
            Poll::Pending => self.seat.awaits_bytes(Instant::now()),
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let waker = self.waker(context);
        let progress = Pin::new(&mut self.stream).poll_write(&mut Context::from_waker(&waker), bytes);
        self.wrote(context, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let waker = self.waker(context);
        let progress = Pin::new(&mut self.stream).poll_write_vectored(&mut Context::from_waker(&waker), slices);
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
        Arc::default()
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
    /// The task of the connection is not polled again, as on a machine with too much to do.
    #[tokio::test]
    async fn a_client_is_waited_for_until_something_comes() {
        let (stream, mut client) = tokio::io::duplex(8);
        let seat = seat();
        let mut patient = Patient::new(stream, Duration::from_secs(600), seat.clone());
        let is_waited_for = || seat.waited(Instant::now()).is_some();
        assert!(!is_waited_for());
        let mut context = Context::from_waker(Waker::noop());
        let mut byte = [0];
        let mut room = ReadBuf::new(&mut byte);
        assert!(Pin::new(&mut patient).poll_read(&mut context, &mut room).is_pending());
        assert!(is_waited_for());
        client.write_all(b"G").await.unwrap();
        assert!(!is_waited_for());
        assert!(Pin::new(&mut patient).poll_read(&mut context, &mut room).is_ready());
        assert!(!is_waited_for());

        assert!(Pin::new(&mut patient).poll_write(&mut context, b"12345678").is_ready());
        assert!(!is_waited_for());
        assert!(Pin::new(&mut patient).poll_write(&mut context, b"9").is_pending());
        assert!(is_waited_for());
        client.read_exact(&mut byte).await.unwrap();
        assert!(!is_waited_for());
    }
}
