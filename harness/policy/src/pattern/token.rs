//! Text of a policy taken apart into what is literal and what is not.

use super::Variable;
use crate::context::KeyName;

/// One part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Text(String),
    /// `*`
    Any,
    /// `?`
    One,
    Variable(Variable),
}

/// What counts as more than literal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) wildcards: Wildcards,
    pub(crate) variables: Variables,
}

/// Whether `*` and `?` stand for other text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wildcards {
    Count,
    Literal,
}

/// Whether `${…}` is replaced: only in documents of `Version` 2012-10-17.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variables {
    Replaced,
    Literal,
}

impl Variables {
    /// What a document's Version makes of them.
    pub(crate) fn of(version: Option<&str>) -> Self {
        if version == Some("2012-10-17") { Self::Replaced } else { Self::Literal }
    }
}

impl Syntax {
    pub(crate) const fn new(wildcards: Wildcards, variables: Variables) -> Self {
        Self { wildcards, variables }
    }
}

/// Takes a text apart; neighbouring literal text is one token.
pub(crate) fn tokens(text: &str, syntax: Syntax) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut ends = Ends::default();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '*' if syntax.wildcards == Wildcards::Count => (Token::Any, 1),
            '?' if syntax.wildcards == Wildcards::Count => (Token::One, 1),
            '$' if syntax.variables == Variables::Replaced => {
                ends.variable(rest, syntax.wildcards).unwrap_or_else(|| (Token::Text("$".to_owned()), 1))
            }
            _ => {
                let end = rest[first.len_utf8()..].find(['*', '?', '$']);
                let length = end.map_or(rest.len(), |end| end + first.len_utf8());
                (Token::Text(rest[..length].to_owned()), length)
            }
        };
        ends.pass(&rest[..length]);
        rest = &rest[length..];
        match (tokens.last_mut(), token) {
            (Some(Token::Text(before)), Token::Text(text)) => before.push_str(&text),
            (_, token) => tokens.push(token),
        }
    }
    tokens
}

/// Where variables end. One that starts between quotes, counted from the start of the text, ends at a brace between
/// quotes, and one outside outside; so that where one of them has no end, no later one of its sort has, and many that
/// are never closed are not looked for again and again.
#[derive(Default)]
struct Ends {
    is_quoted: bool,
    /// Outside quotes, and between them.
    none_is_left: [bool; 2],
}

impl Ends {
    fn pass(&mut self, text: &str) {
        self.is_quoted ^= text.bytes().filter(|&byte| byte == b'\'').count() % 2 == 1;
    }

    /// The variable, or the literal character, that `text` starts with, and how long it is written.
    fn variable(&mut self, text: &str, wildcards: Wildcards) -> Option<(Token, usize)> {
        let inner = text.strip_prefix("${")?;
        let none_is_left = &mut self.none_is_left[usize::from(self.is_quoted)];
        if *none_is_left {
            return None;
        }
        let mut quoted = false;
        let end = inner.find(|c: char| {
            quoted ^= c == '\'';
            c == '}' && !quoted
        });
        *none_is_left = end.is_none();
        end.map(|end| variable(&inner[..end], wildcards))
    }
}

/// What stands between the braces, read, and how long it is written with them.
fn variable(inner: &str, wildcards: Wildcards) -> (Token, usize) {
    let token = match inner {
        "*" | "?" | "$" => Token::Text(inner.to_owned()),
        _ => {
            let (key, default) = inner.split_once(',').map_or((inner, None), |(key, default)| (key, Some(default)));
            let default = default.map(|text| text.trim().trim_matches('\'').into());
            let among_wildcards = wildcards == Wildcards::Count;
            Token::Variable(Variable { key: KeyName::new(key.trim()), default, among_wildcards })
        }
    };
    (token, inner.len() + "${}".len())
}
