//! A signed request one part of which is written anew: what is decided and done in the signer's name is what was signed.
//!
//! An input is a number of the request, how many bytes are under way at a time (0: all), and the text of the part. The
//! highest bit of the number says that nobody signed it. What a signature makes of the time stands in the text as a mark:
//! `$1` the time, `$2` its day, `$3` the signature, and from `$4` on the signatures of chunks; `$0` is 16 KiB of payload.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::client::{ask, raw};
use crate::signed::{CHUNK, requests};
use crate::stage::{Decided, HOST, Stage, WHOLE};

/// A signature is good for 15 minutes.
const SIGNED_ANEW: Duration = Duration::from_secs(300);

const UNSIGNED: u8 = 0x80;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    RequestLine,
    Headers,
    Body,
}

/// The account, and what came there of the requests as they were signed.
pub struct Signed {
    part: Part,
    stage: Stage,
    since: Instant,
    cases: Vec<Case>,
    unsigned: Vec<Request>,
    before: String,
}

struct Case {
    request: Request,
    decided: BTreeSet<Decided>,
    after: String,
}

/// A request in the parts that it is sent in.
struct Request {
    line: Vec<u8>,
    headers: Vec<u8>,
    body: Vec<u8>,
    marked: Vec<(String, Vec<u8>)>,
}

impl Signed {
    pub fn new(part: Part) -> Signed {
        let stage = Stage::new();
        let cases = cases(part, &stage);
        stage.reset();
        let unsigned = unsigned().into_iter().filter(|bytes| has(part, bytes)).map(|bytes| Request::read(&bytes));
        Signed { part, since: Instant::now(), cases, unsigned: unsigned.collect(), before: stage.state(), stage }
    }

    /// Sends the request with the part from the input. Tells whether anything was decided in the signer's name.
    pub fn check(&mut self, input: &[u8]) -> bool {
        let [number, piece, text @ ..] = input else { return false };
        if self.since.elapsed() > SIGNED_ANEW {
            (self.cases, self.since) = (cases(self.part, &self.stage), Instant::now());
        }
        let piece = if *piece == 0 { WHOLE } else { usize::from(*piece) };
        self.stage.reset();
        if number & UNSIGNED != 0 {
            let request = &self.unsigned[usize::from(number & !UNSIGNED) % self.unsigned.len()];
            let decided = self.stage.send(&request.with(self.part, text), piece).decided;
            assert!(decided.is_empty(), "{decided:#?}");
            return false;
        }
        let case = &self.cases[usize::from(*number) % self.cases.len()];
        let bytes = case.request.with(self.part, text);
        let decided = self.stage.send(&bytes, piece).decided;
        let other: Vec<_> = decided.iter().filter(|one| !case.has(one)).collect();
        assert!(other.is_empty(), "{other:#?}\non {}\nand signed was {:#?}", bytes.escape_ascii(), case.decided);
        if !decided.is_empty() {
            let state = self.stage.state();
            assert!(state == case.after || state == self.before, "{state}\nafter {}", bytes.escape_ascii());
        }
        !decided.is_empty()
    }

    /// The inputs that are the requests as they were signed, and those that nobody signed.
    pub fn inputs(&self) -> [Vec<Vec<u8>>; 2] {
        let input = |number: usize, request: &Request| [&[number as u8, 0], &request.text(self.part)[..]].concat();
        let unsigned = |(number, request)| input(number | usize::from(UNSIGNED), request);
        [
            self.cases.iter().enumerate().map(|(number, case)| input(number, &case.request)).collect(),
            self.unsigned.iter().enumerate().map(unsigned).collect(),
        ]
    }
}

fn cases(part: Part, stage: &Stage) -> Vec<Case> {
    let case = |bytes: Vec<u8>| {
        stage.reset();
        let decided = stage.send(&bytes, WHOLE).decided;
        assert!(!decided.is_empty(), "{}", bytes.escape_ascii());
        Case { request: Request::read(&bytes), decided, after: stage.state() }
    };
    requests(HOST).into_iter().filter(|bytes| has(part, bytes)).map(case).collect()
}

