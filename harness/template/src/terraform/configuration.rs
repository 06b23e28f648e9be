//! Where values come from: `configuration` of a plan, which has each block once, with the names that its expressions use.
//!
//! developer.hashicorp.com/terraform/internals/json-format#configuration-representation

use std::collections::{BTreeMap, BTreeSet};

use source::{Node, Value};

use super::address::{Module, Step, parts, step};
use super::estate::{Estate, Instance};

/// Through how many variables and outputs of modules one value is followed, and how many data sources.
const MOST: usize = 200;

/// What an expression names: an attribute of an instance.
#[derive(Clone, Copy)]
pub(super) struct Target<'e, 'a> {
    pub(super) instance: &'e Instance<'a>,
    /// `None` where the whole resource is named.
    pub(super) attribute: Option<&'a str>,
}

/// Where an expression stands: the module, and the key of what it is in.
#[derive(Clone)]
struct Scope {
    module: Module,
    key: Option<String>,
}

/// The blocks of a module, by whether they are of data, type and name.
type Blocks<'a> = BTreeMap<(bool, &'a str, &'a str), &'a Node>;

/// The configuration of each instance's block.
pub(super) fn add_blocks<'a>(root: &'a Node, instances: &mut [Instance<'a>]) {
    let mut modules: BTreeMap<Vec<String>, Blocks<'a>> = BTreeMap::new();
    for one in instances {
        let path = one.module.iter().map(|step| step.name.clone()).collect();
        let blocks = modules.entry(path).or_insert_with(|| blocks(module(root, &one.module)));
        one.block = blocks.get(&(one.is_data, one.resource_type, one.name)).copied();
    }
}

fn blocks(module: Option<&Node>) -> Blocks<'_> {
    let all = module.and_then(|module| module.get("resources")).map(Node::items).unwrap_or_default();
    let named = all.iter().filter_map(|block| {
        let is_data = block.get("mode")?.text()? == "data";
        Some(((is_data, block.get("type")?.text()?, block.get("name")?.text()?), block))
    });
    named.collect()
}

/// The configuration of a module, by its path without keys.
fn module<'a>(root: &'a Node, path: &[Step]) -> Option<&'a Node> {
    path.iter().try_fold(root, |module, step| module.get("module_calls")?.get(&step.name)?.get("module"))
}

impl<'a> Estate<'a> {
    /// The one attribute that an expression of an instance is the value of, as far as can be told: it names that and nothing else
    /// that has a value.
    pub(super) fn target(&self, from: &Instance<'a>, expression: &'a Node) -> Option<Target<'_, 'a>> {
        let targets = self.targets(from, expression)?;
        let [target] = targets[..] else { return None };
        Some(target)
    }

    /// All that an expression names; `None` if some of it cannot be followed.
    pub(super) fn targets(&self, from: &Instance<'a>, expression: &'a Node) -> Option<Vec<Target<'_, 'a>>> {
        let scope = Scope { module: from.module.clone(), key: from.key.clone() };
        let mut left = MOST;
        self.follow(&scope, expression, &mut left)
    }

    fn follow(&self, scope: &Scope, expression: &'a Node, left: &mut usize) -> Option<Vec<Target<'_, 'a>>> {
        *left = left.checked_sub(1)?;
        let references = longest(expression);
        // Which instance is meant is told by its own key alone.
        let is_keyed = references.iter().any(|text| ["each.key", "count.index"].contains(text));
        let own = scope.key.as_ref().filter(|_| is_keyed);
        let mut targets = Vec::new();
        for text in references {
            let parts = parts(text);
            match parts[0] {
                "each" if text == "each.key" => {}
                "count" | "path" | "terraform" => {}
                "var" => targets.extend(self.variable(scope, parts.get(1)?, left)?),
                "module" => targets.extend(self.output(&scope.module, own, &parts, left)?),
                "each" | "local" | "self" => return None,
                _ => targets.push(self.resource(&scope.module, own, &parts)?),
            }
        }
        (!targets.is_empty()).then_some(targets)
    }

    /// A variable of a module has its value from the module's caller.
    fn variable(&self, scope: &Scope, name: &str, left: &mut usize) -> Option<Vec<Target<'_, 'a>>> {
        let (call, caller) = scope.module.split_last()?;
        let expression =
            module(self.root?, caller)?.get("module_calls")?.get(&call.name)?.get("expressions")?.get(name)?;
        self.follow(&Scope { module: caller.to_vec(), key: call.key.clone() }, expression, left)
    }

