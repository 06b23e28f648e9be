//! The parameters of a form as a tree, before anything is known of their types: `Tags.member.1.Key` is four steps down.

use std::collections::BTreeMap;
use std::fmt;

use crate::fault::{Malformed, Reason};
use crate::location::Location;

/// The deepest that IAM has is `ContextEntries.member.1.ContextKeyValues.member.1`.
const MOST_SEGMENTS: usize = 24;

pub(super) type Branch = BTreeMap<Segment, Node>;

/// One name or number between dots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Index(u32),
    Name(String),
}

/// What stands behind a name or number.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Branch(Branch),
}

impl Segment {
    pub(super) fn read(text: &str) -> Self {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(index) if is_number => Self::Index(index),
            _ => Self::Name(text.to_owned()),
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => index.fmt(out),
            Self::Name(name) => name.fmt(out),
        }
    }
}

/// Puts a parameter into the tree.
pub(super) fn insert(root: &mut Branch, name: &str, text: String) -> Result<(), Malformed> {
    let broken =
        || Malformed::new(Reason::Syntax, name, format!("The query string contains a syntax error at `{name}`."));
    let (above, last) = name.rsplit_once('.').map_or((None, name), |(above, last)| (Some(above), last));
    if last.is_empty() || name.split('.').nth(MOST_SEGMENTS).is_some() {
        return Err(broken());
    }
    let mut branch = root;
    for segment in above.into_iter().flat_map(|above| above.split('.')) {
        match branch.entry(Segment::read(segment)).or_insert_with(|| Node::Branch(Branch::new())) {
            Node::Branch(inner) => branch = inner,
            Node::Text(_) => return Err(broken()),
        }
    }
    match branch.insert(Segment::read(last), Node::Text(text)) {
        None => Ok(()),
        Some(_) => Err(Malformed::duplicate(name)),
    }
}

/// What is left of a branch that was read is none of its shape's.
pub(super) fn nothing_left(branch: &Branch, place: &Location<'_>) -> Result<(), Malformed> {
    match branch.keys().next() {
        None => Ok(()),
        Some(segment) => Err(Malformed::unexplained(Location::Member(place, &segment.to_string()))),
    }
}

/// The numbered nodes of a list or a map, in order. `wrapper`: what stands between its name and the numbers.
pub(super) fn numbered(
    mut branch: Branch,
    wrapper: Option<&str>,
    place: &Location<'_>,
) -> Result<Vec<Node>, Malformed> {
    if let Some(wrapper) = wrapper {
        let Some(node) = branch.remove(&Segment::read(wrapper)) else {
            nothing_left(&branch, place)?;
            return Ok(Vec::new());
        };
        nothing_left(&branch, place)?;
        branch = match node {
            Node::Branch(inner) => inner,
            Node::Text(_) => return Err(Malformed::not_a("a list", place)),
        };
    }
    if let Some(name) = branch.keys().find(|segment| !matches!(segment, Segment::Index(_))) {
        return Err(Malformed::unexplained(Location::Member(place, &name.to_string())));
    }
    Ok(branch.into_values().collect())
}
