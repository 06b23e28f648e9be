//! What an operation of an AWS API is, as data.
//!
//! Each service's crate has a table of these, a row for each operation. Who reads them: the one who makes calls, to undo them,
//! to rename what they are about, to offer them in scenarios; the guard; the service, for what runs; and tests, which hold
//! every decision to its row.

use serde_json::{Map, Value};

use crate::check::Check;

/// One operation.
#[derive(Debug)]
pub struct OperationRow {
    /// `iam:CreateRole`: the service as its clients name it, and the operation as AWS's model spells it.
    pub name: &'static str,
    /// The actions that it is checked as, in turn; none: the action of its own name, in every request.
    checks: &'static [CheckedAction],
    /// What it is about, if that is a single thing.
    pub resource: Option<Resource>,
    /// The input member that passes tags or names tag keys.
    pub tags: Option<TagMember>,
    /// The condition keys whose values stand in the input.
    pub keys: &'static [MemberKey],
    /// What it leaves behind.
    pub effect: Effect,
    /// What takes it back.
    pub undo: Option<Undo>,
    /// Input members that hold a name in the account, however deep, where they do not hold an ARN.
    pub names: &'static [&'static str],
    /// Input members that hold a policy as text.
    pub documents: &'static [&'static str],
    /// Whether the account answers it by itself in front of an emulator too: no emulator has it, or what decides is here.
    pub is_answered_here: bool,
    /// The input members that a scenario can give; `None`: a scenario cannot ask for the operation.
    pub scenario: Option<&'static [&'static str]>,
}

/// An action that an operation is checked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedAction {
    /// `iam:TagRole`
    pub action: &'static str,
    /// In which requests.
    pub when: When,
}

/// In which requests an action is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In all.
    Always,
    /// In those that have this member.
    Given(&'static str),
    /// In those that lack this member.
    Without(&'static str),
    /// In some: more than one member decides, or what is stored, or what the caller may do besides.
    Depends,
}

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The resource types of the reference, one of which it is.
    /// docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    pub types: &'static [&'static str],
    /// The input member that names it.
    pub member: &'static str,
}

/// The input member about tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagMember {
    /// It passes tags.
    Passes(&'static str),
    /// It names keys of tags to take away.
    Keys(&'static str),
}

/// A condition key whose value is that of an input member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberKey {
    /// `iam:PolicyARN`
    pub key: &'static str,
    /// `PolicyArn`
    pub member: &'static str,
}

/// What an operation leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Reads,
    /// Something new whose name the answer tells: no other request comes across it.
    Adds,
    /// Something that later requests see.
    Changes,
}

/// What takes an operation back: an operation of the same service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undo {
    /// `DeleteRole`
    pub operation: &'static str,
    /// What its input is made of.
    pub members: &'static [Member],
    /// The member of the answer that lists what was made, where each is taken back by itself.
    pub each: Option<&'static str>,
    /// With which input nothing is taken back: what it names may have been there before.
    pub unless: Option<Unless>,
}

/// A member of an input with a certain value, which it also has where it is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unless {
    /// The member.
    pub member: &'static str,
    /// Its value.
    pub is: &'static str,
}

