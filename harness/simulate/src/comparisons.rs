//! A stream of comparisons: what each line's new documents allow, and its old ones do not.

use std::io::{self, Read, Write};
use std::ops::AddAssign;
use std::sync::Arc;

use policy::{Kind, Policy};
use prove::{Options, Relation};
use source::{FileId, Finding};

use crate::Fault;
use crate::batch::answer_line;
use crate::compiled::Compiled;
use crate::line::{id, no_json};
use crate::scan::Scan;
use crate::stream::{Shares, stream};

const MEMBERS: &[&str] = &["id", "old", "new", "kind"];
/// What a worker gets at a time: a few comparisons, each of which takes milliseconds.
const CHUNK: usize = 4 << 10;

/// What became of a stream of comparisons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Lines, without blank ones.
    pub lines: u64,
    /// Those whose new documents allow something that the old ones do not.
    pub wider: u64,
    /// Those that were not settled.
    pub undecided: u64,
    /// Those that could not be answered.
    pub bad: u64,
}

impl AddAssign for Compared {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.wider += other.wider;
        self.undecided += other.undecided;
        self.bad += other.bad;
    }
}

/// Answers each line of `input`, `{"id","old","new","kind"}`, with a line of `output`, in order, on so many cores.
///
/// `old` and `new` are a policy or a list of policies each. Without a `kind` it is guessed by what the policies say. `options` is
/// called as a line begins, so that a time limit is of that line.
///
/// # Errors
/// The input cannot be read, or the output cannot be written.
pub fn compare_lines(
    input: impl Read,
    output: impl Write + Send,
    workers: usize,
    options: &(impl Fn() -> Options + Sync),
) -> io::Result<Compared> {
    stream(input, output, Shares { workers, chunk: CHUNK }, || {
        |line: &[u8], number: u64, out: &mut Vec<u8>| answer(line, number, &options(), out)
    })
}

fn answer(line: &[u8], number: u64, options: &Options, out: &mut Vec<u8>) -> Compared {
    let mut became = Compared { lines: 1, ..Compared::default() };
    let was_answered = answer_line(line, number, out, |text, is_readable| {
        let (id, read) = read(text);
        let compared = is_readable.and(read).and_then(|Sides { old, new }| {
            prove::compare(&old, &new, options).map_err(|fault| vec![Fault::new(fault.to_string())])
        });
        let json = compared.map(|comparison| {
            let relation = comparison.relation();
            became.wider = u64::from(matches!(relation, Relation::Wider | Relation::Incomparable));
            became.undecided = u64::from(relation == Relation::Undecided);
            comparison.json()
        });
        (id, json)
    });
    became.bad = u64::from(!was_answered);
    became
}

/// Policies of one kind.
struct Sides {
    old: Vec<Arc<Policy>>,
    new: Vec<Arc<Policy>>,
}

/// The texts of a line's policies, each with its place.
#[derive(Default)]
struct Texts<'a> {
    old: Option<Vec<(&'a str, usize)>>,
    new: Option<Vec<(&'a str, usize)>>,
    kind: Option<Kind>,
    faults: Vec<Fault>,
}

/// The id of a line as JSON, `null` without one, and what it compares.
fn read(text: &str) -> (&str, Result<Sides, Vec<Fault>>) {
    let (mut own_id, mut texts, mut seen) = (None, Texts::default(), Vec::new());
    let mut scan = Scan::new(text);
    let whole = scan.object(|scan, key, at| {
        let Some(member) = MEMBERS.iter().find(|name| **name == key) else {
            let fault = Fault::new(format!("`{}` is not a key of a comparison", policy::plain(&key)));
            texts.faults.push(fault.at(at).suggest(&key, MEMBERS));
            return scan.raw().map(|_| ());
        };
        if seen.contains(member) {
            return None;
        }
        seen.push(*member);
        match *member {
            "id" => match id(scan)? {
                Ok(id) => own_id = Some(id),
                Err(fault) => texts.faults.push(fault),
            },
            "old" => texts.old = texts.policies(scan, "old")?,
            "new" => texts.new = texts.policies(scan, "new")?,
            _ => texts.kind = texts.kind(scan)?,
        }
        Some(())
    });
    let content = match whole.and_then(|()| scan.end()) {
        Some(()) => texts.sides(),
        None => Err(vec![no_json(text)]),
    };
    (own_id.unwrap_or("null"), content)
}

impl<'a> Texts<'a> {
    /// A policy, or a list of them. `None` inside: a fault says why there is none.
    fn policies(&mut self, scan: &mut Scan<'a>, name: &str) -> Option<Option<Vec<(&'a str, usize)>>> {
        let mut found = Vec::new();
        match scan.peek()? {
            b'{' => found.push((scan.at(), scan.raw()?)),
            b'[' => scan.list(|scan| {
                found.push((scan.at(), scan.raw()?));
                Some(())
            })?,
            _ => {
                self.faults
                    .push(Fault::new(format!("`{name}` should be a policy or a list of policies")).at(scan.at()));
                return scan.raw().map(|_| Some(Vec::new()));
            }
        }
        Some(Some(found.into_iter().map(|(at, text)| (text, at)).collect()))
    }

    fn kind(&mut self, scan: &mut Scan<'a>) -> Option<Option<Kind>> {
        let at = scan.at();
        let raw = scan.raw()?;
        let name = serde_json::from_str::<String>(raw).unwrap_or_default();
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        if kind.is_none() {
            let fault = Fault::new(format!("`{}` is not a kind of policy", policy::plain(raw)));
            self.faults.push(fault.at(at).suggest(&name, &Kind::ALL.map(Kind::name)));
        }
        Some(kind)
    }

    fn sides(mut self) -> Result<Sides, Vec<Fault>> {
        for (name, side) in [("old", &self.old), ("new", &self.new)] {
            if side.is_none() {
                self.faults.push(Fault::new(format!("the line has no `{name}`")));
            }
        }
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let (old, new) = (self.old.unwrap_or_default(), self.new.unwrap_or_default());
        let kind = self.kind.unwrap_or_else(|| guess(old.iter().chain(&new).map(|(text, _)| *text)));
        let mut faults = Vec::new();
        let [old, new] = [("old", old), ("new", new)].map(|(name, side)| compiled(name, kind, &side, &mut faults));
        if faults.is_empty() { Ok(Sides { old, new }) } else { Err(faults) }
    }
}

/// The kind of the first policy that says more than one of a caller's own.
fn guess<'a>(mut texts: impl Iterator<Item = &'a str>) -> Kind {
    let kind = |text: &str| source::json::read(FileId(0), text).0.map(|node| lint::guess(&node));
    texts.find_map(|text| kind(text).filter(|kind| *kind != Kind::Identity)).unwrap_or(Kind::Identity)
}

