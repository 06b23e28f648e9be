//! Reads a small XML document into a tree. No document type, so no entities of its own and nothing external.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// The largest body S3 documents, CompleteMultipartUpload with 10,000 parts and their checksums, has under 4 MiB.
const MAX_BYTES: usize = 8 * 1024 * 1024;
const MAX_ELEMENTS: usize = 100_000;
const MAX_DEPTH: usize = 32;
/// Each attribute is compared with all before it.
const MAX_ATTRIBUTES: usize = 32;

/// An element: its name without prefix, its attributes, and text or other elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// The name, without a namespace prefix.
    pub name: String,
    /// The attributes, by their names without prefix. Declarations of namespaces are left out.
    pub attributes: Vec<(String, String)>,
    /// The text, with references resolved; empty if there are elements inside.
    pub text: String,
    /// The elements inside.
    pub children: Vec<Element>,
}

impl Element {
    /// The attribute of this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The first element of this name inside.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements of this name inside.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element of this name inside.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

/// A body that is no XML, or is XML of a kind that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotXml;

/// Reads a document's root element.
///
/// # Errors
/// It is not XML, has a document type, or is larger or deeper than any document of AWS's.
pub fn read(body: &[u8]) -> Result<Element, NotXml> {
    if body.len() > MAX_BYTES {
        return Err(NotXml);
    }
    let text = std::str::from_utf8(body).map_err(|_| NotXml)?;
    if text.contains(is_no_character) {
        return Err(NotXml);
    }
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(|_| NotXml)? {
            Event::Start(start) => tree.open(&start)?,
            Event::Empty(start) => {
                tree.open(&start)?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.text(resolved(&reference)?.as_str())?,
            Event::DocType(_) => return Err(NotXml),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

/// What XML 1.0 does not have as a character: w3.org/TR/xml/#charsets
fn is_no_character(character: char) -> bool {
    matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, NotXml> {
    match reference.resolve_char_ref().map_err(|_| NotXml)? {
        Some(character) => Ok(character.to_string()),
        None => resolve_predefined_entity(&reference.xml10_content()).map(str::to_owned).ok_or(NotXml),
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, NotXml> {
    let mut attributes = Vec::new();
    for (at, attribute) in start.attributes().enumerate() {
        let attribute = attribute.map_err(|_| NotXml)?;
        if at >= MAX_ATTRIBUTES {
            return Err(NotXml);
        }
        if attribute.key.as_namespace_binding().is_none() {
            let text = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| NotXml)?;
            attributes.push((attribute.key.local_name().as_ref().to_owned(), text.into_owned()));
        }
    }
    Ok(attributes)
}

#[derive(Default)]
struct Tree {
    /// From the root to the element under way.
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), NotXml> {
        self.elements += 1;
        if self.root.is_some() || self.open.len() >= MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(NotXml);
        }
        let name = start.local_name().as_ref().to_owned();
        self.open.push(Element { name, attributes: attributes(start)?, ..Element::default() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), NotXml> {
        let mut element = self.open.pop().ok_or(NotXml)?;
        if !element.children.is_empty() {
            if !element.text.trim().is_empty() {
                return Err(NotXml);
            }
            element.text.clear();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    /// Between elements only white space may stand.
    fn text(&mut self, text: &str) -> Result<(), NotXml> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(NotXml),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, NotXml> {
        if self.open.is_empty() { self.root.ok_or(NotXml) } else { Err(NotXml) }
    }
}
