//! XML documents, by shape.

use model::{List, Map as MapShape, Member, MemberLocation, Model, ShapeId, ShapeKind, Structure, TimestampFormat};
use serde_json::{Map, Value};

use crate::fault::Malformed;
use crate::location::Location;
use crate::text;
use crate::xml::{Element, Writer};

/// How documents are read and written.
pub(crate) struct Documents<'m> {
    pub(crate) model: &'m Model,
    /// Whether a request is read or written. One that is read has nothing that the model does not have; an answer may have
    /// more. One that is written must be read alike by every server.
    pub(crate) is_request: bool,
    /// EC2's lists stand without an element around them in requests; in answers they have one. Its items are `item`.
    pub(crate) item: &'static str,
}

impl Documents<'_> {
    /// The members that stand in an element.
    pub(crate) fn read_members(
        &self,
        structure: &Structure,
        element: &Element,
        place: &Location<'_>,
    ) -> Result<Map<String, Value>, Malformed> {
        self.check(structure, element, place)?;
        let mut members = Map::new();
        for (own, member) in structure.members.iter().filter(|(_, member)| member.place == MemberLocation::Body) {
            let inner = Location::Member(place, own);
            let name = self.name(own, member);
            let value = if member.is_attribute {
                let text = element.attribute(local(name));
                let shape = self.model.shape(member.shape);
                text.map(|text| text::read(shape, text, TimestampFormat::Iso8601, inner)).transpose()?
            } else {
                self.read_all(member, &element.all(name).collect::<Vec<_>>(), &inner)?
            };
            if let Some(value) = value {
                members.insert(own.clone(), value);
            }
        }
        Ok(members)
    }

    /// Whether a request says something in an element that its structure does not have.
    fn check(&self, structure: &Structure, element: &Element, place: &Location<'_>) -> Result<(), Malformed> {
        let names = || {
            let body = structure.members.iter().filter(|(_, member)| member.place == MemberLocation::Body);
            body.filter(|(_, member)| !member.is_attribute).map(|(own, member)| self.name(own, member))
        };
        self.check_children(element, place, |child| names().any(|name| name == child))
    }

    /// The elements inside are such, and there is no text beside them.
    fn check_children(
        &self,
        element: &Element,
        place: &Location<'_>,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<(), Malformed> {
        let unknown = element.children.iter().find(|child| !is_known(&child.name));
        match unknown.filter(|_| self.is_request) {
            Some(child) => Err(Malformed::unexplained(Location::Member(place, &child.name))),
            None if self.is_request && !element.text.trim().is_empty() => {
                Err(Malformed::unexplained(Location::Member(place, "text")))
            }
            None => Ok(()),
        }
    }

    /// The items of a list without an element around them may have a name of their own.
    fn name<'n>(&'n self, own: &'n str, member: &'n Member) -> &'n str {
        let of_items = match &self.model.shape(member.shape).kind {
            ShapeKind::List(list) if member.is_flattened => list.item.wire_name.as_deref(),
            _ => None,
        };
        of_items.or(member.wire_name.as_deref()).unwrap_or(own)
    }

    fn read_all(&self, member: &Member, found: &[&Element], place: &Location<'_>) -> Result<Option<Value>, Malformed> {
        match (&self.model.shape(member.shape).kind, found) {
            (_, []) => Ok(None),
            (ShapeKind::List(list), found) if member.is_flattened => {
                let items = found.iter().enumerate();
                let items = items.map(|(at, item)| self.read(list.item.shape, item, &Location::Item(place, at)));
                items.collect::<Result<_, _>>().map(Some)
            }
            (ShapeKind::Map(map), found) if member.is_flattened => self.read_map(map, found, place).map(Some),
            (_, [one]) => self.read(member.shape, one, place).map(Some),
            (_, [_, _, ..]) => Err(Malformed::duplicate(place)),
        }
    }

    pub(crate) fn read(&self, shape: ShapeId, element: &Element, place: &Location<'_>) -> Result<Value, Malformed> {
        let shape = self.model.shape(shape);
        match &shape.kind {
            ShapeKind::Structure(structure) => self.read_members(structure, element, place).map(Value::Object),
            ShapeKind::List(list) => self.read_list(list, element, place),
            ShapeKind::Map(map) => {
                self.check_children(element, place, |child| child == "entry")?;
                self.read_map(map, &element.all("entry").collect::<Vec<_>>(), place)
            }
            _ if !element.children.is_empty() => Err(Malformed::not_a("text", place)),
            _ => text::read(shape, &element.text, TimestampFormat::Iso8601, place),
        }
    }

    fn read_list(&self, list: &List, element: &Element, place: &Location<'_>) -> Result<Value, Malformed> {
        let name = list.item.wire_name.as_deref().unwrap_or(self.item);
        self.check_children(element, place, |child| child == name)?;
        let items = element.all(name).enumerate();
        items.map(|(at, item)| self.read(list.item.shape, item, &Location::Item(place, at))).collect()
    }

    fn read_map(&self, map: &MapShape, found: &[&Element], place: &Location<'_>) -> Result<Value, Malformed> {
        let mut entries = Map::new();
        let [of_key, of_value] = names_of(map);
        for entry in found {
            self.check_children(entry, place, |child| child == of_key || child == of_value)?;
            let (Some(key), Some(value)) = (entry.child(of_key), entry.child(of_value)) else {
                return Err(Malformed::not_a("a map", place));
            };
            if self.is_request && (entry.children.len() > 2 || !key.children.is_empty()) {
                return Err(Malformed::not_a("a map", place));
            }
            let inner = Location::Key(place, &key.text);
            let value = self.read(map.value.shape, value, &inner)?;
            if entries.insert(key.text.clone(), value).is_some() {
                return Err(Malformed::duplicate(inner));
            }
        }
        Ok(Value::Object(entries))
    }

    /// Writes the members of a structure into the element that is open.
    pub(crate) fn write_members(
        &self,
        xml: &mut Writer,
        structure: &Structure,
        members: &Map<String, Value>,
        place: &Location<'_>,
    ) -> Result<(), Malformed> {
        for (own, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let inner = Location::Member(place, own);
            let member = structure.member(own).filter(|member| member.place == MemberLocation::Body);
            let member = member.ok_or_else(|| Malformed::unexplained(inner))?;
            if !member.is_attribute {
                self.write(xml, self.name(own, member), member, value, &inner)?;
            }
        }
        Ok(())
    }

    fn write(
        &self,
        xml: &mut Writer,
        name: &str,
        member: &Member,
        value: &Value,
        place: &Location<'_>,
    ) -> Result<(), Malformed> {
        match (&self.model.shape(member.shape).kind, value) {
            (ShapeKind::List(list), Value::Array(items)) if member.is_flattened => {
                self.write_items(xml, name, list, items, place)
            }
            (ShapeKind::Map(map), Value::Object(entries)) if member.is_flattened => {
                self.write_entries(xml, name, map, entries, place)
            }
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                let attributes = self.attributes(structure, member, members, place)?;
                let attributes: Vec<_> = attributes.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                xml.try_tagged(name, &attributes, |xml| self.write_members(xml, structure, members, place))
            }
            _ => self.write_value(xml, name, member.shape, value, place),
        }
    }

    /// Writes a value as an element.
    fn write_value(
        &self,
        xml: &mut Writer,
        name: &str,
        shape: ShapeId,
        value: &Value,
        place: &Location<'_>,
    ) -> Result<(), Malformed> {
        let shape = self.model.shape(shape);
        match (&shape.kind, value) {
            (ShapeKind::Structure(structure), Value::Object(members)) => {
                xml.try_tagged(name, &[], |xml| self.write_members(xml, structure, members, place))
            }
            (ShapeKind::List(list), Value::Array(items)) => {
                let item = list.item.wire_name.as_deref().unwrap_or(self.item);
                xml.try_tagged(name, &[], |xml| self.write_items(xml, item, list, items, place))
            }
            (ShapeKind::Map(map), Value::Object(entries)) => {
                xml.try_tagged(name, &[], |xml| self.write_entries(xml, "entry", map, entries, place))
            }
            _ => self.write_text(xml, name, &text::write(shape, value, TimestampFormat::Iso8601, place)?, place),
        }
    }

    /// Some servers take away white space around a text: moto does so in tags.
    fn write_text(&self, xml: &mut Writer, name: &str, text: &str, place: &Location<'_>) -> Result<(), Malformed> {
        if self.is_request && text.trim() != text {
            return Err(Malformed::ambiguous(place));
        }
        xml.text(name, text);
        Ok(())
    }

    fn write_items(
        &self,
        xml: &mut Writer,
        name: &str,
        list: &List,
        items: &[Value],
        place: &Location<'_>,
    ) -> Result<(), Malformed> {
        let mut items = items.iter().enumerate();
        items.try_for_each(|(at, item)| self.write_value(xml, name, list.item.shape, item, &Location::Item(place, at)))
    }

    fn write_entries(
        &self,
        xml: &mut Writer,
        name: &str,
        map: &MapShape,
        entries: &Map<String, Value>,
        place: &Location<'_>,
    ) -> Result<(), Malformed> {
        let [of_key, of_value] = names_of(map);
        entries.iter().try_for_each(|(key, value)| {
            xml.try_tagged(name, &[], |xml| {
                let inner = Location::Key(place, key);
                self.write_text(xml, of_key, key, &inner)?;
                self.write_value(xml, of_value, map.value.shape, value, &inner)
            })
        })
    }

    /// The attributes of a structure's element, with the namespace that their prefix needs.
    fn attributes(
        &self,
        structure: &Structure,
        member: &Member,
        members: &Map<String, Value>,
        place: &Location<'_>,
    ) -> Result<Vec<(String, String)>, Malformed> {
        let mut attributes = Vec::new();
        for (own, of) in structure.members.iter().filter(|(_, member)| member.is_attribute) {
            let Some(value) = members.get(own).filter(|value| !value.is_null()) else { continue };
            let (shape, inner) = (self.model.shape(of.shape), Location::Member(place, own));
            let text = text::write(shape, value, TimestampFormat::Iso8601, inner)?;
            attributes.push((of.wire_name.as_deref().unwrap_or(own).to_owned(), text));
        }
        if let Some(namespace) = member.namespace.as_ref().filter(|_| !attributes.is_empty())
            && let Some(prefix) = &namespace.prefix
        {
            attributes.insert(0, (format!("xmlns:{prefix}"), namespace.uri.clone()));
        }
        Ok(attributes)
    }
}

/// The elements of an entry.
fn names_of(map: &MapShape) -> [&str; 2] {
    [(&map.key, "key"), (&map.value, "value")].map(|(of, name)| of.wire_name.as_deref().unwrap_or(name))
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
