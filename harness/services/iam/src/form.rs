//! Reading an operation's input, with every breach of the service model's constraints in one `ValidationError`.

use account::input::Breaches;
use account::{Fault, Page};
use serde_json::{Map, Value};

mod text;

#[cfg(test)]
mod tests;

/// An input that is being read.
pub(crate) struct Form {
    members: Map<String, Value>,
    breaches: Breaches,
}

impl Form {
    pub(crate) fn new(input: Value) -> Self {
        let mut breaches = Breaches::default();
        let members = match input {
            Value::Object(members) => members,
            Value::Null => Map::new(),
            _ => {
                breaches.add_sentence("The input is not a structure");
                Map::new()
            }
        };
        Self { members, breaches }
    }

    /// Ends the reading; what was read counts only if this is `Ok`.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        self.breaches.finish()
    }

    /// A name that must be there.
    pub(crate) fn name(&mut self, member: &str, longest: usize) -> String {
        let name = self.required(member);
        self.check_name(member, &name, longest);
        name
    }

    /// A name that may be left out.
    pub(crate) fn optional_name(&mut self, member: &str, longest: usize) -> Option<String> {
        let name = self.text(member)?;
        self.check_name(member, &name, longest);
        Some(name)
    }

    fn check_name(&mut self, member: &str, name: &str, longest: usize) {
        self.check_length(member, name, 1, longest);
        self.check_pattern(member, name, r"[\w+=,.@-]+", |text| text.chars().all(text::in_name));
    }

    /// A path, if given.
    pub(crate) fn optional_path(&mut self, member: &str) -> Option<String> {
        let path = self.text(member)?;
        self.check_length(member, &path, 1, 512);
        self.check_pattern(member, &path, r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", text::is_path);
        Some(path)
    }

    /// A path; `/` unless given.
    pub(crate) fn path(&mut self, member: &str) -> String {
        self.optional_path(member).unwrap_or_else(|| "/".to_owned())
    }

    /// The path of a managed policy; `/` unless given.
    pub(crate) fn policy_path(&mut self, member: &str) -> String {
        let Some(path) = self.text(member) else { return "/".to_owned() };
        self.check_length(member, &path, 1, 512);
        self.check_pattern(member, &path, r"((/[A-Za-z0-9\.,\+@=_-]+)*)/", text::is_policy_path);
        path
    }

    /// The beginning of paths to list; `/` unless given.
    pub(crate) fn path_prefix(&mut self) -> String {
        let Some(path) = self.text("PathPrefix") else { return "/".to_owned() };
        self.check_length("PathPrefix", &path, 1, 512);
        self.check_pattern("PathPrefix", &path, r"\u002F[\u0021-\u007F]*", text::is_path_prefix);
        path
    }

    /// An ARN that must be there, as far as the model says what that is.
    pub(crate) fn arn(&mut self, member: &str) -> String {
        let arn = self.required(member);
        self.check_length(member, &arn, 20, 2048);
        arn
    }

    /// An ARN that may be left out.
    pub(crate) fn optional_arn(&mut self, member: &str) -> Option<String> {
        let arn = self.text(member)?;
        self.check_length(member, &arn, 20, 2048);
        Some(arn)
    }

    /// The text of a policy document.
    pub(crate) fn document(&mut self, member: &str) -> String {
        let document = self.required(member);
        self.check_document(member, &document);
        document
    }

    /// The text of a policy document that may be left out.
    pub(crate) fn optional_document(&mut self, member: &str) -> Option<String> {
        let document = self.text(member)?;
        self.check_document(member, &document);
        Some(document)
    }

    /// Several policy documents.
    pub(crate) fn documents(&mut self, member: &str) -> Vec<String> {
        let documents = self.texts(member);
        for document in &documents {
            self.check_document(member, document);
        }
        documents
    }

    fn check_document(&mut self, member: &str, document: &str) {
        self.check_length(member, document, 1, 131_072);
        self.check_pattern(member, document, r"[\u0009\u000A\u000D\u0020-\u00FF]+", text::is_latin);
    }

    /// A description: any text up to 1,000 characters.
    pub(crate) fn description(&mut self) -> Option<String> {
        let text = self.text("Description")?;
        self.check_length("Description", &text, 0, 1_000);
        Some(text)
    }

    /// The number of a version of a managed policy: `v3` is 3.
    pub(crate) fn version(&mut self, member: &str) -> u32 {
        let text = self.required(member);
        let number =
            text.strip_prefix('v').filter(|digits| !digits.starts_with('0')).and_then(|digits| digits.parse().ok());
        if number.is_none() && !text.is_empty() {
            self.breach(member, r"Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?");
        }
        number.unwrap_or_default()
    }

    /// One of a few words.
    pub(crate) fn choice(&mut self, member: &str, known: &[&'static str]) -> Option<&'static str> {
        let text = self.text(member)?;
        let found = known.iter().find(|&&word| word == text).copied();
        if found.is_none() {
            self.breach(member, &format!("Member must satisfy enum value set: [{}]", known.join(", ")));
        }
        found
    }

    /// One of a few words, which must be there; the first of them if it is not.
    pub(crate) fn required_choice(&mut self, member: &str, known: &[&'static str]) -> &'static str {
        let found = self.choice(member, known);
        if found.is_none() && !self.breached(member) {
            self.breach(member, "Member must not be null");
        }
        found.or(known.first().copied()).unwrap_or_default()
    }

    /// A whole number within bounds.
    pub(crate) fn number(&mut self, member: &str, least: i64, most: i64) -> Option<i64> {
        let text = self.text(member)?;
        let Ok(number) = text.parse() else {
            self.breach(member, "Member must be a number");
            return None;
        };
        self.breaches.range(Some(number), &text::lower_first(member), least, most);
        Some(number)
    }

    /// `true` or `false`; false unless given.
    pub(crate) fn boolean(&mut self, member: &str) -> bool {
        match self.text(member).as_deref() {
            None => false,
            Some(text) if text.eq_ignore_ascii_case("true") => true,
            Some(text) if text.eq_ignore_ascii_case("false") => false,
            Some(_) => {
                self.breach(member, "Member must be true or false");
                false
            }
        }
    }

    /// `Marker` and `MaxItems`.
    pub(crate) fn page(&mut self) -> Page {
        let marker = self.text("Marker");
        let size = self.number("MaxItems", 1, 1_000).unwrap_or(100);
        Page { token: marker, size: usize::try_from(size).unwrap_or(100) }
    }

    /// A list of whatever; nothing if it is not given.
    pub(crate) fn list(&mut self, member: &str) -> Vec<Value> {
        match self.members.remove(member) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.breach(member, "Member must be a list");
                Vec::new()
            }
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, member: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.list(member) {
            match scalar(&item) {
                Some(text) => texts.push(text),
                None => self.breach(member, "Member must not be null"),
            }
        }
        texts
    }

    /// A text that must be there; empty if it is not.
    pub(crate) fn required(&mut self, member: &str) -> String {
        self.text(member).unwrap_or_else(|| {
            self.breach(member, "Member must not be null");
            String::new()
        })
    }

    /// A text. The query protocol sends numbers and Booleans as text, others may not.
    pub(crate) fn text(&mut self, member: &str) -> Option<String> {
        match self.members.remove(member)? {
            Value::Null => None,
            value => {
                let text = scalar(&value);
                if text.is_none() {
                    self.breach(member, "Member must be a string");
                }
                text
            }
        }
    }

    pub(crate) fn check_length(&mut self, member: &str, text: &str, least: usize, most: usize) {
        self.breaches.length(text, &text::lower_first(member), least, most);
    }

    pub(crate) fn check_pattern(&mut self, member: &str, text: &str, pattern: &str, fits: impl FnOnce(&str) -> bool) {
        self.breaches.pattern(text, &text::lower_first(member), pattern, text.is_empty() || fits(text));
    }

    /// Notes that a member breaks a constraint.
    pub(crate) fn breach(&mut self, member: &str, constraint: &str) {
        self.breaches.add(&text::lower_first(member), constraint);
    }

    /// Whether something was noted about a member before: a text that is missing is not too short as well.
    fn breached(&self, member: &str) -> bool {
        self.breaches.has(&text::lower_first(member))
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
