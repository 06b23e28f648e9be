//! The body of an S3 request as it comes: unframed, and checked against all that the request says of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::checksum::{Algorithm, Hasher};
use crate::chunked::{Decoder, Trailers};
use crate::hash::{Sum, hex};
use crate::signature::{Payload, SignatureError, Verified};

#[cfg(test)]
mod tests;

const DECODED_LENGTH: &str = "x-amz-decoded-content-length";

/// Takes a body piece by piece and gives its payload. The payload is not to be trusted before [`Reader::finish`].
pub struct Reader {
    chunks: Option<Decoder>,
    sum: Option<(Sha256, Sum)>,
    /// Content-MD5.
    md5: Option<(Hasher, Vec<u8>)>,
    checksum: Option<Checksum>,
    trailer_names: Vec<String>,
    /// `x-amz-decoded-content-length` of a body without framing; with framing it is the decoder's to hold.
    declared: Option<u64>,
    length: u64,
}

/// The one `x-amz-checksum-*` of a request.
struct Checksum {
    algorithm: Algorithm,
    hasher: Hasher,
    /// Still to come, if it is a trailer.
    expected: Option<Vec<u8>>,
}

/// What is known of a body that held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complete {
    /// Bytes of payload.
    pub length: u64,
    /// The checksum that the client gave: its header's name, and the Base64 text.
    pub checksum: Option<(&'static str, String)>,
}

/// Why a body is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// `aws-chunked` without `x-amz-decoded-content-length`.
    LengthMissing,
    /// A length that is not a number.
    LengthInvalid {
        /// The header's text.
        given: String,
    },
    /// Broken framing, or not the declared length.
    Incomplete,
    /// A chunk of less than 8 KiB that is not the last.
    SmallChunk {
        /// The chunk at which it was noticed, from 1.
        chunk: u64,
        /// The small chunk's size.
        size: u64,
    },
    /// A chunk or the trailers are not signed by the sender.
    Signature,
    /// Trailers that are not those of `x-amz-trailer`, or no trailers.
    MalformedTrailer,
    /// `x-amz-content-sha256` is not the body's hash.
    Sha256 {
        /// As claimed.
        claimed: String,
        /// As computed.
        computed: String,
    },
    /// `Content-MD5` cannot be one.
    Md5Invalid {
        /// The header's text.
        given: String,
    },
    /// `Content-MD5` is not the body's.
    Md5 {
        /// As claimed, Base64.
        claimed: String,
        /// As computed, Base64.
        computed: String,
    },
    /// More than one `x-amz-checksum-*`.
    ManyChecksums,
    /// A checksum that cannot be one.
    ChecksumInvalid {
        /// Its header or trailer.
        header: String,
    },
    /// A checksum that is not the body's.
    Checksum {
        /// AWS's name of the algorithm.
        algorithm: &'static str,
    },
    /// A checksum of a kind that is not computed here.
    ChecksumUnsupported {
        /// Its header.
        header: String,
    },
    /// `x-amz-content-sha256` of an unsigned request cannot be used.
    Payload(SignatureError),
}

impl Reader {
    /// For the body of a request; `verified`: its signature, or `None` if it is anonymous.
    pub fn new(parts: &Parts, verified: Option<&Verified>) -> Result<Reader, BodyError> {
        let headers = &parts.headers;
        let payload = match verified {
            Some(verified) => verified.payload,
            None => anonymous_payload(headers)?,
        };
        let chain = || verified.and_then(|verified| verified.chain.clone());
        let chunks = match payload {
            Payload::Hashed(_) | Payload::Unsigned => None,
            // Without a signature there is nothing that signed chunks could be checked against.
            _ if chain().is_none() && payload != Payload::UnsignedChunksAndTrailer => return Err(BodyError::Signature),
            Payload::SignedChunks => Some(Decoder::new(decoded_length(headers)?, chain(), Trailers::None)),
            Payload::SignedChunksAndTrailer => {
                Some(Decoder::new(decoded_length(headers)?, chain(), Trailers::Expected))
            }
            Payload::UnsignedChunksAndTrailer => Some(Decoder::new(decoded_length(headers)?, None, Trailers::Expected)),
        };
        let trailer_names = match payload {
            Payload::SignedChunksAndTrailer | Payload::UnsignedChunksAndTrailer => trailer_names(headers),
            _ => Vec::new(),
        };
        let is_plain = chunks.is_none() && headers.contains_key(DECODED_LENGTH);
        Ok(Reader {
            declared: if is_plain { Some(decoded_length(headers)?) } else { None },
            chunks,
            sum: match payload {
                Payload::Hashed(expected) => Some((Sha256::new(), expected)),
                _ => None,
            },
            md5: content_md5(headers)?.map(|expected| (Hasher::new(Algorithm::Md5), expected)),
            checksum: if is_complete_multipart_upload(parts) { None } else { checksum(headers, &trailer_names)? },
            trailer_names,
            length: 0,
        })
    }

