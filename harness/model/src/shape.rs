//! Shapes: the types of members.

use std::sync::LazyLock;

use indexmap::IndexMap;

/// A shape of a model. Only the model that gave it knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShapeId(pub(crate) usize);

/// A type that members have.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Its name in the model: `BucketName`.
    pub name: String,
    /// What it is.
    pub kind: ShapeKind,
    /// What its values must satisfy.
    pub limits: Limits,
}

/// What a shape is.
#[derive(Clone, Debug)]
pub enum ShapeKind {
    /// Named members.
    Structure(Structure),
    /// Items of one type.
    List(List),
    /// Values of one type by keys of another.
    Map(Map),
    /// A text.
    String,
    /// Bytes.
    Blob,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A moment.
    Timestamp(Option<TimestampFormat>),
}

/// What the values of a shape must satisfy.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// The least: of a number its value, of texts, lists and maps their length, of bytes the length of what they are.
    pub min: Option<f64>,
    /// The most, likewise.
    pub max: Option<f64>,
    /// A regular expression that the whole text must match, in Java's notation.
    pub pattern: Option<String>,
    /// The texts that there are. Empty: any.
    pub values: Vec<String>,
}

/// Named members.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// The members, in the model's order.
    pub members: IndexMap<String, Member>,
    /// The member that is the body of the message, all by itself.
    pub payload: Option<String>,
    /// Whether any JSON value stands here.
    pub is_document: bool,
    /// Whether exactly one of its members is given.
    pub is_union: bool,
    /// Whether its members are sent as events.
    pub is_event_stream: bool,
    /// What an error's code and status are.
    pub error: Option<ErrorInfo>,
}

/// One member of a structure.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its type.
    pub shape: ShapeId,
    /// Whether it must be given.
    pub is_required: bool,
    /// Which part of the message carries it.
    pub place: MemberLocation,
    /// Its name on the wire, if that is another one.
    pub wire_name: Option<String>,
    /// Its name in EC2's forms, if the model says one.
    pub query_name: Option<String>,
    /// Whether the items of a list stand without an element around them.
    pub is_flattened: bool,
    /// Whether it is an attribute of its XML element.
    pub is_attribute: bool,
    /// The namespace of its element.
    pub namespace: Option<Namespace>,
}

/// Which part of a message carries a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberLocation {
    /// The document.
    Body,
    /// A label of the path.
    Path,
    /// A parameter of the query string; a map gives several.
    Query,
    /// A header.
    Header,
    /// Every header whose name begins with the wire name.
    Headers,
    /// The status of the answer.
    Status,
}

/// Items of one type.
#[derive(Clone, Debug)]
pub struct List {
    /// The items.
    pub item: Reference,
    /// Whether they stand without an element around them.
    pub is_flattened: bool,
}

/// Values by keys.
#[derive(Clone, Debug)]
pub struct Map {
    /// The keys, which are texts.
    pub key: Reference,
    /// The values.
    pub value: Reference,
    /// Whether the entries stand without an element around them.
    pub is_flattened: bool,
}

/// The type of items, keys or values.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The type.
    pub shape: ShapeId,
    /// Its name on the wire, if the model says one.
    pub wire_name: Option<String>,
}

/// What an error of a model is on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// Its code, if that is not the shape's name.
    pub code: Option<String>,
    /// The status of the answer, if the model says one.
    pub status: Option<u16>,
}

/// An XML namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// Its prefix, if it has one.
    pub prefix: Option<String>,
    /// What it is.
    pub uri: String,
}

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// Seconds since 1970, with fractions.
    Epoch,
    /// `2026-11-30T12:00:00Z`
    Iso8601,
    /// `Mon, 30 Nov 2026 12:00:00 GMT`
    Rfc822,
}

impl Structure {
    /// The member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.get(name)
    }

    /// The members that must be given.
    pub fn required(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.members.iter().filter(|(_, member)| member.is_required).map(|(name, member)| (name.as_str(), member))
    }
}

/// A structure without members.
impl Default for &Structure {
    fn default() -> Self {
        static EMPTY: LazyLock<Structure> = LazyLock::new(Structure::default);
        &EMPTY
    }
}

/// What an id of another model gives.
pub(crate) static NOTHING: Shape = Shape {
    name: String::new(),
    kind: ShapeKind::String,
    limits: Limits { min: None, max: None, pattern: None, values: Vec::new() },
};
