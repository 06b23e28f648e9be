//! A line: a question in JSON.

use std::borrow::Cow;

use policy::{ContextValue, Kind, Kinds};
use source::FileId;

use crate::ask::{Ask, MOST_KEYS};
use crate::cache::{Cache, Place};
use crate::fault::{Fault, MOST_FAULTS};
use crate::scan::Scan;

const MEMBERS: &[&str] = &["id", "principal", "action", "resource", "resourceAccount", "context", "policies"];
const REQUIRED: &[&str] = &["principal", "action", "resource"];
const POLICIES: &[&str] = &["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"];

/// A line as far as it could be read.
pub(crate) struct Read<'a> {
    /// As JSON; `null` without one.
    pub(crate) id: &'a str,
    pub(crate) ask: Result<Ask<'a>, Vec<Fault>>,
    /// Where each key of the context stands.
    pub(crate) places: Vec<usize>,
}

/// Reads a line.
pub(crate) fn read<'a>(text: &'a str, cache: &mut Cache) -> Read<'a> {
    let mut reader = Reader { cache, id: None, ask: Ask::default(), places: Vec::new(), seen: 0, faults: Vec::new() };
    let mut scan = Scan::new(text);
    let whole = scan.object(|scan, key, at| reader.member(scan, &key, at)).and_then(|()| scan.end());
    reader.required();
    let Reader { id, ask, places, faults, .. } = reader;
    let ask = match whole {
        None => Err(vec![no_json(text)]),
        Some(()) if faults.is_empty() => Ok(ask),
        Some(()) => Err(faults),
    };
    Read { id: id.unwrap_or("null"), ask, places }
}

/// What keeps a line from being JSON, or which key stands in it twice.
fn no_json(text: &str) -> Fault {
    let (_, findings) = source::json::read(FileId(0), text);
    match findings.into_iter().next() {
        Some(finding) => Fault::found(finding, 0),
        None => Fault::new("the line is not an object in JSON"),
    }
}

struct Reader<'a, 'c> {
    cache: &'c mut Cache,
    id: Option<&'a str>,
    ask: Ask<'a>,
    places: Vec<usize>,
    /// The members so far, a bit for each.
    seen: u8,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a, '_> {
    fn member(&mut self, scan: &mut Scan<'a>, key: &str, at: usize) -> Option<()> {
        let Some(member) = MEMBERS.iter().position(|name| *name == key) else {
            return self.unknown(scan, "a line", key, at, MEMBERS);
        };
        if self.seen & (1 << member) != 0 {
            return None;
        }
        self.seen |= 1 << member;
        let name = MEMBERS[member];
        match name {
            "id" => self.id(scan),
            "principal" => self.text(scan, name).map(|text| self.ask.principal = text.unwrap_or_default()),
            "action" => self.text(scan, name).map(|text| self.ask.action = text.unwrap_or_default()),
            "resource" => self.text(scan, name).map(|text| self.ask.resource = text.unwrap_or_default()),
            "resourceAccount" => self.text(scan, name).map(|text| self.ask.resource_account = text),
            "context" => self.context(scan),
            _ => self.policies(scan),
        }
    }

    fn fault(&mut self, fault: Fault) {
        match self.faults.len() {
            ..MOST_FAULTS => self.faults.push(fault),
            MOST_FAULTS => self.faults.push(Fault::more()),
            _ => {}
        }
    }

    fn required(&mut self) {
        for (member, name) in MEMBERS.iter().enumerate() {
            if REQUIRED.contains(name) && self.seen & (1 << member) == 0 {
                self.fault(Fault::new(format!("the line has no `{name}`")));
            }
        }
    }

