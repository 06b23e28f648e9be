//! A line: a question in JSON, or a call.

use std::borrow::Cow;

use policy::{ContextValue, Kind, Kinds};
use source::{FileId, Node, Value};

use crate::cache::{Cache, PolicyPosition};
use crate::compiled::Compiled;
use crate::fault::{Fault, MOST_FAULTS};
use crate::operation::{Call, Places, Target};
use crate::question::{MOST_KEYS, Question};
use crate::scan::Scan;

/// Those of most lines first.
const MEMBERS: &[&str] =
    &["id", "principal", "action", "resource", "resourceAccount", "context", "policies", "operation", "resources"];
/// The members that every question has, and the ones of calls alone, as bits.
const OF_QUESTION: u16 = 0b1110;
const OF_CALL: u16 = 0b1_1000_0000;
/// What stands in each resource of a call, and not in the call.
const OF_TARGET: &[&str] = &["action", "resource", "resourceAccount", "context", "policies"];
const TARGET_POLICIES: &[&str] = &["resource", "trust"];
const POLICIES: &[&str] = &["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"];

type Context<'a> = Vec<(Cow<'a, str>, ContextValue)>;

/// A line as far as it could be read.
pub(crate) struct Read<'a> {
    /// As JSON; `null` without one.
    pub(crate) id: &'a str,
    pub(crate) content: Result<LineContent<'a>, Vec<Fault>>,
}

/// What a line asks, and where each key of its contexts stands.
#[expect(clippy::large_enum_variant, reason = "nearly every line is one question, which is not worth a box")]
pub(crate) enum LineContent<'a> {
    Question(Question<'a>, Vec<usize>),
    Call(Box<Call<'a>>, Places),
}

/// Reads a line.
pub(crate) fn read<'a>(text: &'a str, cache: &mut Cache) -> Read<'a> {
    let mut reader = Reader::new(cache);
    let mut scan = Scan::new(text);
    let whole = scan.object(|scan, key, at| reader.member(scan, &key, at)).and_then(|()| scan.end());
    reader.required();
    let id = reader.id.unwrap_or("null");
    let content = match whole {
        None => Err(vec![no_json(text)]),
        Some(()) => reader.asked(),
    };
    Read { id, content }
}

/// What keeps a line from being JSON, or which key stands in it twice.
pub(crate) fn no_json(text: &str) -> Fault {
    // What does not even begin as a question is of another file, and is not shown.
    if !text.trim_start_matches('\u{feff}').trim_ascii_start().starts_with('{') {
        return Fault::new("the line does not begin with `{`: each line is a question, an object in JSON").at(0);
    }
    let (_, findings) = source::json::read(FileId(0), text);
    match findings.into_iter().next() {
        Some(finding) => Fault::found(finding, 0),
        None => Fault::new("the line is not an object in JSON"),
    }
}

/// A line as an object, whose keys all differ.
///
/// # Errors
/// What keeps the line from being one.
pub fn members(text: &str) -> Result<Node, Vec<Fault>> {
    let (node, findings) = source::json::read(FileId(0), text);
    match node.filter(|node| findings.is_empty() && matches!(node.value, Value::Map(_))) {
        Some(node) => Ok(node),
        None => Err(vec![no_json(text)]),
    }
}

/// The id of a line, as JSON. `None`: what stands here is no JSON.
pub(crate) fn id<'a>(scan: &mut Scan<'a>) -> Option<Result<&'a str, Fault>> {
    let (at, id) = (scan.at(), scan.raw()?);
    Some(match id.as_bytes().first() {
        // Without escapes it is what it says.
        Some(b'"') if id.bytes().all(|byte| byte != b'\\') => Ok(id),
        Some(b'"') => {
            serde_json::from_str::<serde::de::IgnoredAny>(id).ok()?;
            // Half a surrogate pair is no text, and nobody could read it in the answer either.
            serde_json::from_str::<String>(id)
                .map(|_| id)
                .map_err(|_| Fault::new("`id` has half a surrogate pair").at(at))
        }
        Some(b'-' | b'0'..=b'9') => {
            serde_json::from_str::<serde_json::Number>(id).ok()?;
            Ok(id)
        }
        _ => Err(Fault::new("`id` should be text or a number").at(at)),
    })
}

/// Reads the members of a line, one after the other.
pub(crate) struct Reader<'a, 'c> {
    cache: &'c mut Cache,
    pub(crate) id: Option<&'a str>,
    pub(crate) question: Question<'a>,
    operation: Option<Cow<'a, str>>,
    resources: Vec<Target<'a>>,
    places: Places,
    /// The members so far, a bit for each.
    seen: u16,
    pub(crate) faults: Vec<Fault>,
}