    /// `module.name.output`
    fn output(
        &self,
        within: &[Step],
        own: Option<&String>,
        parts: &[&'a str],
        left: &mut usize,
    ) -> Option<Vec<Target<'_, 'a>>> {
        let call = step(parts.get(1)?);
        let mut inner = within.to_vec();
        inner.push(Step { name: call.name, key: None });
        let expression = module(self.root?, &inner)?.get("outputs")?.get(parts.get(2)?)?.get("expression")?;
        let within = self.modules.range(inner.clone()..).map_while(|module| key_in(module, &inner));
        let keys: BTreeSet<_> = within.collect();
        let key = choose(call.key.as_ref(), own, keys)?;
        if let Some(last) = inner.last_mut() {
            last.key.clone_from(&key);
        }
        self.follow(&Scope { module: inner, key: None }, expression, left)
    }

    /// `aws_iam_role.task["a"].arn` or `data.aws_iam_policy_document.trust.json`
    fn resource(&self, within: &[Step], own: Option<&String>, parts: &[&'a str]) -> Option<Target<'_, 'a>> {
        let is_data = parts[0] == "data";
        let [resource_type, name, rest @ ..] = &parts[usize::from(is_data)..] else { return None };
        let name = step(name);
        let all = self.of_block(within, is_data, resource_type, &name.name);
        let keys: BTreeSet<_> = all.iter().map(|one| one.key.as_ref()).collect();
        let key = choose(name.key.as_ref(), own, keys)?;
        let instance = all.into_iter().find(|one| one.key == key)?;
        Some(Target { instance, attribute: rest.first().copied() })
    }

    /// The addresses of resources that must be there before an instance: those that its expressions and the documents in
    /// them name, and those that a state tells.
    pub(super) fn depends_on(&self, from: &Instance<'a>) -> BTreeSet<&str> {
        let mut all = BTreeSet::new();
        let mut seen = BTreeSet::new();
        self.reach(from, &mut all, &mut seen);
        for address in &from.depends_on {
            all.extend(self.without_keys(address).map(|one| one.address.as_str()));
        }
        all.remove(from.address.as_str());
        all
    }

    fn reach<'e>(&'e self, from: &Instance<'a>, all: &mut BTreeSet<&'e str>, seen: &mut BTreeSet<String>) {
        if !seen.insert(from.address.clone()) || seen.len() > MOST {
            return;
        }
        let scope = Scope { module: from.module.clone(), key: from.key.clone() };
        let mut leaves = Vec::new();
        if let Some(block) = from.block {
            expressions(block.get("expressions").unwrap_or(block), &mut leaves);
        }
        let mut left = MOST;
        for target in leaves.into_iter().flat_map(|leaf| self.follow(&scope, leaf, &mut left).unwrap_or_default()) {
            match target.instance.is_data {
                true => self.reach(target.instance, all, seen),
                false => drop(all.insert(target.instance.address.as_str())),
            }
        }
    }
}

/// The key that a module has in a path, if it is in it.
fn key_in<'m>(path: &'m [Step], module: &[Step]) -> Option<Option<&'m String>> {
    let (last, before) = module.split_last()?;
    let own = path.get(before.len())?;
    (path.starts_with(before) && own.name == last.name).then_some(own.key.as_ref())
}

/// The key that is named; else that of what names it, as `each.key` gives; else the only one.
fn choose(named: Option<&String>, own: Option<&String>, keys: BTreeSet<Option<&String>>) -> Option<Option<String>> {
    if named.is_some() {
        return Some(named.cloned());
    }
    if keys.len() == 1 {
        return keys.into_iter().next().map(|key| key.cloned());
    }
    keys.contains(&own).then(|| own.cloned())
}

/// The names in an expression; of those that are the beginning of another one, the longest.
fn longest(expression: &Node) -> Vec<&str> {
    let all: Vec<_> =
        expression.get("references").map(Node::items).unwrap_or_default().iter().filter_map(Node::text).collect();
    let begins = |text: &str, other: &str| other.strip_prefix(text).is_some_and(|rest| rest.starts_with(['.', '[']));
    let mut longest: Vec<_> = all.iter().copied().filter(|text| !all.iter().any(|other| begins(text, other))).collect();
    longest.dedup();
    let mut seen = BTreeSet::new();
    longest.retain(|text| seen.insert(*text));
    longest
}

/// The expressions in a block and in the blocks in it.
fn expressions<'a>(node: &'a Node, all: &mut Vec<&'a Node>) {
    if node.get("references").is_some_and(|references| matches!(references.value, Value::List(_))) {
        all.push(node);
        return;
    }
    node.items().iter().for_each(|item| expressions(item, all));
    node.entries()
        .iter()
        .filter(|entry| entry.key != "constant_value")
        .for_each(|entry| expressions(&entry.value, all));
}
