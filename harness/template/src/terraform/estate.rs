//! What Terraform manages, from a plan, a state, or a state file: one list of instances.
//!
//! developer.hashicorp.com/terraform/internals/json-format

mod plan;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use source::{Entry, Finding, Node, Span, Value};

use super::address::{Module, Step};

/// A plan or a state may have this many resources: what is looked up takes time in proportion to their square.
const MOST: usize = 10_000;

/// An address is shown whole, unless somebody made it to be long.
const LONGEST_SHOWN: usize = 500;

/// Everything that was read, with what tells where values come from.
pub(super) struct Estate<'a> {
    pub(super) instances: Vec<Instance<'a>>,
    /// What a plan deletes, as it was: other resources may show something of it still.
    gone: Vec<Instance<'a>>,
    /// The resources of one type.
    managed: BTreeMap<&'a str, Vec<usize>>,
    /// Instances of one address without keys.
    unkeyed: BTreeMap<String, Vec<usize>>,
    /// The modules that anything is in.
    pub(super) modules: BTreeSet<Module>,
    /// Instances of one block: module, whether it is of data, type, name.
    blocks: BTreeMap<(Module, bool, &'a str, &'a str), Vec<usize>>,
    /// `configuration.root_module`; `None` in a state, and in a plan without it.
    pub(super) root: Option<&'a Node>,
    /// `configuration.provider_config`
    pub(super) providers: Option<&'a Node>,
    /// Values of the root module's variables.
    pub(super) variables: Option<&'a Node>,
}

/// One resource or data source.
pub(super) struct Instance<'a> {
    pub(super) address: String,
    /// Where the address stands.
    pub(super) span: Span,
    pub(super) module: Module,
    pub(super) is_data: bool,
    pub(super) resource_type: &'a str,
    pub(super) name: &'a str,
    /// Of `count` or `for_each`.
    pub(super) key: Option<String>,
    /// The provider's name.
    pub(super) provider: Option<&'a str>,
    /// Its values as they will be.
    values: &'a Node,
    /// `true` in place of each value that is known only after apply.
    unknown: Option<&'a Node>,
    /// Whether values that are known only after apply are left out without a word.
    hides_unknown: bool,
    sensitive: Sensitive<'a>,
    /// `configuration` of its block.
    pub(super) block: Option<&'a Node>,
    /// Addresses without keys, as a state has them.
    pub(super) depends_on: Vec<&'a str>,
}

enum Sensitive<'a> {
    /// `true` in place of each sensitive value.
    Shape(Option<&'a Node>),
    /// Names of attributes.
    Names(BTreeSet<&'a str>),
}

/// What is known of an attribute.
pub(super) enum Found<'a> {
    Known(&'a Node),
    /// It is given, and known only after apply.
    Unknown,
    Absent,
}

/// Reads any of the three; what there is to say of the whole is said.
pub(super) fn read<'a>(tree: &'a Node, findings: &mut Vec<Finding>) -> Estate<'a> {
    let configuration = tree.get("configuration");
    let mut estate = Estate {
        instances: Vec::new(),
        gone: Vec::new(),
        managed: BTreeMap::new(),
        unkeyed: BTreeMap::new(),
        modules: BTreeSet::new(),
        blocks: BTreeMap::new(),
        root: configuration.and_then(|configuration| configuration.get("root_module")),
        providers: configuration.and_then(|configuration| configuration.get("provider_config")),
        variables: tree.get("variables"),
    };
    estate.instances = match () {
        () if super::is_plan(tree) => {
            estate.gone = plan::gone(tree);
            plan::instances(tree, findings)
        }
        () if tree.get("values").is_some() => state::instances(tree.get("values")),
        () => state::of_file(tree),
    };
    if estate.instances.len() > MOST {
        let message = format!("there are {} resources here, and {MOST} can be read", estate.instances.len());
        findings.push(Finding::error("TOO_LARGE", tree.span, message));
        estate.instances.clear();
    }
    if let Some(root) = estate.root {
        super::configuration::add_blocks(root, &mut estate.instances);
    }
    for at in 0..estate.instances.len() {
        let one = &estate.instances[at];
        if !one.is_data {
            estate.managed.entry(one.resource_type).or_default().push(at);
        }
        estate.unkeyed.entry(unkeyed(&one.module, one.resource_type, one.name)).or_default().push(at);
        estate.modules.extend((1..=one.module.len()).map(|depth| one.module[..depth].to_vec()));
        estate.blocks.entry((one.module.clone(), one.is_data, one.resource_type, one.name)).or_default().push(at);
    }
    estate
}

