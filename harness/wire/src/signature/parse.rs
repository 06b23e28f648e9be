//! What a request claims: who signed it, when, for what, and which parts.

use std::borrow::Cow;

use http::request::Parts;
use percent_encoding::percent_decode_str;

use super::error::SignatureError;
use super::stamp::Stamp;

/// Where the signature stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureLocation {
    /// In the `Authorization` header.
    Header,
    /// In the query string: a presigned URL.
    Query,
}

/// A signature as the request carries it, not yet checked.
#[derive(Debug, Clone)]
pub struct Parsed<'r> {
    pub(super) parts: &'r Parts,
    pub(super) place: SignatureLocation,
    pub(super) scope: Scope<'r>,
    /// As given: lower case, `;` between.
    pub(super) signed_headers: Cow<'r, str>,
    pub(super) signature: Cow<'r, str>,
    pub(super) stamp: Stamp,
    pub(super) expires: Option<Cow<'r, str>>,
    pub(super) token: Option<Cow<'r, str>>,
    pub(super) content_sha256: Option<Cow<'r, str>>,
}

/// The credential's five parts.
#[derive(Debug, Clone)]
pub(super) struct Scope<'r> {
    whole: Cow<'r, str>,
    slashes: [usize; 4],
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

impl<'r> Parsed<'r> {
    /// Reads the signature. `None`: the request carries none (S3 takes it as anonymous, the others refuse it).
    pub fn from_request(parts: &'r Parts) -> Result<Option<Parsed<'r>>, SignatureError> {
        let authorization = parts.headers.get(http::header::AUTHORIZATION);
        let query = QueryAuth::read(parts.uri.query().unwrap_or_default());
        match (authorization, query.is_present()) {
            (Some(header), true) => {
                Err(SignatureError::Both { authorization: String::from_utf8_lossy(header.as_bytes()).into_owned() })
            }
            (Some(header), false) => {
                let text = header.to_str().map_or_else(|_| String::from_utf8_lossy(header.as_bytes()), Cow::Borrowed);
                from_header(parts, &text).map(Some)
            }
            (None, true) => from_query(parts, query).map(Some),
            (None, false) if query.version_2 => Err(SignatureError::UnsupportedVersion),
            (None, false) => Ok(None),
        }
    }

    /// Whose key signed.
    pub fn access_key_id(&self) -> &str {
        self.scope.part(0)
    }

    /// The region that the request was signed for.
    pub fn region(&self) -> &str {
        self.scope.part(2)
    }

    /// The service that the request was signed for.
    pub fn service(&self) -> &str {
        self.scope.part(3)
    }

    /// Where the signature stands.
    pub fn place(&self) -> SignatureLocation {
        self.place
    }
}

impl<'r> Scope<'r> {
    fn read(whole: Cow<'r, str>) -> Option<Scope<'r>> {
        let mut found = whole.match_indices('/').map(|(at, _)| at);
        let slashes = [found.next()?, found.next()?, found.next()?, found.next()?];
        if found.next().is_some() || slashes[0] == 0 {
            return None;
        }
        drop(found);
        Some(Scope { whole, slashes })
    }

    pub(super) fn part(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.slashes[index - 1] + 1 };
        let end = self.slashes.get(index).copied().unwrap_or(self.whole.len());
        &self.whole[start..end]
    }

    /// Without the key: `date/region/service/aws4_request`.
    pub(super) fn text(&self) -> &str {
        &self.whole[self.slashes[0] + 1..]
    }
}

fn from_header<'r>(parts: &'r Parts, authorization: &str) -> Result<Parsed<'r>, SignatureError> {
    let (algorithm, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    match algorithm {
        ALGORITHM => {}
        "AWS" | "AWS4-ECDSA-P256-SHA256" => return Err(SignatureError::UnsupportedVersion),
        other if other.starts_with("AWS4-") => {
            return Err(SignatureError::UnsupportedAlgorithm {
                place: SignatureLocation::Header,
                algorithm: other.to_owned(),
            });
        }
        _ => return Err(SignatureError::UnsupportedType { authorization: authorization.to_owned() }),
    }

    let [credential, signed_headers, signature] = header_fields(rest, authorization)?;
    let scope = Scope::read(Cow::Owned(credential.clone()))
        .ok_or(SignatureError::Credential { place: SignatureLocation::Header, given: credential })?;
    Ok(Parsed {
        parts,
        place: SignatureLocation::Header,
        scope,
        signed_headers: Cow::Owned(signed_headers),
        signature: Cow::Owned(signature),
        stamp: header_stamp(parts, authorization)?,
        expires: None,
        token: header_text(parts, "x-amz-security-token").map(Cow::Borrowed),
        content_sha256: header_text(parts, "x-amz-content-sha256").map(Cow::Borrowed),
    })
}