fn compiled(name: &str, kind: Kind, side: &[(&str, usize)], faults: &mut Vec<Fault>) -> Vec<Arc<Policy>> {
    let mut policies = Vec::new();
    for &(text, at) in side {
        match Compiled::read(name, kind, text) {
            Ok(compiled) => policies.push(compiled.policy),
            Err(findings) => {
                let errors = findings.into_iter().filter(Finding::is_error);
                faults.extend(errors.map(|finding| Fault::found(finding, at)));
            }
        }
    }
    policies
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn answered(input: &str, workers: usize) -> (Vec<Value>, Compared) {
        let mut out = Vec::new();
        let became = compare_lines(input.as_bytes(), &mut out, workers, &Options::default).unwrap();
        let text = String::from_utf8(out).unwrap();
        (text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), became)
    }

    fn allow(action: &str) -> String {
        format!(r#"{{"Statement":{{"Effect":"Allow","Action":"{action}","Resource":"arn:aws:s3:::b/*"}}}}"#)
    }

    #[test]
    fn each_line_is_answered_in_order() {
        let line = |at: usize| {
            let [old, new] = [["s3:GetObject", "s3:Get*"], ["s3:Get*", "s3:GetObject"], ["s3:*", "s3:*"]][at % 3];
            match at {
                7 => "{\"id\":7,\"old\":\n".to_owned(),
                _ => format!("{{\"id\":{at},\"old\":{},\"new\":[{}]}}\n", allow(old), allow(new)),
            }
        };
        let input: String = (0..30).map(line).collect();
        for workers in [1, 3] {
            let (answers, became) = answered(&input, workers);
            assert_eq!(became, Compared { lines: 30, wider: 10, undecided: 0, bad: 1 });
            for (at, answer) in answers.iter().enumerate() {
                assert_eq!(answer["id"], at, "{answer}");
                if at != 7 {
                    assert_eq!(answer["result"], ["Wider", "Narrower", "Same"][at % 3], "{answer}");
                }
            }
            assert_eq!(answers[7]["error"]["line"], 8);
        }
    }

    #[test]
    fn a_kind_is_guessed_or_given() {
        let to = |principal: &str| {
            format!(r#"{{"Statement":{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}}}"#)
        };
        let (mine, all) = (to(r#"{"AWS":"111122223333"}"#), to(r#"{"AWS":"*"}"#));
        for (line, expected) in [
            (format!(r#"{{"old":{mine},"new":{all}}}"#), "Wider"),
            (format!(r#"{{"old":[],"new":{mine},"kind":"trust"}}"#), "Wider"),
            (format!(r#"{{"old":{mine},"new":[],"kind":"trust"}}"#), "Narrower"),
            (format!(r#"{{"old":[{mine},{all}],"new":{all}}}"#), "Same"),
        ] {
            let answer = answered(&line, 1).0.remove(0);
            assert_eq!((&answer["id"], &answer["result"]), (&Value::Null, &json!(expected)), "{line}: {answer}");
        }
    }

    #[test]
    fn everything_that_is_wrong_with_a_line_is_told() {
        let good = allow("s3:GetObject");
        for (line, expected) in [
            ("[]".to_owned(), vec!["the line does not begin with `{`: each line is a question, an object in JSON"]),
            (r#"{"id":"x"}"#.to_owned(), vec!["the line has no `old`", "the line has no `new`"]),
            (
                format!(r#"{{"id":"x","old":1,"neu":2,"new":{good},"kind":"identiy"}}"#),
                vec![
                    "`old` should be a policy or a list of policies",
                    "`neu` is not a key of a comparison",
                    "`\"identiy\"` is not a kind of policy",
                ],
            ),
        ] {
            let (answers, became) = answered(&line, 1);
            assert_eq!(became, Compared { lines: 1, bad: 1, ..Compared::default() });
            let error = &answers[0]["error"];
            let also = error["also"].as_array().into_iter().flatten();
            let told: Vec<_> = std::iter::once(error).chain(also).map(|one| one["message"].as_str().unwrap()).collect();
            assert_eq!(told, expected, "{line}");
        }
        let wrong = format!(r#"{{"old":{good},"new":{{"Statement":{{"Efect":"Allow","Action":"*"}}}}}}"#);
        let answer = answered(&wrong, 1).0.remove(0);
        assert!(answer["error"]["column"].as_u64() > Some(100), "{answer}");
    }
}
