//! XML documents, by shape.

use model::{Kind, List, Map as MapShape, Member, Model, Place, ShapeId, Structure, TimestampFormat};
use serde_json::{Map, Value};

use crate::fault::Malformed;
use crate::json::{item_of, within};
use crate::text;
use crate::xml::{Element, Writer};

/// How documents are read and written.
pub(crate) struct Documents<'m> {
    pub(crate) model: &'m Model,
    /// Whether an element that the model does not have is an error. An answer may have some.
    pub(crate) is_strict: bool,
    /// EC2's lists stand without an element around them in requests; in answers they have one. Its items are `item`.
    pub(crate) item: &'static str,
}

impl Documents<'_> {
    /// The members that stand in an element.
    pub(crate) fn read_members(
        &self,
        structure: &Structure,
        element: &Element,
        place: &str,
    ) -> Result<Map<String, Value>, Malformed> {
        let mut members = Map::new();
        let mut explained = 0;
        for (own, member) in structure.members.iter().filter(|(_, member)| member.place == Place::Body) {
            let inner = within(place, own);
            let name = self.name(own, member);
            if member.is_attribute {
                if let Some(text) = element.attribute(local(name)) {
                    members.insert(own.clone(), text::read(self.model.shape(member.shape), text, &inner)?);
                }
                continue;
            }
            let found: Vec<&Element> = element.all(name).collect();
            explained += found.len();
            if let Some(value) = self.read_all(member, &found, &inner)? {
                members.insert(own.clone(), value);
            }
        }
        if self.is_strict && explained < element.children.len() {
            let unknown = element.children.iter().find(|child| !self.knows(structure, &child.name));
            return Err(Malformed::unexplained(&within(place, unknown.map_or("", |child| &child.name))));
        }
        Ok(members)
    }

    fn knows(&self, structure: &Structure, name: &str) -> bool {
        let body = structure.members.iter().filter(|(_, member)| member.place == Place::Body && !member.is_attribute);
        body.into_iter().any(|(own, member)| self.name(own, member) == name)
    }

    /// The items of a list without an element around them may have a name of their own.
    fn name<'n>(&'n self, own: &'n str, member: &'n Member) -> &'n str {
        let of_items = match &self.model.shape(member.shape).kind {
            Kind::List(list) if member.is_flattened => list.item.wire_name.as_deref(),
            _ => None,
        };
        of_items.or(member.wire_name.as_deref()).unwrap_or(own)
    }

    fn read_all(&self, member: &Member, found: &[&Element], place: &str) -> Result<Option<Value>, Malformed> {
        match (&self.model.shape(member.shape).kind, found) {
            (_, []) => Ok(None),
            (Kind::List(list), found) if member.is_flattened => {
                let items = found.iter().enumerate();
                let items = items.map(|(at, item)| self.read(list.item.shape, item, &item_of(place, at)));
                items.collect::<Result<_, _>>().map(Some)
            }
            (Kind::Map(map), found) if member.is_flattened => self.read_map(map, found, place).map(Some),
            (_, [one]) => self.read(member.shape, one, place).map(Some),
            (_, [_, _, ..]) => Err(Malformed::duplicate(place)),
        }
    }

    pub(crate) fn read(&self, shape: ShapeId, element: &Element, place: &str) -> Result<Value, Malformed> {
        let shape = self.model.shape(shape);
        match &shape.kind {
            Kind::Structure(structure) => self.read_members(structure, element, place).map(Value::Object),
            Kind::List(list) => self.read_list(list, element, place),
            Kind::Map(map) => self.read_map(map, &element.children.iter().collect::<Vec<_>>(), place),
            _ if !element.children.is_empty() => Err(Malformed::not_a("text", place)),
            _ => text::read(shape, &element.text, place),
        }
    }

    fn read_list(&self, list: &List, element: &Element, place: &str) -> Result<Value, Malformed> {
        let name = list.item.wire_name.as_deref().unwrap_or(self.item);
        if let Some(other) = element.children.iter().find(|child| self.is_strict && child.name != name) {
            return Err(Malformed::unexplained(&within(place, &other.name)));
        }
        let items = element.all(name).enumerate();
        items.map(|(at, item)| self.read(list.item.shape, item, &item_of(place, at))).collect()
    }

    fn read_map(&self, map: &MapShape, found: &[&Element], place: &str) -> Result<Value, Malformed> {
        let mut entries = Map::new();
        for entry in found {
            let key = entry.text_of(map.key.wire_name.as_deref().unwrap_or("key"));
            let value = entry.child(map.value.wire_name.as_deref().unwrap_or("value"));
            let (Some(key), Some(value)) = (key, value) else { return Err(Malformed::not_a("a map", place)) };
            let inner = within(place, key);
            let value = self.read(map.value.shape, value, &inner)?;
            if entries.insert(key.to_owned(), value).is_some() {
                return Err(Malformed::duplicate(&inner));
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
        place: &str,
    ) -> Result<(), Malformed> {
        for (own, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let inner = within(place, own);
            let member = structure.member(own).ok_or_else(|| Malformed::unexplained(&inner))?;
            if member.place == Place::Body && !member.is_attribute {
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
        place: &str,
    ) -> Result<(), Malformed> {
        match (&self.model.shape(member.shape).kind, value) {
            (Kind::List(list), Value::Array(items)) if member.is_flattened => {
                self.write_items(xml, name, list, items, place)
            }
            (Kind::Map(map), Value::Object(entries)) if member.is_flattened => {
                self.write_entries(xml, name, map, entries, place)
            }
            (Kind::Structure(structure), Value::Object(members)) => {
                let attributes = attributes(structure, member, members);
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
        place: &str,
    ) -> Result<(), Malformed> {
        let shape = self.model.shape(shape);
        match (&shape.kind, value) {
            (Kind::Structure(structure), Value::Object(members)) => {
                xml.try_tagged(name, &[], |xml| self.write_members(xml, structure, members, place))
            }
            (Kind::List(list), Value::Array(items)) => {
                let item = list.item.wire_name.as_deref().unwrap_or(self.item);
                xml.try_tagged(name, &[], |xml| self.write_items(xml, item, list, items, place))
            }
            (Kind::Map(map), Value::Object(entries)) => {
                xml.try_tagged(name, &[], |xml| self.write_entries(xml, "entry", map, entries, place))
            }
            _ => {
                xml.text(name, &text::write(shape, value, TimestampFormat::Iso8601, place)?);
                Ok(())
            }
        }
    }

    fn write_items(
        &self,
        xml: &mut Writer,
        name: &str,
        list: &List,
        items: &[Value],
        place: &str,
    ) -> Result<(), Malformed> {
        let items = items.iter().enumerate();
        items
            .into_iter()
            .try_for_each(|(at, item)| self.write_value(xml, name, list.item.shape, item, &item_of(place, at)))
    }

    fn write_entries(
        &self,
        xml: &mut Writer,
        name: &str,
        map: &MapShape,
        entries: &Map<String, Value>,
        place: &str,
    ) -> Result<(), Malformed> {
        let [of_key, of_value] =
            [(&map.key, "key"), (&map.value, "value")].map(|(of, name)| of.wire_name.as_deref().unwrap_or(name));
        entries.iter().try_for_each(|(key, value)| {
            xml.try_tagged(name, &[], |xml| {
                xml.text(of_key, key);
                self.write_value(xml, of_value, map.value.shape, value, &within(place, key))
            })
        })
    }
}

/// The attributes of a structure's element, with the namespace that their prefix needs.
fn attributes(structure: &Structure, member: &Member, members: &Map<String, Value>) -> Vec<(String, String)> {
    let given = structure.members.iter().filter(|(_, member)| member.is_attribute).filter_map(|(own, member)| {
        let text = members.get(own)?.as_str()?;
        Some((member.wire_name.as_deref().unwrap_or(own).to_owned(), text.to_owned()))
    });
    let mut attributes: Vec<_> = given.collect();
    if let Some(namespace) = member.namespace.as_ref().filter(|_| !attributes.is_empty())
        && let Some(prefix) = &namespace.prefix
    {
        attributes.insert(0, (format!("xmlns:{prefix}"), namespace.uri.clone()));
    }
    attributes
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