impl<'a, 'c> Reader<'a, 'c> {
    pub(crate) fn new(cache: &'c mut Cache) -> Self {
        Self {
            cache,
            id: None,
            question: Question::default(),
            operation: None,
            resources: Vec::new(),
            places: Places::default(),
            seen: 0,
            faults: Vec::new(),
        }
    }

    pub(crate) fn member(&mut self, scan: &mut Scan<'a>, key: &str, at: usize) -> Option<()> {
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
            "principal" => self.text(scan, name).map(|text| self.question.principal = text.unwrap_or_default()),
            "action" => self.text(scan, name).map(|text| self.question.action = text.unwrap_or_default()),
            "operation" => self.text(scan, name).map(|text| self.operation = Some(text.unwrap_or_default())),
            "resource" => self.text(scan, name).map(|text| self.question.resource = text.unwrap_or_default()),
            "resources" => self.resources(scan),
            "resourceAccount" => self.text(scan, name).map(|text| self.question.resource_account = text),
            "context" => self.context(scan).map(|(context, places)| {
                self.question.context = context;
                self.places.call = places;
            }),
            _ => self.policies(scan),
        }
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        match self.faults.len() {
            ..MOST_FAULTS => self.faults.push(fault),
            MOST_FAULTS => self.faults.push(Fault::more()),
            _ => {}
        }
    }

    fn has(&self, name: &str) -> bool {
        MEMBERS.iter().position(|member| *member == name).is_some_and(|member| self.seen & (1 << member) != 0)
    }

    fn required(&mut self) {
        if self.seen & (OF_QUESTION | OF_CALL) == OF_QUESTION {
            return;
        }
        let is_call = self.has("operation");
        for name in if is_call { &["principal"][..] } else { &["principal", "action", "resource"] } {
            if !self.has(name) {
                self.fault(Fault::new(format!("the line has no `{name}`")));
            }
        }
        if is_call && self.has("action") {
            let fault = Fault::new("the line has both `action` and `operation`");
            self.fault(fault.help("an action is one question; an operation is all that AWS asks about one call"));
        }
        for (name, where_it_belongs) in [
            ("resource", "write `resources`, a list of objects with `resource` in each"),
            ("resourceAccount", "write it in the resource that it is about"),
        ] {
            if is_call && self.has(name) {
                self.fault(Fault::new(format!("`{name}` stands beside `operation`")).help(where_it_belongs));
            }
        }
        if !is_call && self.has("resources") {
            self.fault(Fault::new("`resources` is for an `operation`, and the line has none"));
        }
    }

    fn asked(self) -> Result<LineContent<'a>, Vec<Fault>> {
        let Self { question, operation, resources, places, mut faults, .. } = self;
        let of_resource = question.attached.policies.resource.is_some();
        if operation.is_some() && of_resource {
            let fault = Fault::new("a resource's policy stands in `policies` of the call");
            faults.push(fault.help("write it in `policies` of the resource that it is attached to"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let Some(operation) = operation else { return Ok(LineContent::Question(question, places.call)) };
        let Question { principal, context, attached, .. } = question;
        Ok(LineContent::Call(Box::new(Call { principal, operation, resources, context, attached }), places))
    }

    fn resources(&mut self, scan: &mut Scan<'a>) -> Option<()> {
        if scan.peek() != Some(b'[') {
            return self.wrong(scan, "`resources` should be a list of objects");
        }
        scan.list(|scan| {
            if scan.peek() != Some(b'{') {
                return self.wrong(scan, "a resource should be an object with `resource`, its ARN");
            }
            let at = scan.at();
            let mut target = Target::default();
            self.places.resources.push(Vec::new());
            let mut seen = 0_u8;
            scan.object(|scan, key, at| {
                let Some(member) = OF_TARGET.iter().position(|name| *name == key) else {
                    return self.unknown(scan, "a resource", &key, at, OF_TARGET);
                };
                if seen & (1 << member) != 0 {
                    return None;
                }
                seen |= 1 << member;
                self.of_target(scan, OF_TARGET[member], &mut target)
            })?;
            if target.resource.is_empty() {
                self.fault(Fault::new("a resource has no `resource`, its ARN").at(at));
            }
            self.resources.push(target);
            Some(())
        })
    }

    fn of_target(&mut self, scan: &mut Scan<'a>, name: &str, target: &mut Target<'a>) -> Option<()> {
        match name {
            "action" => self.text(scan, name).map(|text| target.action = text),
            "resource" => self.text(scan, name).map(|text| target.resource = text.unwrap_or_default()),
            "resourceAccount" => self.text(scan, name).map(|text| target.resource_account = text),
            "context" => self.context(scan).map(|(context, places)| {
                target.context = context;
                self.places.resources.last_mut().into_iter().for_each(|own| own.clone_from(&places));
            }),
            _ => self.target_policy(scan, target),
        }
    }

    fn target_policy(&mut self, scan: &mut Scan<'a>, target: &mut Target<'a>) -> Option<()> {
        if scan.peek() != Some(b'{') {
            return self.wrong(scan, "`policies` of a resource should be an object with `resource` or `trust`");
        }
        scan.object(|scan, key, at| {
            let Some(name) = TARGET_POLICIES.iter().find(|name| **name == key) else {
                return self.unknown(scan, "`policies` of a resource", &key, at, TARGET_POLICIES);
            };
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == *name)?;
            let compiled = self.compiled(scan, PolicyPosition { kind, level: 0, at: self.resources.len() })?;
            if compiled.is_some() && target.policy.is_some() {
                self.fault(Fault::new("a resource has one policy at most").at(at));
            }
            target.policy = compiled.or(target.policy.take());
            Some(())
        })
    }

    fn id(&mut self, scan: &mut Scan<'a>) -> Option<()> {
        match id(scan)? {
            Ok(id) => self.id = Some(id),
            Err(fault) => self.fault(fault),
        }
        Some(())
    }

    pub(crate) fn text(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<Option<Cow<'a, str>>> {
        if scan.peek() == Some(b'"') {
            return scan.string().map(Some);
        }
        self.wrong(scan, &format!("`{name}` should be text"))?;
        Some(None)
    }

    /// The keys of a context, and where each stands.
    fn context(&mut self, scan: &mut Scan<'a>) -> Option<(Context<'a>, Vec<usize>)> {
        let (mut context, mut places) = (Context::new(), Vec::new());
        if scan.peek() != Some(b'{') {
            return self
                .wrong(scan, "`context` should be an object from condition keys to values")
                .map(|()| (context, places));
        }
        scan.object(|scan, key, at| {
            // Where there are too many, that is what is wrong with the line.
            let before = context.iter().take(MOST_KEYS);
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
            if key.bytes().all(|byte| byte != b':') {
                let key = policy::plain(&key);
                self.fault(Fault::new(format!("the condition key `{key}` has no service prefix")).at(at));
            }
            context.push((key, value));
            places.push(at);
            Some(())
        })?;
        Some((context, places))
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
            seen.insert(kind);
            match kind {
                Kind::Resource | Kind::Trust => self.policy(scan, PolicyPosition { kind, level: 0, at: 0 }),
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
        self.question.attached.give(kind, level);
        let mut at = 0;
        scan.list(|scan| {
            self.policy(scan, PolicyPosition { kind, level, at })?;
            at += 1;
            Some(())
        })
    }

    fn policy(&mut self, scan: &mut Scan<'a>, place: PolicyPosition) -> Option<()> {
        let start = scan.at();
        if let Some(compiled) = self.compiled(scan, place)? {
            let added = self.question.attached.add(compiled, place.level);
            if let Err(fault) = added {
                self.fault(fault.at(start));
            }
        }
        Some(())
    }

    /// The policy that starts here, if it can be read.
    fn compiled(&mut self, scan: &mut Scan<'a>, place: PolicyPosition) -> Option<Option<Compiled>> {
        match self.cache.policy(scan, place)? {
            Ok(compiled) => Some(Some(compiled)),
            Err((start, findings)) => {
                let errors = findings.into_iter().filter(source::Finding::is_error);
                errors.for_each(|finding| self.fault(Fault::found(finding, start)));
                Some(None)
            }
        }
    }

    pub(crate) fn unknown(
        &mut self,
        scan: &mut Scan<'a>,
        of: &str,
        key: &str,
        at: usize,
        known: &[&str],
    ) -> Option<()> {
        let fault = Fault::new(format!("`{}` is not a key of {of}", policy::plain(key)));
        self.fault(fault.at(at).suggest(key, known));
        scan.raw().map(|_| ())
    }

    fn wrong(&mut self, scan: &mut Scan<'a>, message: &str) -> Option<()> {
        self.fault(Fault::new(message).at(scan.at()));
        scan.raw().map(|_| ())
    }
}
