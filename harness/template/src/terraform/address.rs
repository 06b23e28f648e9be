//! Addresses: `module.app["blue"].aws_iam_role.task[0]`.
//!
//! Keys may hold dots, quotes and brackets, so an address is never cut at its dots alone.
//! developer.hashicorp.com/terraform/cli/state/resource-addressing

/// A name with its key: `app["blue"]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) name: String,
    /// As it is written without quotes: `blue`, `0`.
    pub(super) key: Option<String>,
}

/// The modules that a resource is in, outermost first.
pub(super) type Module = Vec<Step>;

/// The modules of `module.a["k"].module.b`.
pub(super) fn module(address: &str) -> Module {
    let parts = parts(address);
    parts.chunks(2).filter_map(|pair| pair.get(1)).map(|part| step(part)).collect()
}

/// An address cut at the dots that are in no key.
pub(super) fn parts(address: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let mut key = Key::default();
    for (at, byte) in address.bytes().enumerate() {
        if byte == b'.' && !key.is_open {
            parts.push(&address[start..at]);
            start = at + 1;
        }
        key.next(byte);
    }
    parts.push(&address[start..]);
    parts
}

/// `name["key"]`, `name[0]` or `name`.
pub(super) fn step(part: &str) -> Step {
    let Some((name, key)) = part.split_once('[') else { return Step { name: part.to_owned(), key: None } };
    let key = key.strip_suffix(']').unwrap_or(key);
    let quoted = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
    let key = quoted.map_or_else(|| key.to_owned(), unescaped);
    Step { name: name.to_owned(), key: Some(key) }
}

/// Terraform writes keys as texts of its own language.
fn unescaped(key: &str) -> String {
    key.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Follows an address through its keys.
#[derive(Default)]
pub(crate) struct Key {
    pub(crate) is_open: bool,
    is_quoted: bool,
    is_escaped: bool,
}

impl Key {
    pub(crate) const fn next(&mut self, byte: u8) {
        let was_escaped = self.is_escaped;
        self.is_escaped = false;
        match byte {
            _ if was_escaped => {}
            b'\\' if self.is_quoted => self.is_escaped = true,
            b'"' if self.is_open => self.is_quoted = !self.is_quoted,
            b'[' if !self.is_quoted => self.is_open = true,
            b']' if !self.is_quoted => self.is_open = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_in_keys_cut_nothing() {
        let all = [
            ("aws_iam_role.r", vec!["aws_iam_role", "r"]),
            ("aws_iam_role.r[\"a.b\"]", vec!["aws_iam_role", "r[\"a.b\"]"]),
            ("module.m[\"x]\\\".y\"].data.t.n[0].arn", vec!["module", "m[\"x]\\\".y\"]", "data", "t", "n[0]", "arn"]),
        ];
        for (address, expected) in all {
            assert_eq!(parts(address), expected, "{address}");
        }
    }

    #[test]
    fn keys_are_read_as_they_are_meant() {
        assert_eq!(step("r[\"a\\\"b\"]").key.as_deref(), Some("a\"b"));
        assert_eq!(step("r[3]").key.as_deref(), Some("3"));
        assert_eq!(step("r").key, None);
        let names: Vec<_> = module("module.a[\"k.l\"].module.b").into_iter().map(|step| step.name).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