    /// The checksum that the client sends behind the body.
    pub(crate) fn trailing_checksum(&self) -> Option<Algorithm> {
        self.checksum.as_ref().filter(|checksum| checksum.expected.is_none()).map(|checksum| checksum.algorithm)
    }

    /// Whether the body can be of this length, as it comes: one without framing is as long as its payload.
    pub(crate) fn can_be_of(&self, length: Option<u64>) -> bool {
        self.declared.is_none() || self.declared == length
    }

    /// Takes the next bytes and adds the payload among them to `out`.
    pub fn push(&mut self, input: Bytes, out: &mut Vec<Bytes>) -> Result<(), BodyError> {
        let before = out.len();
        match &mut self.chunks {
            Some(decoder) => decoder.push(input, out)?,
            None => out.push(input),
        }
        for piece in out.iter().skip(before) {
            self.length += piece.len() as u64;
            if let Some((hasher, _)) = &mut self.sum {
                hasher.update(piece);
            }
            if let Some((hasher, _)) = &mut self.md5 {
                hasher.update(piece);
            }
            if let Some(checksum) = &mut self.checksum {
                checksum.hasher.update(piece);
            }
        }
        if self.declared.is_some_and(|declared| self.length > declared) { Err(BodyError::Incomplete) } else { Ok(()) }
    }

    /// After the last byte: whether all that the request said of its body holds.
    pub fn finish(mut self) -> Result<Complete, BodyError> {
        let trailers = match self.chunks.take() {
            Some(decoder) => decoder.finish()?,
            None => Vec::new(),
        };
        self.read_trailers(&trailers)?;
        if self.declared.is_some_and(|declared| self.length != declared) {
            return Err(BodyError::Incomplete);
        }
        if let Some((hasher, expected)) = self.sum {
            let computed: Sum = hasher.finalize().into();
            if computed != expected {
                return Err(BodyError::Sha256 { claimed: hex(&expected), computed: hex(&computed) });
            }
        }
        if let Some((hasher, expected)) = self.md5 {
            let computed = hasher.finish();
            if computed != expected {
                return Err(BodyError::Md5 { claimed: STANDARD.encode(expected), computed: STANDARD.encode(computed) });
            }
        }
        let checksum = self.checksum.map(Checksum::finish).transpose()?;
        Ok(Complete { length: self.length, checksum })
    }

    fn read_trailers(&mut self, trailers: &[(String, String)]) -> Result<(), BodyError> {
        let announced = trailers.len() == self.trailer_names.len()
            && self.trailer_names.iter().all(|name| trailers.iter().any(|(given, _)| given == name));
        if !announced {
            return Err(BodyError::MalformedTrailer);
        }
        for (name, value) in trailers {
            if let Some(checksum) = &mut self.checksum
                && checksum.algorithm.header() == name
            {
                checksum.expected = Some(decoded(checksum.algorithm, value, name)?);
            }
        }
        Ok(())
    }
}

impl Checksum {
    fn finish(self) -> Result<(&'static str, String), BodyError> {
        let computed = self.hasher.finish();
        match self.expected {
            Some(expected) if expected == computed => Ok((self.algorithm.header(), STANDARD.encode(computed))),
            Some(_) => Err(BodyError::Checksum { algorithm: self.algorithm.name() }),
            None => Err(BodyError::MalformedTrailer),
        }
    }
}

/// An anonymous request may say how its body is framed; nobody vouches for it.
fn anonymous_payload(headers: &HeaderMap) -> Result<Payload, BodyError> {
    match headers.get("x-amz-content-sha256").map(|value| value.to_str().unwrap_or_default()) {
        None => Ok(Payload::Unsigned),
        Some(text) => Payload::read(text)
            .ok_or_else(|| BodyError::Payload(SignatureError::PayloadInvalid { given: text.to_owned() })),
    }
}

fn decoded_length(headers: &HeaderMap) -> Result<u64, BodyError> {
    let value = headers.get(DECODED_LENGTH).ok_or(BodyError::LengthMissing)?;
    let text = value.to_str().unwrap_or_default();
    text.parse().map_err(|_| BodyError::LengthInvalid { given: text.to_owned() })
}