/// `Credential=…, SignedHeaders=…, Signature=…`, in any order; clients put a comma, a space or both between.
fn header_fields(rest: &str, authorization: &str) -> Result<[String; 3], SignatureError> {
    const NAMES: [&str; 3] = ["Credential", "SignedHeaders", "Signature"];
    let mut values = [None; 3];
    for part in rest.split([',', ' ']).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return Err(SignatureError::NotAPair { part: part.to_owned(), authorization: authorization.to_owned() });
        };
        if let Some(index) = NAMES.iter().position(|known| *known == name) {
            values[index] = Some(value);
        }
    }
    match values {
        [Some(credential), Some(signed_headers), Some(signature)] => {
            Ok([credential, signed_headers, signature].map(str::to_owned))
        }
        _ => Err(SignatureError::Incomplete {
            place: SignatureLocation::Header,
            missing: NAMES.iter().zip(values).filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect(),
            authorization: authorization.to_owned(),
        }),
    }
}

fn header_stamp(parts: &Parts, authorization: &str) -> Result<Stamp, SignatureError> {
    let invalid =
        |given: &str| SignatureError::DateInvalid { place: SignatureLocation::Header, given: given.to_owned() };
    if let Some(text) = header_text(parts, "x-amz-date") {
        return Stamp::iso(text).ok_or_else(|| invalid(text));
    }
    match header_text(parts, "date") {
        Some(text) => Stamp::date_header(text).ok_or_else(|| invalid(text)),
        None => Err(SignatureError::DateMissing { authorization: authorization.to_owned() }),
    }
}

/// A header's text; one that is not ASCII counts as empty, and so fails where it is needed.
fn header_text<'r>(parts: &'r Parts, name: &str) -> Option<&'r str> {
    parts.headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

/// The authentication parameters of a query string.
#[derive(Default)]
struct QueryAuth<'r> {
    algorithm: Option<Cow<'r, str>>,
    credential: Option<Cow<'r, str>>,
    date: Option<Cow<'r, str>>,
    signed_headers: Option<Cow<'r, str>>,
    signature: Option<Cow<'r, str>>,
    expires: Option<Cow<'r, str>>,
    token: Option<Cow<'r, str>>,
    content_sha256: Option<Cow<'r, str>>,
    version_2: bool,
}

impl<'r> QueryAuth<'r> {
    fn read(query: &'r str) -> QueryAuth<'r> {
        let mut auth = QueryAuth::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let slot = match name {
                "X-Amz-Algorithm" => &mut auth.algorithm,
                "X-Amz-Credential" => &mut auth.credential,
                "X-Amz-Date" => &mut auth.date,
                "X-Amz-SignedHeaders" => &mut auth.signed_headers,
                "X-Amz-Signature" => &mut auth.signature,
                "X-Amz-Expires" => &mut auth.expires,
                "X-Amz-Security-Token" => &mut auth.token,
                "X-Amz-Content-Sha256" => &mut auth.content_sha256,
                "AWSAccessKeyId" => {
                    auth.version_2 = true;
                    continue;
                }
                _ => continue,
            };
            // A parameter given twice: the first counts. Both are signed, so nobody can slip one in.
            slot.get_or_insert_with(|| percent_decode_str(value).decode_utf8_lossy());
        }
        auth
    }

    fn is_present(&self) -> bool {
        self.algorithm.is_some() || self.credential.is_some() || self.signature.is_some()
    }
}

fn from_query<'r>(parts: &'r Parts, auth: QueryAuth<'r>) -> Result<Parsed<'r>, SignatureError> {
    let given = |value: &Option<Cow<'_, str>>| value.as_ref().is_some_and(|text| !text.is_empty());
    let missing: Vec<&'static str> = [
        ("X-Amz-Algorithm", &auth.algorithm),
        ("X-Amz-Credential", &auth.credential),
        ("X-Amz-Signature", &auth.signature),
        ("X-Amz-SignedHeaders", &auth.signed_headers),
        ("X-Amz-Date", &auth.date),
    ]
    .into_iter()
    .filter(|(_, value)| !given(value))
    .map(|(name, _)| name)
    .collect();
    let (Some(algorithm), Some(credential), Some(signature), Some(signed_headers), Some(date), true) =
        (auth.algorithm, auth.credential, auth.signature, auth.signed_headers, auth.date, missing.is_empty())
    else {
        return Err(SignatureError::Incomplete {
            place: SignatureLocation::Query,
            missing,
            authorization: String::new(),
        });
    };
    if algorithm != ALGORITHM {
        return Err(SignatureError::UnsupportedAlgorithm {
            place: SignatureLocation::Query,
            algorithm: algorithm.into_owned(),
        });
    }
    let stamp = Stamp::iso(&date)
        .ok_or_else(|| SignatureError::DateInvalid { place: SignatureLocation::Query, given: date.into_owned() })?;
    let scope = Scope::read(credential.clone()).ok_or_else(|| SignatureError::Credential {
        place: SignatureLocation::Query,
        given: credential.into_owned(),
    })?;
    Ok(Parsed {
        parts,
        place: SignatureLocation::Query,
        scope,
        signed_headers,
        signature,
        stamp,
        expires: auth.expires,
        token: auth.token,
        content_sha256: auth.content_sha256.or_else(|| header_text(parts, "x-amz-content-sha256").map(Cow::Borrowed)),
    })
}
