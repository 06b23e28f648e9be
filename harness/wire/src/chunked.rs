//! The `aws-chunked` framing of a body, taken apart as it comes.
//! docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::body::BodyError;
use crate::hash::{Sum, sha256};
use crate::signature::Chain;

/// A size of at most 16 digits and a signature of 64 fit well; AWS names no limit.
const MAX_HEADER: usize = 256;
const MAX_TRAILERS: usize = 8 * 1024;
/// "You must use a chunk size of at least 8 KB", but for the last one.
const MIN_CHUNK: u64 = 8192;

/// Whether trailers follow the last chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trailers {
    None,
    Expected,
}

/// The decoder: bytes in, payload out, errors as soon as they show.
pub(crate) struct Decoder {
    chain: Option<Chain>,
    trailers: Trailers,
    state: State,
    /// The line under way.
    line: Vec<u8>,
    /// Bytes of payload still to come, as the request declared them.
    left: u64,
    chunks: u64,
    last_size: u64,
    hasher: Sha256,
    found: Vec<(String, String)>,
    trailer_bytes: usize,
}

enum State {
    /// Before a chunk's header line.
    Header,
    /// Within a chunk's payload.
    Data { left: u64, signature: String },
    /// Before the line end after a payload.
    DataEnd,
    /// After the empty last chunk.
    Trailer { signed: bool },
    /// After the empty line at the end.
    Done,
}

impl Decoder {
    /// `length`: `x-amz-decoded-content-length`; `chain`: of the request's signature, if the chunks are signed.
    pub(crate) fn new(length: u64, chain: Option<Chain>, trailers: Trailers) -> Decoder {
        Decoder {
            chain,
            trailers,
            state: State::Header,
            line: Vec::new(),
            left: length,
            chunks: 0,
            last_size: MIN_CHUNK,
            hasher: Sha256::new(),
            found: Vec::new(),
            trailer_bytes: 0,
        }
    }

    /// Takes the next bytes of the body and adds the payload among them to `out`.
    pub(crate) fn push(&mut self, mut input: Bytes, out: &mut Vec<Bytes>) -> Result<(), BodyError> {
        while !input.is_empty() {
            if let State::Data { left, .. } = &mut self.state {
                let here = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                let piece = input.split_to(here);
                *left -= here as u64;
                let ended = *left == 0;
                if self.chain.is_some() {
                    self.hasher.update(&piece);
                }
                out.push(piece);
                if ended {
                    self.end_of_data()?;
                }
                continue;
            }
            if matches!(self.state, State::Done) {
                return Err(BodyError::Incomplete);
            }
            if let Some(line) = self.take_line(&mut input)? {
                self.read_line(&line)?;
            }
        }
        Ok(())
    }

    /// The trailers, in order, once the body is complete.
    pub(crate) fn finish(self) -> Result<Vec<(String, String)>, BodyError> {
        match self.state {
            State::Done if self.left == 0 => Ok(self.found),
            _ => Err(BodyError::Incomplete),
        }
    }

    /// A whole line without its end, or `None` when more bytes are needed.
    fn take_line(&mut self, input: &mut Bytes) -> Result<Option<Vec<u8>>, BodyError> {
        let limit = match self.state {
            State::Trailer { .. } => MAX_TRAILERS,
            _ => MAX_HEADER,
        };
        let end = input.iter().position(|byte| *byte == b'\n');
        let piece = input.split_to(end.map_or(input.len(), |at| at + 1));
        if self.line.len() + piece.len() > limit {
            return Err(self.malformed());
        }
        self.line.extend_from_slice(&piece);
        if end.is_none() {
            return Ok(None);
        }
        let mut line = std::mem::take(&mut self.line);
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        } else if !matches!(self.state, State::Trailer { .. }) {
            return Err(self.malformed());
        }
        Ok(Some(line))
    }

    fn malformed(&self) -> BodyError {
        match self.state {
            State::Trailer { .. } => BodyError::MalformedTrailer,
            _ => BodyError::Incomplete,
        }
    }

    fn read_line(&mut self, line: &[u8]) -> Result<(), BodyError> {
        match &self.state {
            State::Header => self.start_chunk(line),
            State::DataEnd if line.is_empty() => {
                self.state = State::Header;
                Ok(())
            }
            State::Trailer { .. } => self.read_trailer(line),
            State::DataEnd | State::Data { .. } | State::Done => Err(BodyError::Incomplete),
        }
    }

    /// `SIZE` or `SIZE;chunk-signature=SIGNATURE`, the size in hexadecimal.
    fn start_chunk(&mut self, line: &[u8]) -> Result<(), BodyError> {
        let line = std::str::from_utf8(line).map_err(|_| BodyError::Incomplete)?;
        let (digits, extension) = line.split_once(';').unwrap_or((line, ""));
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(BodyError::Incomplete);
        }
        let size = u64::from_str_radix(digits, 16).map_err(|_| BodyError::Incomplete)?;
        let signature = extension.strip_prefix("chunk-signature=").unwrap_or_default().to_owned();
        self.chunks += 1;
        if size > 0 && self.last_size < MIN_CHUNK {
            // AWS counts the chunk at whose start it notices.
            return Err(BodyError::SmallChunk { chunk: self.chunks, size: self.last_size });
        }
        self.left = self.left.checked_sub(size).ok_or(BodyError::Incomplete)?;
        self.last_size = size;
        if size == 0 {
            self.check_chunk(sha256(b""), &signature)?;
            self.state = State::Trailer { signed: false };
        } else {
            self.state = State::Data { left: size, signature };
        }
        Ok(())
    }

    fn end_of_data(&mut self) -> Result<(), BodyError> {
        if let State::Data { signature, .. } = std::mem::replace(&mut self.state, State::DataEnd) {
            let sum = self.hasher.finalize_reset().into();
            self.check_chunk(sum, &signature)?;
        }
        Ok(())
    }

    fn check_chunk(&mut self, sum: Sum, signature: &str) -> Result<(), BodyError> {
        match &mut self.chain {
            Some(chain) => chain.chunk(&sum, signature).then_some(()).ok_or(BodyError::Signature),
            None => Ok(()),
        }
    }

    fn read_trailer(&mut self, line: &[u8]) -> Result<(), BodyError> {
        let State::Trailer { signed } = self.state else { return Err(BodyError::Incomplete) };
        let must_sign = self.chain.is_some() && self.trailers == Trailers::Expected;
        if line.is_empty() {
            // AWS's page shows an empty line between the trailers and their signature; SDKs send none.
            if signed || !must_sign {
                self.state = State::Done;
            }
            return Ok(());
        }
        self.trailer_bytes += line.len();
        let (name, value) = std::str::from_utf8(line)
            .ok()
            .and_then(|text| text.split_once(':'))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
            .ok_or(BodyError::MalformedTrailer)?;
        if signed || self.trailer_bytes > MAX_TRAILERS {
            return Err(BodyError::MalformedTrailer);
        }
        if must_sign && name == "x-amz-trailer-signature" {
            return self.check_trailers(&value);
        }
        self.found.push((name, value));
        Ok(())
    }

    fn check_trailers(&mut self, signature: &str) -> Result<(), BodyError> {
        let text: String = self.found.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        self.state = State::Trailer { signed: true };
        match &mut self.chain {
            Some(chain) => chain.trailer(&sha256(text.as_bytes()), signature).then_some(()).ok_or(BodyError::Signature),
            None => Ok(()),
        }
    }
}
