//! The members that stand in a path.

use model::{Member, MemberLocation, Model, Operation, Segment, Structure, TimestampFormat};
use percent_encoding::{AsciiSet, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

use super::query::{RESERVED, encoded};
use crate::fault::{Malformed, Reason};
use crate::text;

/// A greedy label keeps its slashes.
const RESERVED_IN_KEYS: &AsciiSet = &RESERVED.remove(b'/');

/// Whether a path is an operation's. Calls `found` with the raw text of each label.
pub(crate) fn fits<'p>(segments: &[Segment], path: &'p str, mut found: impl FnMut(&'p str)) -> bool {
    let mut rest = path.strip_prefix('/').unwrap_or(path);
    let mut left = segments.len();
    let mut is_at_end = rest.is_empty();
    for segment in segments {
        left -= 1;
        let end = match segment {
            Segment::Greedy(_) => start_of_last(rest, left),
            Segment::Literal(_) | Segment::Label(_) => Some(rest.find('/').unwrap_or(rest.len())),
        };
        let Some((own, after)) = end.and_then(|end| rest.split_at_checked(end)).filter(|_| !is_at_end) else {
            return false;
        };
        match segment {
            Segment::Literal(text) if text != own => return false,
            Segment::Literal(_) => {}
            Segment::Label(_) | Segment::Greedy(_) if own.is_empty() => return false,
            Segment::Label(_) | Segment::Greedy(_) => found(own),
        }
        is_at_end = after.is_empty() || after == "/" && left > 0;
        rest = after.strip_prefix('/').unwrap_or(after);
    }
    // One slash at the end is no part of a name: `/bucket/` is the bucket.
    rest.is_empty()
}

/// Where the last `count` segments begin, with the slashes before them.
fn start_of_last(path: &str, count: usize) -> Option<usize> {
    let mut start = path.len();
    for _ in 0..count {
        start = path.get(..start)?.rfind('/')?;
    }
    Some(start)
}

/// The members that stand in the path.
pub(crate) fn read(
    model: &Model,
    operation: &Operation,
    input: &Structure,
    path: &str,
    members: &mut Map<String, Value>,
) -> Result<(), Malformed> {
    let mut raw = Vec::new();
    if !fits(&operation.http.path, path, |text| raw.push(text)) {
        return Err(Malformed::new(Reason::Path, path, format!("`{path}` is no path of {}", operation.name)));
    }
    let labels = operation.http.path.iter().filter(|segment| !matches!(segment, Segment::Literal(_)));
    for (segment, raw) in labels.zip(raw) {
        let unfit = || Malformed::new(Reason::Path, raw, "Couldn't parse the specified URI.");
        let decoded = percent_decode_str(raw).decode_utf8().map_err(|_| unfit())?;
        let (own, member) = named(input, segment).ok_or_else(|| Malformed::unexplained(label(segment)))?;
        let value = text::read(model.shape(member.shape), &decoded, TimestampFormat::Iso8601, own)?;
        members.insert(own.clone(), value);
    }
    Ok(())
}

/// The path of an operation with these members.
pub(crate) fn write(
    model: &Model,
    operation: &Operation,
    input: Option<&Structure>,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let mut path = String::new();
    for segment in &operation.http.path {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Label(_) => path.extend(encoded(&text_of(model, input, segment, members)?)),
            Segment::Greedy(_) => {
                let text = text_of(model, input, segment, members)?;
                path.extend(utf8_percent_encode(&text, RESERVED_IN_KEYS));
            }
        }
    }
    // With the slash at its end that the model has: there are emulators that take no other path.
    if path.is_empty() || operation.http.uri.split('?').next().is_some_and(|path| path.ends_with('/')) {
        path.push('/');
    }
    if is_of_another(model, operation, &path) {
        return Err(Malformed::ambiguous(path));
    }
    Ok(path)
}

/// Many servers unescape slashes before they look at a path: there `/a%2Fb` is the object `b` in the bucket `a`.
fn is_of_another(model: &Model, operation: &Operation, path: &str) -> bool {
    let unescaped = path.replace("%2F", "/");
    let is_read_so =
        |other: &Operation| other.http.method == operation.http.method && fits(&other.http.path, &unescaped, |_| {});
    unescaped != path && model.operations().any(is_read_so)
}

/// The text of a label, which is never empty.
fn text_of(
    model: &Model,
    input: Option<&Structure>,
    segment: &Segment,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let label = label(segment);
    let missing = || Malformed::new(Reason::Path, label, format!("the path needs `{label}`"));
    let (own, member) = input.and_then(|input| named(input, segment)).ok_or_else(missing)?;
    let value = members.get(own).ok_or_else(missing)?;
    let text = text::write(model.shape(member.shape), value, TimestampFormat::Iso8601, own)?;
    match text.is_empty() {
        true => Err(missing()),
        false if is_resolved(model, segment, &text) => Err(Malformed::ambiguous(label)),
        false => Ok(text),
    }
}

/// Many clients and servers resolve `.` and `..`, and leave out an empty part: LocalStack's S3 Control tags `x` if asked to
/// tag `x/`. The keys of S3's objects are what they are.
fn is_resolved(model: &Model, segment: &Segment, text: &str) -> bool {
    let is_key = model.name == "s3" && matches!(segment, Segment::Greedy(_));
    !is_key && text.split('/').any(|part| matches!(part, "" | "." | ".."))
}

fn label(segment: &Segment) -> &str {
    let (Segment::Literal(label) | Segment::Label(label) | Segment::Greedy(label)) = segment;
    label
}

fn named<'i>(input: &'i Structure, segment: &Segment) -> Option<(&'i String, &'i Member)> {
    let is_named = |own: &str, member: &Member| member.wire_name.as_deref().unwrap_or(own) == label(segment);
    input.members.iter().find(|(own, member)| member.place == MemberLocation::Path && is_named(own, member))
}
