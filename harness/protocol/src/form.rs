//! Forms: the requests of the query protocol and of EC2's form of it.
//!
//! smithy.io/2.0/aws/protocols/aws-query-protocol.html, smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html

mod tree;

use std::borrow::Cow;

use model::{List, Map as MapShape, Member, Model, Protocol, ShapeId, ShapeKind, Structure, TimestampFormat};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use self::tree::{Branch, Node, Segment, insert, nothing_left, numbered};
use crate::fault::{Malformed, Reason};
use crate::location::Location;
use crate::message::Request;
use crate::rest::{encoded, is_of_signature};
use crate::text;

/// IAM's largest call, a simulation with policies and context, has far fewer.
const MOST_PARAMETERS: usize = 20_000;
/// A form, before anything is known of its operation.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// `Action`: the operation's name. Empty: it is not given.
    pub action: String,
    /// `Version`. Empty: it is not given.
    pub version: String,
    parameters: Branch,
}

/// Reads a form. Parameters of a signature are left out.
fn read(form: &[u8]) -> Result<Form, Malformed> {
    let text = std::str::from_utf8(form).map_err(|_| Malformed::syntax("The form is not UTF-8."))?;
    let mut read = Form::default();
    let mut names = 0;
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (unescaped(name)?, unescaped(value)?);
        names += 1;
        match name.as_ref() {
            _ if names > MOST_PARAMETERS => return Err(Malformed::syntax("The form has too many parameters.")),
            "Action" | "Version" => {
                let known = if name == "Action" { &mut read.action } else { &mut read.version };
                if !known.is_empty() && *known != value {
                    return Err(Malformed::duplicate(&name));
                }
                *known = value.into_owned();
            }
            name if is_of_signature(name) => {}
            name => insert(&mut read.parameters, name, value.into_owned())?,
        }
    }
    Ok(read)
}

impl Form {
    /// Reads the form of a request: the body of a POST, or the query string of a GET. Parameters of a signature are left out.
    ///
    /// # Errors
    /// It is not text, has too many parameters, or parameters that contradict each other.
    pub fn of(request: &Request) -> Result<Self, Malformed> {
        let body = request.body.trim_ascii();
        read(if body.is_empty() { request.query.as_bytes() } else { body })
    }

    /// The members of an operation's input.
    pub(crate) fn members(
        self,
        model: &Model,
        protocol: Protocol,
        input: Option<&Structure>,
    ) -> Result<Map<String, Value>, Malformed> {
        let reader = Dialect { model, is_ec2: protocol == Protocol::Ec2 };
        reader.read_structure(input.unwrap_or_default(), self.parameters, &Location::Message)
    }
}

/// Writes the form of an operation.
pub(crate) fn write(
    model: &Model,
    protocol: Protocol,
    action: &str,
    input: &Structure,
    members: &Map<String, Value>,
) -> Result<String, Malformed> {
    let mut pairs = vec![("Action".to_owned(), action.to_owned()), ("Version".to_owned(), model.api_version.clone())];
    Dialect { model, is_ec2: protocol == Protocol::Ec2 }.write_structure(input, members, "", &mut pairs)?;
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    Ok(pairs.collect::<Vec<_>>().join("&"))
}

/// `+` is a space in forms.
fn unescaped(text: &str) -> Result<Cow<'_, str>, Malformed> {
    let spaced = if text.contains('+') { Cow::Owned(text.replace('+', " ")) } else { Cow::Borrowed(text) };
    let decoded = percent_decode_str(&spaced).decode_utf8().map(Cow::into_owned);
    decoded.map(Cow::Owned).map_err(|_| Malformed::new(Reason::Syntax, text, format!("`{text}` is not UTF-8")))
}

/// The query protocol, or EC2's.
struct Dialect<'m> {
    model: &'m Model,
    is_ec2: bool,
}