fn trailer_names(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all("x-amz-trailer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect()
}

fn content_md5(headers: &HeaderMap) -> Result<Option<Vec<u8>>, BodyError> {
    let Some(value) = headers.get("content-md5") else { return Ok(None) };
    match STANDARD.decode(value.as_bytes()) {
        Ok(sum) if sum.len() == 16 => Ok(Some(sum)),
        _ => Err(BodyError::Md5Invalid { given: String::from_utf8_lossy(value.as_bytes()).into_owned() }),
    }
}

/// The one checksum among headers and announced trailers.
fn checksum(headers: &HeaderMap, trailer_names: &[String]) -> Result<Option<Checksum>, BodyError> {
    const OTHERS: [&str; 3] = ["x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"];
    let names: Vec<&str> = headers
        .keys()
        .map(|name| name.as_str())
        .chain(trailer_names.iter().map(String::as_str))
        .filter(|name| name.starts_with("x-amz-checksum-") && !OTHERS.contains(name))
        .collect();
    let name = match names.as_slice() {
        [] => return Ok(None),
        [one] => *one,
        _ => return Err(BodyError::ManyChecksums),
    };
    let Some(algorithm) = Algorithm::of_header(name) else {
        return Err(BodyError::ChecksumUnsupported { header: name.to_owned() });
    };
    let expected = match headers.get(name) {
        Some(value) => Some(decoded(algorithm, value.to_str().unwrap_or_default(), name)?),
        None => None,
    };
    Ok(Some(Checksum { algorithm, hasher: Hasher::new(algorithm), expected }))
}

fn decoded(algorithm: Algorithm, text: &str, header: &str) -> Result<Vec<u8>, BodyError> {
    match STANDARD.decode(text) {
        Ok(sum) if sum.len() == algorithm.length() => Ok(sum),
        _ => Err(BodyError::ChecksumInvalid { header: header.to_owned() }),
    }
}

/// There the checksum header is the object's, not the body's.
/// docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
fn is_complete_multipart_upload(parts: &Parts) -> bool {
    parts.method == Method::POST
        && parts.uri.query().unwrap_or_default().split('&').any(|pair| pair.starts_with("uploadId="))
}

impl BodyError {
    /// The error as S3 gives it. docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    pub fn answer(&self) -> Answer {
        let bad = |code, message: &str| Answer::new(StatusCode::BAD_REQUEST, code, message);
        match self {
            BodyError::LengthMissing => Answer::new(
                StatusCode::LENGTH_REQUIRED,
                "MissingContentLength",
                "You must provide the Content-Length HTTP header.",
            ),
            BodyError::LengthInvalid { given } => bad("InvalidArgument", "x-amz-decoded-content-length is not valid.")
                .with("ArgumentName", "x-amz-decoded-content-length")
                .with("ArgumentValue", given),
            BodyError::Incomplete => bad("IncompleteBody", "The request body terminated unexpectedly"),
            BodyError::SmallChunk { chunk, size } => {
                bad("InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes")
                    .with("Chunk", chunk.to_string())
                    .with("BadChunkSize", size.to_string())
            }
            BodyError::Signature => Answer::new(
                StatusCode::FORBIDDEN,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and \
                 signing method.",
            ),
            BodyError::MalformedTrailer => bad(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published \
                 schema.",
            ),
            BodyError::Sha256 { claimed, computed } => bad(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            )
            .with("ClientComputedContentSHA256", claimed)
            .with("S3ComputedContentSHA256", computed),
            BodyError::Md5Invalid { given } => {
                bad("InvalidDigest", "The Content-MD5 you specified was invalid.").with("Content-MD5", given)
            }
            BodyError::Md5 { claimed, computed } => {
                bad("BadDigest", "The Content-MD5 you specified did not match what we received.")
                    .with("ExpectedDigest", claimed)
                    .with("CalculatedDigest", computed)
            }
            BodyError::ManyChecksums => bad(
                "InvalidRequest",
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ),
            BodyError::ChecksumInvalid { header } => {
                bad("InvalidRequest", &format!("Value for {header} header is invalid."))
            }
            BodyError::Checksum { algorithm } => {
                bad("BadDigest", &format!("The {algorithm} you specified did not match the calculated checksum."))
            }
            BodyError::ChecksumUnsupported { header } => Answer::new(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                "A header you provided implies functionality that is not implemented",
            )
            .with("Header", header),
            BodyError::Payload(error) => error.answer(crate::answer::Protocol::S3),
        }
    }
}