    fn id(&mut self, scan: &mut Scan<'a>) -> Option<()> {
        let (at, id) = (scan.at(), scan.raw()?);
        match id.as_bytes().first() {
            Some(b'"') => {
                serde_json::from_str::<serde::de::IgnoredAny>(id).ok()?;
                match id.contains('\\') && serde_json::from_str::<String>(id).is_err() {
                    // It is no text, and whoever reads the answer could not read it there either.
                    true => self.fault(Fault::new("`id` has half a surrogate pair").at(at)),
                    false => self.id = Some(id),
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                serde_json::from_str::<serde_json::Number>(id).ok()?;
                self.id = Some(id);
            }
            _ => self.fault(Fault::new("`id` should be text or a number").at(at)),
        }
        Some(())
    }

    fn text(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<Option<Cow<'a, str>>> {
        if scan.peek() == Some(b'"') {
            return scan.string().map(Some);
        }
        self.wrong(scan, &format!("`{name}` should be text"))?;
        Some(None)
    }

    fn context(&mut self, scan: &mut Scan<'a>) -> Option<()> {
        if scan.peek() != Some(b'{') {
            return self.wrong(scan, "`context` should be an object from condition keys to values");
        }
        scan.object(|scan, key, at| {
            // Where there are too many, that is what is wrong with the line.
            let before = self.ask.context.iter().take(MOST_KEYS);
            if before.map(|(key, _)| key).any(|known| *known == key) {
                return None;
            }
            let value = match scan.peek()? {
                b'[' => {
                    let mut values = Vec::new();
                    scan.list(|scan| self.value(scan, &key).map(|value| values.extend(value)))?;
                    ContextValue::Many(values)
                }
                _ => ContextValue::One(self.value(scan, &key)?.unwrap_or_default()),
            };
            if !key.contains(':') {
                let key = policy::plain(&key);
                self.fault(Fault::new(format!("the condition key `{key}` has no service prefix")).at(at));
            }
            self.ask.context.push((key, value));
            self.places.push(at);
            Some(())
        })
    }

    /// Text, or a number or Boolean taken as text, as in a policy.
    fn value(&mut self, scan: &mut Scan<'a>, key: &str) -> Option<Option<String>> {
        let at = scan.at();
        if scan.peek() == Some(b'"') {
            return scan.string().map(|text| Some(text.into_owned()));
        }
        let raw = scan.raw()?;
        match source::json::read(FileId(0), raw) {
            (Some(node), findings) if findings.is_empty() => {
                let text = node.text().map(str::to_owned);
                if text.is_none() {
                    let message = format!("a value of `{}` is {}, and should be text", policy::plain(key), node.kind());
                    self.fault(Fault::new(message).at(at));
                }
                Some(text)
            }
            _ => None,
        }
    }

    fn policies(&mut self, scan: &mut Scan<'a>) -> Option<()> {
        if scan.peek() != Some(b'{') {
            return self.wrong(scan, "`policies` should be an object from kinds to policies");
        }
        let mut seen = Kinds::default();
        scan.object(|scan, key, at| {
            let Some(name) = POLICIES.iter().find(|name| **name == key) else {
                return self.unknown(scan, "`policies`", &key, at, POLICIES);
            };
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == *name)?;
            if seen.contains(kind) {
                return None;
            }
            seen = seen.iter().chain([kind]).collect();
            match kind {
                Kind::Resource | Kind::Trust => self.policy(scan, Place { kind, level: 0, at: 0 }),
                Kind::ServiceControl | Kind::ResourceControl => self.levels(scan, kind),
                _ => self.several(scan, kind, 0),
            }
        })
    }

    fn levels(&mut self, scan: &mut Scan<'a>, kind: Kind) -> Option<()> {
        if scan.peek() != Some(b'[') {
            return self.wrong(scan, &format!("`{kind}` should be a list of levels, each a list of policies"));
        }
        let mut level = 0;
        scan.list(|scan| {
            self.several(scan, kind, level)?;
            level += 1;
            Some(())
        })
    }

    fn several(&mut self, scan: &mut Scan<'a>, kind: Kind, level: usize) -> Option<()> {
        if scan.peek() != Some(b'[') {
            return self.wrong(scan, &format!("`{kind}` should be a list of policies"));
        }
        self.ask.attached.give(kind, level);
        let mut at = 0;
        scan.list(|scan| {
            self.policy(scan, Place { kind, level, at })?;
            at += 1;
            Some(())
        })
    }

    fn policy(&mut self, scan: &mut Scan<'a>, place: Place) -> Option<()> {
        let start = scan.at();
        match self.cache.policy(scan, place)? {
            Ok(compiled) => {
                let added = self.ask.attached.add(compiled, place.level);
                if let Err(fault) = added {
                    self.fault(fault.at(start));
                }
            }
            Err((start, findings)) => {
                let errors = findings.into_iter().filter(source::Finding::is_error);
                errors.for_each(|finding| self.fault(Fault::found(finding, start)));
            }
        }
        Some(())
    }

    fn unknown(&mut self, scan: &mut Scan<'a>, of: &str, key: &str, at: usize, known: &[&str]) -> Option<()> {
        let fault = Fault::new(format!("`{}` is not a key of {of}", policy::plain(key)));
        self.fault(fault.at(at).suggest(key, known));
        scan.raw().map(|_| ())
    }

    fn wrong(&mut self, scan: &mut Scan<'a>, message: &str) -> Option<()> {
        self.fault(Fault::new(message).at(scan.at()));
        scan.raw().map(|_| ())
    }
}
