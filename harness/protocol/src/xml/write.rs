//! Writes XML element by element.

use std::convert::Infallible;

/// An XML document under way.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    out: String,
}

impl Writer {
    /// An empty document, without a declaration: the query protocol's answers have none.
    #[must_use]
    pub fn new() -> Writer {
        Writer::default()
    }

    /// A document that starts with the declaration, as S3's do.
    #[must_use]
    pub fn declared() -> Writer {
        Writer { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned() }
    }

    /// The root element with its namespace.
    pub fn root(&mut self, name: &str, namespace: &str, content: impl FnOnce(&mut Writer)) {
        self.tagged(name, &[("xmlns", namespace)], content);
    }

    /// An element with others inside.
    pub fn element(&mut self, name: &str, content: impl FnOnce(&mut Writer)) {
        self.tagged(name, &[], content);
    }

    /// An element with attributes.
    pub fn tagged(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Writer)) {
        let Ok(()) = self.try_tagged(name, attributes, |xml| {
            content(xml);
            Ok::<_, Infallible>(())
        });
    }

    /// An element with attributes, whose content may fail.
    ///
    /// # Errors
    /// That of the content.
    pub fn try_tagged<E>(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Writer) -> Result<(), E>,
    ) -> Result<(), E> {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            escape(value, &mut self.out);
            self.out.push('"');
        }
        let start = self.out.len();
        self.out.push('>');
        content(self)?;
        if self.out.len() == start + 1 {
            self.out.truncate(start);
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        Ok(())
    }

    /// An element with text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.element(name, |inner| inner.content(text));
    }

    /// Text inside the element under way.
    pub fn content(&mut self, text: &str) {
        escape(text, &mut self.out);
    }

    /// An element with text, left out if there is none.
    pub fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// The document.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
}

/// What XML 1.0 cannot hold (most control characters, which keys may have) becomes a character reference all the
/// same: S3 does so, and its clients ask for `encoding-type=url` where it hurts.
/// docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
fn escape(text: &str, out: &mut String) {
    let is_special = |letter| matches!(letter, '&' | '<' | '>' | '"' | '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    let mut rest = text;
    while let Some((plain, from)) = rest.find(is_special).map(|at| rest.split_at(at)) {
        out.push_str(plain);
        let mut letters = from.chars();
        match letters.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            Some('\r') => out.push_str("&#13;"),
            Some(letter @ ('\t' | '\n')) => out.push(letter),
            Some(letter) => out.push_str(&format!("&#x{:x};", u32::from(letter))),
            None => {}
        }
        rest = letters.as_str();
    }
    out.push_str(rest);
}
