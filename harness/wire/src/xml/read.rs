//! Reads a small XML document into a tree. No document type, so no entities of its own and nothing external.

use http::StatusCode;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use crate::answer::Answer;

/// The largest body S3 documents, CompleteMultipartUpload with 10,000 parts and their checksums, has under 4 MiB.
const MAX_BYTES: usize = 8 * 1024 * 1024;
const MAX_ELEMENTS: usize = 100_000;
const MAX_DEPTH: usize = 32;

/// An element: its name without prefix, and text or other elements. Attributes are not kept; no request needs one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// The name, without a namespace prefix.
    pub name: String,
    /// The text, with references resolved; empty if there are elements inside.
    pub text: String,
    /// The elements inside.
    pub children: Vec<Element>,
}

impl Element {
    /// The first element of this name inside.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements of this name inside.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first element of this name inside.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

/// A body that is no XML, or is XML of a kind that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl Malformed {
    /// The error as S3 gives it, also for XML that does not fit the operation.
    /// docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    pub fn answer(self) -> Answer {
        Answer::new(
            StatusCode::BAD_REQUEST,
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        )
    }
}

/// Reads a document's root element.
pub fn read(body: &[u8]) -> Result<Element, Malformed> {
    if body.len() > MAX_BYTES {
        return Err(Malformed);
    }
    let text = std::str::from_utf8(body).map_err(|_| Malformed)?;
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(|_| Malformed)? {
            Event::Start(start) => tree.open(start.local_name().as_ref())?,
            Event::Empty(start) => {
                tree.open(start.local_name().as_ref())?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.text(resolved(&reference)?.as_str())?,
            Event::DocType(_) => return Err(Malformed),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, Malformed> {
    match reference.resolve_char_ref().map_err(|_| Malformed)? {
        Some(character) => Ok(character.to_string()),
        None => resolve_predefined_entity(&reference.xml10_content()).map(str::to_owned).ok_or(Malformed),
    }
}

#[derive(Default)]
struct Tree {
    /// From the root to the element under way.
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn open(&mut self, name: &str) -> Result<(), Malformed> {
        self.elements += 1;
        if self.root.is_some() || self.open.len() >= MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(Malformed);
        }
        self.open.push(Element { name: name.to_owned(), ..Element::default() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Malformed> {
        let mut element = self.open.pop().ok_or(Malformed)?;
        if !element.children.is_empty() {
            if !element.text.trim().is_empty() {
                return Err(Malformed);
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
    fn text(&mut self, text: &str) -> Result<(), Malformed> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(Malformed),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, Malformed> {
        if self.open.is_empty() { self.root.ok_or(Malformed) } else { Err(Malformed) }
    }
}