impl<'a> Estate<'a> {
    /// The instances of a block.
    pub(super) fn of_block(
        &self,
        module: &[Step],
        is_data: bool,
        resource_type: &str,
        name: &str,
    ) -> Vec<&Instance<'a>> {
        let found = self.blocks.get(&(module.to_vec(), is_data, resource_type, name));
        found.into_iter().flatten().map(|at| &self.instances[*at]).collect()
    }

    /// The instances of data sources of a type.
    pub(super) fn data(&self, resource_type: &str) -> impl Iterator<Item = &Instance<'a>> {
        self.instances.iter().filter(move |one| one.is_data && one.resource_type == resource_type)
    }

    /// The resources of a type.
    pub(super) fn managed(&self, resource_type: &str) -> impl Iterator<Item = &Instance<'a>> {
        self.managed.get(resource_type).into_iter().flatten().map(|at| &self.instances[*at])
    }

    /// Those that a plan deletes or replaces, as they were.
    pub(super) fn gone(&self, resource_type: &str) -> impl Iterator<Item = &Instance<'a>> {
        self.gone.iter().filter(move |one| one.resource_type == resource_type)
    }

    /// The resources of `module.a.aws_iam_role.task`, whatever their keys and those of their modules.
    pub(super) fn without_keys(&self, address: &str) -> impl Iterator<Item = &Instance<'a>> {
        let found = self.unkeyed.get(address).into_iter().flatten();
        found.map(|at| &self.instances[*at]).filter(|one| !one.is_data)
    }
}

/// The address of a block.
fn unkeyed(module: &[Step], resource_type: &str, name: &str) -> String {
    let modules: String = module.iter().map(|step| format!("module.{}.", step.name)).collect();
    format!("{modules}{resource_type}.{name}")
}

impl<'a> Instance<'a> {
    /// The address for a message.
    pub(super) fn shown(&self) -> String {
        self.address.chars().take(LONGEST_SHOWN).collect()
    }

    /// Whether a configuration says that nobody gives an attribute, so that the provider fills it in.
    pub(super) fn is_not_given(&self, attribute: &str) -> bool {
        self.block.is_some() && self.expression(attribute).is_none()
    }

    /// What is known of an attribute; an empty one counts as absent, since a state has all that a type has.
    pub(super) fn get(&self, attribute: &str) -> Found<'a> {
        let value = self.values.get(attribute).filter(|value| !is_empty(value));
        match value {
            Some(value) => Found::Known(value),
            None if self.unknown(attribute).is_some_and(has_true) => Found::Unknown,
            None if self.hides_unknown && self.expression(attribute).is_some_and(is_worked_out) => Found::Unknown,
            None => Found::Absent,
        }
    }

    /// A value that is known.
    pub(super) fn known(&self, attribute: &str) -> Option<&'a Node> {
        match self.get(attribute) {
            Found::Known(value) => Some(value),
            Found::Unknown | Found::Absent => None,
        }
    }

    /// A text that is known.
    pub(super) fn text(&self, attribute: &str) -> Option<&'a str> {
        self.known(attribute)?.text()
    }

    /// The texts in a list that is known.
    pub(super) fn lists(&self, attribute: &str) -> impl Iterator<Item = &'a str> {
        self.known(attribute).map(Node::items).unwrap_or_default().iter().filter_map(Node::text)
    }

    /// What stands in `after_unknown` for an attribute.
    pub(super) fn unknown(&self, attribute: &str) -> Option<&'a Node> {
        self.unknown?.get(attribute)
    }

    /// The expression that gives an attribute its value.
    pub(super) fn expression(&self, attribute: &str) -> Option<&'a Node> {
        self.block?.get("expressions")?.get(attribute)
    }

    /// Whether any part of an attribute is marked sensitive.
    pub(super) fn is_sensitive(&self, attribute: &str) -> bool {
        match &self.sensitive {
            Sensitive::Names(names) => names.contains(attribute),
            Sensitive::Shape(Some(shape)) => {
                matches!(shape.value, Value::Bool(true)) || shape.get(attribute).is_some_and(has_true)
            }
            Sensitive::Shape(None) => false,
        }
    }

    /// All attributes that have a value or will have one.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &'a str> {
        let unknown = self.unknown.map(Node::entries).unwrap_or_default();
        let names = self.values.entries().iter().chain(unknown).map(|entry: &Entry| entry.key.as_str());
        names.collect::<BTreeSet<_>>().into_iter()
    }

    /// Whether it is of the AWS provider, whatever the registry and whichever the version of Terraform.
    pub(super) fn is_aws(&self) -> bool {
        match self.provider {
            Some(provider) => provider.trim_end_matches(['"', ']']).rsplit(['/', '.', '"']).next() == Some("aws"),
            None => self.resource_type.starts_with("aws_"),
        }
    }
}

/// Whether a value is what stands in a state for none.
fn is_empty(value: &Node) -> bool {
    match &value.value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether an expression is more than a value that is written out.
fn is_worked_out(expression: &Node) -> bool {
    matches!(expression.value, Value::Map(_)) && expression.get("constant_value").is_none()
}

/// Whether there is a `true` anywhere in a tree.
pub(super) fn has_true(node: &Node) -> bool {
    matches!(node.value, Value::Bool(true))
        || node.items().iter().any(has_true)
        || node.entries().iter().any(|entry| has_true(&entry.value))
}
