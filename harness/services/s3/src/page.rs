//! One page of a list: keys in the order of their UTF-8 bytes, those with a prefix, rolled up at a delimiter.
//! docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html

use std::ops::Bound;

use account::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::fault;

#[cfg(test)]
mod tests;

/// What the four requests have in common.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Query {
    prefix: Option<String>,
    delimiter: Option<String>,
    #[serde(alias = "MaxUploads")]
    max_keys: Option<i64>,
    encoding_type: Option<String>,
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page<'a, T> {
    pub(super) entries: Vec<(&'a str, T)>,
    pub(super) prefixes: Vec<&'a str>,
    pub(super) truncated: bool,
    pub(super) last: Option<Last<'a>>,
}

/// What a page ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last<'a> {
    Entry(&'a str),
    Prefix(&'a str),
}

/// Takes a page from what is sorted by key. `after` is where the page before ended: what is rolled up counts only if it
/// comes behind that.
pub(super) fn page<'a, T>(
    sorted: impl Iterator<Item = (&'a str, T)>,
    query: &Query,
    after: &str,
    max: usize,
) -> Page<'a, T> {
    let mut page = Page { entries: Vec::new(), prefixes: Vec::new(), truncated: false, last: None };
    let prefix = query.prefix().unwrap_or_default();
    for (key, item) in sorted {
        if !key.starts_with(prefix) {
            if key > prefix { break } else { continue }
        }
        let rolled = query.delimiter().and_then(|delimiter| roll_up(key, prefix, delimiter));
        if rolled.is_some_and(|rolled| rolled <= after || page.prefixes.last() == Some(&rolled)) {
            continue;
        }
        if page.entries.len() + page.prefixes.len() == max {
            // A page of nothing is never said to have a next one.
            page.truncated = max > 0;
            break;
        }
        match rolled {
            Some(rolled) => page.prefixes.push(rolled),
            None => page.entries.push((key, item)),
        }
        page.last = Some(rolled.map_or(Last::Entry(key), Last::Prefix));
    }
    page
}

/// The common prefix that a key is listed under, the delimiter included.
fn roll_up<'a>(key: &'a str, prefix: &str, delimiter: &str) -> Option<&'a str> {
    let at = key.get(prefix.len()..)?.find(delimiter)?;
    key.get(..prefix.len() + at + delimiter.len())
}

impl Query {
    pub(super) fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// An empty delimiter is none.
    pub(super) fn delimiter(&self) -> Option<&str> {
        self.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty())
    }

    pub(super) fn encoding(&self) -> Option<&str> {
        self.encoding_type.as_deref()
    }

    /// The condition keys that the parameters are, each with what is given.
    pub(super) fn condition_keys(&self) -> [(&'static str, Option<String>); 3] {
        let max = self.max_keys.map(|max| max.to_string());
        [("s3:prefix", self.prefix.clone()), ("s3:delimiter", self.delimiter.clone()), ("s3:max-keys", max)]
    }

    pub(super) fn most(&self, name: &str) -> Result<usize, Fault> {
        most(self.max_keys, name)
    }

    pub(super) fn beginning<'q>(&'q self, after: &'q str) -> Bound<&'q str> {
        match self.prefix() {
            Some(prefix) if prefix > after => Bound::Included(prefix),
            _ if after.is_empty() => Bound::Unbounded,
            _ => Bound::Excluded(after),
        }
    }

    /// How keys are written: as they are, or percent-encoded where the request says `url`.
    pub(super) fn encoder(&self) -> impl Fn(&str) -> String + use<> {
        let encoded = self.encoding() == Some("url");
        move |text: &str| if encoded { url(text) } else { text.to_owned() }
    }
}

impl<'a> Last<'a> {
    pub(super) fn text(self) -> &'a str {
        match self {
            Self::Entry(text) | Self::Prefix(text) => text,
        }
    }
}

/// How many a page holds: up to a thousand.
pub(super) fn most(max: Option<i64>, name: &str) -> Result<usize, Fault> {
    let given = max.unwrap_or(1000);
    match usize::try_from(given) {
        Ok(max) if i32::try_from(given).is_ok() => Ok(max.min(1000)),
        _ => Err(fault::invalid_argument(
            name,
            given.to_string(),
            format!("Argument {name} must be an integer between 0 and 2147483647"),
        )),
    }
}

/// Percent-encodes as S3 does: a slash stays, a space becomes a plus sign.
pub(super) fn url(text: &str) -> String {
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*').remove(b'/').remove(b' ');
    utf8_percent_encode(text, KEPT).to_string().replace(' ', "+")
}

pub(super) fn token_after(key: &str) -> String {
    STANDARD.encode(format!("after:{key}"))
}

pub(super) fn read_token(token: &str) -> Result<String, Fault> {
    let text = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| text.strip_prefix("after:").map(str::to_owned)).ok_or_else(|| {
        Fault::new(400, "InvalidArgument", "The continuation token provided is incorrect")
            .with("ArgumentName", "continuation-token")
    })
}
