//! The account and the regions that the resources are in.

use std::collections::BTreeMap;

use source::{Finding, Node, Severity, Span, Value};

use super::estate::{Estate, Instance};
use crate::Inputs;
use crate::template::Declared;

/// Where most of it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
}

pub(super) fn place(estate: &Estate<'_>) -> Place {
    let told = |data: &str, attributes: &[&str]| {
        let mut all = estate.data(data).flat_map(|one| attributes.iter().filter_map(|name| one.text(name)));
        all.next().map(str::to_owned)
    };
    let provider = estate.providers.and_then(|providers| providers.get("aws"));
    let configured = provider.and_then(|provider| region_of(estate, provider));
    let account = most(estate, 4).or_else(|| told("aws_caller_identity", &["account_id"]));
    let account = account.or_else(|| account_of_provider(provider?).map(str::to_owned));
    let region = configured.or_else(|| told("aws_region", &["region", "name", "id"])).or_else(|| most(estate, 3));
    Place { account: account.filter(|account| is_account(account)), region }
}

/// The one account that a provider is let into, or that of the role that it assumes.
/// registry.terraform.io/providers/hashicorp/aws/latest/docs#provider-configuration
fn account_of_provider(provider: &Node) -> Option<&str> {
    let expressions = provider.get("expressions")?;
    let allowed = || {
        let [only] = expressions.get("allowed_account_ids")?.get("constant_value")?.items() else { return None };
        only.text()
    };
    let assumed = || {
        let role = expressions.get("assume_role")?.items().first()?.get("role_arn")?.get("constant_value")?;
        role.text()?.split(':').nth(4)
    };
    allowed().or_else(assumed)
}

impl Place {
    /// Where the account or the region is told by nothing, and policies name others than those that stand for it, they may be meant.
    pub(crate) fn unlike(&self, resources: &[Declared], inputs: &Inputs) -> Vec<Finding> {
        let told = [
            ("account", "AWS::AccountId", &self.account, &inputs.account, 4),
            ("region", "AWS::Region", &self.region, &inputs.region, 3),
        ];
        let mut findings = Vec::new();
        for (what, parameter, told, here, at) in told {
            let mut named = BTreeMap::new();
            resources.iter().for_each(|resource| collect(&resource.properties, at, &mut named));
            let Some(span) = named.values().next() else { continue };
            if told.is_none() && !named.contains_key(here.as_str()) {
                let message = format!(
                    "nothing tells the {what} of this, `{here}` stands for it, and there are ARNs of another {what}"
                );
                let finding = Finding::new(Severity::Warning, "TERRAFORM_PLACE", *span, message);
                findings.push(finding.help(format!("give it as the parameter `{parameter}`")));
            }
        }
        findings
    }
}

/// What ARNs in a tree have as their part so many, each with the place where it stands first.
fn collect<'n>(node: &'n Node, at: usize, found: &mut BTreeMap<&'n str, Span>) {
    if let Value::String(text) = &node.value
        && text.starts_with("arn:")
        && let Some(part) = text.split(':').nth(at)
        && !part.is_empty()
        && (at != 4 || is_account(part))
        && !part.contains(['*', '?', '$'])
    {
        found.entry(part).or_insert(node.span);
    }
    node.items().iter().for_each(|item| collect(item, at, found));
    node.entries().iter().for_each(|entry| collect(&entry.value, at, found));
}

/// The account of a resource, by its ARN.
pub(super) fn account_of<'a>(instance: &Instance<'a>) -> Option<&'a str> {
    part(instance, 4).filter(|account| is_account(account))
}

/// The region of a resource: its own, that of its provider, or that of its ARN.
pub(super) fn region(estate: &Estate<'_>, instance: &Instance<'_>) -> Option<String> {
    let own = || instance.text("region").map(str::to_owned);
    let of_provider = || region_of(estate, provider(estate, instance)?);
    part(instance, 3).map(str::to_owned).or_else(own).or_else(of_provider)
}

/// The configuration of an instance's provider. A module names one that it was handed after a colon.
pub(super) fn provider<'a>(estate: &Estate<'a>, instance: &Instance<'a>) -> Option<&'a Node> {
    let key = instance.block?.get("provider_config_key")?.text()?;
    let providers = estate.providers?;
    providers.get(key).or_else(|| providers.get(key.rsplit(':').next()?))
}

fn region_of(estate: &Estate<'_>, provider: &Node) -> Option<String> {
    let region = provider.get("expressions")?.get("region")?;
    let named = || {
        let [only] = region.get("references")?.items() else { return None };
        estate.variables?.get(only.text()?.strip_prefix("var.")?)?.get("value")?.text()
    };
    region.get("constant_value").and_then(Node::text).or_else(named).map(str::to_owned)
}

/// What most ARNs of what is managed have as their part so many.
fn most(estate: &Estate<'_>, at: usize) -> Option<String> {
    let mut counts = BTreeMap::new();
    for part in estate.instances.iter().filter(|one| !one.is_data).filter_map(|one| part(one, at)) {
        *counts.entry(part).or_insert(0) += 1;
    }
    let best = counts.into_iter().max_by_key(|&(part, count)| (count, std::cmp::Reverse(part)));
    best.map(|(part, _)| part.to_owned())
}

fn part<'a>(instance: &Instance<'a>, at: usize) -> Option<&'a str> {
    let arn = instance.text("arn").filter(|arn| arn.starts_with("arn:"))?;
    arn.split(':').nth(at).filter(|part| !part.is_empty() && *part != "aws")
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