/// What anybody may ask of the bucket `public`. A new one goes to the end.
fn unsigned() -> Vec<Vec<u8>> {
    let delete = b"<Delete><Object><Key>a</Key></Object></Delete>";
    let framed = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    [
        ask("GET", "/public?list-type=2&prefix=a%20b&delimiter=%2F"),
        ask("GET", "/public/k?versionId=null").header("range", "bytes=0-1"),
        ask("PUT", "/public/a").header("x-amz-tagging", "a=1&b=2").body(b"hello"),
        ask("PUT", "/public/a").header("x-amz-copy-source", "/public/k"),
        ask("POST", "/public?delete").header("content-md5", "aFPqFnlCon58cZ4Qt7zwvQ==").body(delete),
        ask("PUT", "/public/stream")
            .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
            .header("content-encoding", "aws-chunked")
            .header("x-amz-decoded-content-length", "5")
            .header("x-amz-trailer", "x-amz-checksum-crc32")
            .body(framed),
        ask("POST", "/public/a?uploads"),
    ]
    .map(|ask| raw(HOST, &ask, &[]))
    .into()
}

/// Whether it has the part: of bodies those that are framed.
fn has(part: Part, bytes: &[u8]) -> bool {
    part != Part::Body || bytes.windows(10).any(|piece| piece == b"STREAMING-")
}

impl Case {
    /// Whether this was decided on the request as it was signed. No signature covers `If-Match`, with which an object is
    /// read as well.
    fn has(&self, one: &Decided) -> bool {
        let is_of_if_match =
            one.action == "s3:GetObject" && self.decided.iter().any(|known| known.resource == one.resource);
        self.decided.contains(one) || is_of_if_match
    }
}

impl Request {
    fn read(bytes: &[u8]) -> Request {
        let end = |of: &[u8]| bytes.windows(of.len()).position(|piece| piece == of).unwrap();
        let (line, head) = (end(b"\r\n"), end(b"\r\n\r\n") + 2);
        Request {
            line: bytes[..line].to_vec(),
            headers: bytes[line + 2..head].to_vec(),
            body: bytes[head + 2..].to_vec(),
            marked: marked(bytes),
        }
    }

    /// The request with another text of a part.
    fn with(&self, part: Part, text: &[u8]) -> Vec<u8> {
        let text = self.filled(text);
        match part {
            Part::RequestLine => [&text, &b"\r\n"[..], &self.headers, b"\r\n", &self.body].concat(),
            Part::Headers => [&self.line, &b"\r\n"[..], &text, b"\r\n", &self.body].concat(),
            Part::Body => {
                let length = format!("content-length: {}\r\n", text.len());
                let is_length = |line: &&[u8]| line.starts_with(b"content-length:");
                let others = self.headers.split_inclusive(|byte| *byte == b'\n').filter(|line| !is_length(line));
                let head = [&self.line, &b"\r\n"[..], &others.collect::<Vec<_>>().concat(), length.as_bytes()];
                [&head.concat(), &b"\r\n"[..], &text].concat()
            }
        }
    }

    /// The part's own text, with marks.
    fn text(&self, part: Part) -> Vec<u8> {
        let text = match part {
            Part::RequestLine => &self.line,
            Part::Headers => &self.headers,
            Part::Body => &self.body,
        };
        self.marked.iter().fold(text.clone(), |text, (mark, value)| replaced(&text, value, mark.as_bytes()))
    }

    fn filled(&self, text: &[u8]) -> Vec<u8> {
        self.marked.iter().fold(text.to_vec(), |text, (mark, value)| replaced(&text, mark.as_bytes(), value))
    }
}

/// Marks, and what they stand for.
fn marked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let after = |name: &[u8], length: usize| {
        let at = bytes.windows(name.len()).position(|piece| piece == name);
        at.map(|at| bytes[at + name.len()..][..length].to_vec())
    };
    let mut marked = Vec::new();
    let stamp = after(b"x-amz-date: ", 16).or_else(|| after(b"X-Amz-Date=", 16));
    if let Some(stamp) = stamp {
        let day = stamp[..8].to_vec();
        marked.extend([("$1".to_owned(), stamp), ("$2".to_owned(), day)]);
        marked.extend(after(b"Signature=", 64).map(|signature| ("$3".to_owned(), signature)));
    }
    for name in [&b";chunk-signature="[..], b"x-amz-trailer-signature:"] {
        for (at, piece) in bytes.windows(name.len()).enumerate() {
            if piece == name {
                marked.push((format!("${}", marked.len() + 1), bytes[at + name.len()..][..64].to_vec()));
            }
        }
    }
    // The longest last, so that marks are looked for in little text.
    marked.push(("$0".to_owned(), CHUNK.to_vec()));
    marked
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let (mut replaced, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(from) {
            replaced.extend(to);
            rest = after;
        } else {
            replaced.push(rest[0]);
            rest = &rest[1..];
        }
    }
    replaced
}