/// One member of the input that takes an operation back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Where its value comes from. Without a value it is left out.
    pub from: Origin,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A member of the input of the operation that is taken back.
    Input(&'static str),
    /// A place in its answer, or in the item of [`Undo::each`], as a JSON pointer.
    Answer(&'static str),
}

/// An operation that leaves nothing behind.
#[must_use]
pub const fn reads(name: &'static str) -> OperationRow {
    OperationRow {
        name,
        checks: &[],
        resource: None,
        tags: None,
        keys: &[],
        effect: Effect::Reads,
        undo: None,
        names: &[],
        documents: &[],
        is_answered_here: false,
        scenario: None,
    }
}

/// An operation that makes something whose name the answer tells.
#[must_use]
pub const fn adds(name: &'static str) -> OperationRow {
    OperationRow { effect: Effect::Adds, ..reads(name) }
}

/// An operation that changes what later requests see.
#[must_use]
pub const fn changes(name: &'static str) -> OperationRow {
    OperationRow { effect: Effect::Changes, ..reads(name) }
}

impl OperationRow {
    /// The same about a resource of one of these types, which this member names.
    #[must_use]
    pub const fn on(mut self, types: &'static [&'static str], member: &'static str) -> Self {
        self.resource = Some(Resource { types, member });
        self
    }

    /// The same checked as these actions.
    #[must_use]
    pub const fn checked_as(mut self, checks: &'static [CheckedAction]) -> Self {
        self.checks = checks;
        self
    }

    /// The same, passing tags.
    #[must_use]
    pub const fn passes(mut self, member: &'static str) -> Self {
        self.tags = Some(TagMember::Passes(member));
        self
    }

    /// The same, naming keys of tags to take away.
    #[must_use]
    pub const fn takes_keys(mut self, member: &'static str) -> Self {
        self.tags = Some(TagMember::Keys(member));
        self
    }

    /// The same with condition keys whose values stand in the input.
    #[must_use]
    pub const fn keys(mut self, keys: &'static [MemberKey]) -> Self {
        self.keys = keys;
        self
    }

    /// The same with what takes it back.
    #[must_use]
    pub const fn undone_by(mut self, operation: &'static str, members: &'static [Member]) -> Self {
        self.undo = Some(Undo { operation, members, each: None, unless: None });
        self
    }

    /// The same where the answer lists what was made, under this member.
    #[must_use]
    pub const fn each(mut self, list: &'static str) -> Self {
        if let Some(undo) = &mut self.undo {
            undo.each = Some(list);
        }
        self
    }

    /// The same where nothing is taken back with this value of a member.
    #[must_use]
    pub const fn unless(mut self, member: &'static str, is: &'static str) -> Self {
        if let Some(undo) = &mut self.undo {
            undo.unless = Some(Unless { member, is });
        }
        self
    }

    /// The same with members that hold names.
    #[must_use]
    pub const fn names(mut self, names: &'static [&'static str]) -> Self {
        self.names = names;
        self
    }

    /// The same with members that hold policies.
    #[must_use]
    pub const fn documents(mut self, documents: &'static [&'static str]) -> Self {
        self.documents = documents;
        self
    }

    /// The same where the account answers in front of an emulator too.
    #[must_use]
    pub const fn answered_here(mut self) -> Self {
        self.is_answered_here = true;
        self
    }

    /// The same, for which a scenario can ask with these members.
    #[must_use]
    pub const fn in_scenarios(mut self, members: &'static [&'static str]) -> Self {
        self.scenario = Some(members);
        self
    }

    /// The actions that a request with this input is checked as, but for those that more than its members decide on.
    pub fn asked(&self, input: &Map<String, Value>) -> impl Iterator<Item = &'static str> {
        let is_asked = |asked: &CheckedAction| match asked.when {
            When::Always => true,
            When::Given(member) => is_given(input, member),
            When::Without(member) => !is_given(input, member),
            When::Depends => false,
        };
        self.checks().into_iter().filter(is_asked).map(|asked| asked.action)
    }

    /// The actions that it is checked as, each with what in the request asks for it.
    #[must_use]
    pub fn checks(&self) -> Vec<CheckedAction> {
        if self.checks.is_empty() { vec![always(self.name)] } else { self.checks.to_vec() }
    }

    /// The action that it is checked as first.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.checks.first().map_or(self.name, |first| first.action)
    }

    /// The check with the condition keys whose values stand in the input.
    #[must_use]
    pub fn keyed(&self, check: Check, input: &Map<String, Value>) -> Check {
        let values = self.keys.iter().filter_map(|of| Some((of.key, input.get(of.member)?.as_str()?)));
        values.fold(check, |check, (key, value)| check.key(key, value))
    }

    /// `iam`
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.name.split_once(':').map_or(self.name, |(service, _)| service)
    }

    /// `CreateRole`
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.name.split_once(':').map_or("", |(_, operation)| operation)
    }
}

/// Whether an input has a member: an empty list is as good as none.
fn is_given(input: &Map<String, Value>, member: &str) -> bool {
    match input.get(member) {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(_) => true,
    }
}

/// An action that is asked for in all requests.
#[must_use]
pub const fn always(action: &'static str) -> CheckedAction {
    CheckedAction { action, when: When::Always }
}

/// An action that is asked for where a member is given.
#[must_use]
pub const fn given(member: &'static str, action: &'static str) -> CheckedAction {
    CheckedAction { action, when: When::Given(member) }
}

/// An action that is asked for where a member is missing.
#[must_use]
pub const fn without(member: &'static str, action: &'static str) -> CheckedAction {
    CheckedAction { action, when: When::Without(member) }
}

/// An action that is asked for in some requests.
#[must_use]
pub const fn depends(action: &'static str) -> CheckedAction {
    CheckedAction { action, when: When::Depends }
}

/// A condition key whose value stands in the input.
#[must_use]
pub const fn key(key: &'static str, member: &'static str) -> MemberKey {
    MemberKey { key, member }
}

/// A member as the input had it.
#[must_use]
pub const fn same(name: &'static str) -> Member {
    Member { name, from: Origin::Input(name) }
}

/// A member as another member of the input had it.
#[must_use]
pub const fn input(name: &'static str, member: &'static str) -> Member {
    Member { name, from: Origin::Input(member) }
}

/// A member out of the answer.
#[must_use]
pub const fn answer(name: &'static str, pointer: &'static str) -> Member {
    Member { name, from: Origin::Answer(pointer) }
}

/// A row of a service's table: an operation, and what carries it out.
#[derive(Debug)]
pub struct Row<Run> {
    /// The operation.
    pub operation: OperationRow,
    /// What carries it out.
    pub run: Run,
}

/// A row of a service's table.
#[must_use]
pub const fn row<Run: Copy>(operation: OperationRow, run: Run) -> Row<Run> {
    Row { operation, run }
}

/// The row of an operation: `CreateRole`.
#[must_use]
pub fn find<Run>(rows: &'static [Row<Run>], operation: &str) -> Option<&'static Row<Run>> {
    rows.iter().find(|row| row.operation.operation() == operation)
}