impl Dialect<'_> {
    /// EC2's names are `queryName`, else the name on the wire with a capital, else the member's own.
    fn name<'n>(&'n self, own: &'n str, member: &'n Member) -> Cow<'n, str> {
        match (&member.query_name, &member.wire_name) {
            (Some(name), _) if self.is_ec2 => Cow::Borrowed(name),
            (_, Some(name)) if self.is_ec2 => Cow::Owned(capitalised(name)),
            (_, None) if self.is_ec2 => Cow::Borrowed(own),
            (_, on_the_wire) => {
                let of_items = self.item_name(member).filter(|_| member.is_flattened);
                Cow::Borrowed(of_items.or(on_the_wire.as_deref()).unwrap_or(own))
            }
        }
    }

    /// The items of a list that stands without an element around it may have a name of their own, which is then that of
    /// the list.
    fn item_name(&self, member: &Member) -> Option<&str> {
        match &self.model.shape(member.shape).kind {
            ShapeKind::List(list) => list.item.wire_name.as_deref(),
            _ => None,
        }
    }

    fn is_flat(&self, member: &Member) -> bool {
        self.is_ec2 || member.is_flattened
    }

    fn read_structure(
        &self,
        structure: &Structure,
        mut branch: Branch,
        place: &Location<'_>,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut members = Map::new();
        for (own, member) in &structure.members {
            let Some(node) = branch.remove(&Segment::read(&self.name(own, member))) else { continue };
            let value = self.read(member.shape, self.is_flat(member), node, &Location::Member(place, own))?;
            members.insert(own.clone(), value);
        }
        nothing_left(&branch, place)?;
        Ok(members)
    }

    fn read(&self, shape: ShapeId, is_flat: bool, node: Node, place: &Location<'_>) -> Result<Value, Malformed> {
        let shape = self.model.shape(shape);
        match (&shape.kind, node) {
            (ShapeKind::Structure(structure), Node::Branch(branch)) => {
                self.read_structure(structure, branch, place).map(Value::Object)
            }
            // Given and empty.
            (ShapeKind::List(_), Node::Text(text)) if text.is_empty() => Ok(Value::Array(Vec::new())),
            (ShapeKind::Map(_) | ShapeKind::Structure(_), Node::Text(text)) if text.is_empty() => {
                Ok(Value::Object(Map::new()))
            }
            (ShapeKind::List(list), Node::Branch(branch)) => self.read_list(list, is_flat, branch, place),
            (ShapeKind::Map(map), Node::Branch(branch)) => self.read_map(map, is_flat, branch, place),
            (_, Node::Text(text)) => text::read(shape, &text, TimestampFormat::Iso8601, place),
            (kind, Node::Branch(_)) => Err(Malformed::not_a(text::what_is(kind), place)),
        }
    }

    /// Gaps close up: the order of the numbers counts.
    fn read_list(&self, list: &List, is_flat: bool, branch: Branch, place: &Location<'_>) -> Result<Value, Malformed> {
        let wrapper = list.item.wire_name.as_deref().unwrap_or("member");
        let numbered = numbered(branch, (!is_flat).then_some(wrapper), place)?;
        let items = numbered.into_iter().enumerate();
        items.map(|(at, node)| self.read(list.item.shape, self.is_ec2, node, &Location::Item(place, at))).collect()
    }

    fn read_map(
        &self,
        map: &MapShape,
        is_flat: bool,
        branch: Branch,
        place: &Location<'_>,
    ) -> Result<Value, Malformed> {
        let mut entries = Map::new();
        for node in numbered(branch, (!is_flat).then_some("entry"), place)? {
            let Node::Branch(mut entry) = node else { return Err(Malformed::not_a("a map", place)) };
            let [key, value] = names_of(map).map(|name| entry.remove(&Segment::read(name)));
            nothing_left(&entry, place)?;
            let (Some(Node::Text(key)), Some(value)) = (key, value) else {
                return Err(Malformed::not_a("a map", place));
            };
            let inner = Location::Key(place, &key);
            if entries.contains_key(&key) {
                return Err(Malformed::duplicate(inner));
            }
            let value = self.read(map.value.shape, self.is_ec2, value, &inner)?;
            entries.insert(key, value);
        }
        Ok(Value::Object(entries))
    }

    fn write_structure(
        &self,
        structure: &Structure,
        members: &Map<String, Value>,
        prefix: &str,
        pairs: &mut Vec<(String, String)>,
    ) -> Result<(), Malformed> {
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let member = structure.member(name).ok_or_else(|| Malformed::unexplained(below(prefix, name)))?;
            let name = below(prefix, &self.name(name, member));
            self.write(member.shape, self.is_flat(member), value, &name, pairs)?;
        }
        Ok(())
    }

    fn write(
        &self,
        shape: ShapeId,
        is_flat: bool,
        value: &Value,
        prefix: &str,
        pairs: &mut Vec<(String, String)>,
    ) -> Result<(), Malformed> {
        let shape = self.model.shape(shape);
        let before = pairs.len();
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                self.write_structure(structure, members, prefix, pairs)?;
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                let wrapper = list.item.wire_name.as_deref().unwrap_or("member");
                let prefix = if is_flat { prefix.to_owned() } else { below(prefix, wrapper) };
                for (at, item) in items.iter().enumerate() {
                    self.write(list.item.shape, self.is_ec2, item, &format!("{prefix}.{}", at + 1), pairs)?;
                }
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                let prefix = if is_flat { prefix.to_owned() } else { below(prefix, "entry") };
                let [of_key, of_value] = names_of(map);
                for (at, (key, value)) in entries.iter().enumerate() {
                    let entry = format!("{prefix}.{}", at + 1);
                    pairs.push((format!("{entry}.{of_key}"), key.clone()));
                    self.write(map.value.shape, self.is_ec2, value, &format!("{entry}.{of_value}"), pairs)?;
                }
            }
            _ => pairs.push((prefix.to_owned(), text::write(shape, value, TimestampFormat::Iso8601, prefix)?)),
        }
        if pairs.len() == before {
            // Given and empty.
            pairs.push((prefix.to_owned(), String::new()));
        }
        Ok(())
    }
}

/// The parameters of an entry.
fn names_of(map: &MapShape) -> [&str; 2] {
    [(&map.key, "key"), (&map.value, "value")].map(|(of, name)| of.wire_name.as_deref().unwrap_or(name))
}

/// The name of a parameter below another.
fn below(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(rest).collect()
}
