//! Resource ARNs against the forms that the service authorisation reference gives for a service's resources.
//!
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, … ARN …;
//! docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html

use std::collections::HashMap;

use policy::{arn, partition, plain};

use crate::code;
use crate::edits;
use crate::glob::{glob, overlap};
use crate::sink::Sink;
use crate::written::{Text, Written};

/// Longer than any ARN; the comparison takes time in proportion.
const LONGEST: usize = 2048;

pub(super) fn check(policy: &Written<'_>, sink: &mut Sink) {
    let mut known = HashMap::new();
    let resources = policy.statements.iter().flat_map(|statement| &statement.resources);
    for arn in resources.filter(|resource| resource.text.len() <= LONGEST).filter_map(Arn::read) {
        arn.check(sink);
        if is_clear(arn.service) && !arn.resource.is_empty() {
            arn.against(known.entry(arn.service).or_insert_with(|| forms(arn.service)), sink);
        }
    }
}

/// An ARN all of whose parts are there. A part with a wildcard, a variable or something unknown may be anything.
struct Arn<'a> {
    whole: &'a Text<'a>,
    partition: &'a str,
    service: &'a str,
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Arn<'a> {
    fn read(whole: &'a Text<'a>) -> Option<Self> {
        // A variable may hold colons.
        let parts: Vec<_> = whole.text.splitn(6, ':').collect();
        let [prefix, partition, service, region, account, resource] = parts[..] else { return None };
        let is_clear = |part: &&str| !part.contains("${");
        (prefix == "arn" && [partition, service, region, account].iter().all(is_clear)).then_some(Self {
            whole,
            partition,
            service,
            region,
            account,
            resource,
        })
    }

    fn check(&self, sink: &mut Sink) {
        let shown = plain(self.whole.text);
        if is_clear(self.partition) && !partition::names().any(|name| name == self.partition) {
            let message = format!("there is no partition `{}`, as in `{shown}`", plain(self.partition));
            let help = format!("the partitions are {}", super::listed(partition::names()));
            sink.add(&code::INVALID_PARTITION, self.whole.span, message).help(help);
        }
        if is_clear(self.region) && !self.region.is_empty() && !is_region(self.region) {
            let message = format!("there is no region `{}`, as in `{shown}`", plain(self.region));
            let help = "a region is written as in `eu-west-1`; `*` stands for any";
            sink.add(&code::INVALID_ARN_REGION, self.whole.span, message).help(help);
        }
        if is_clear(self.account) && !self.account.is_empty() && !is_account(self.account) {
            let message = format!("`{}` is not the id of an account, as in `{shown}`", plain(self.account));
            sink.add(&code::INVALID_ARN_ACCOUNT, self.whole.span, message).help("an account's id has twelve digits");
        }
    }

    /// Of some services AWS has resources of its own, in whose ARNs no account stands.
    /// docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html,
    /// docs.aws.amazon.com/resource-explorer/latest/userguide/manage-views-about.html
    fn may_be_of_aws(&self) -> bool {
        matches!(self.service, "ssm" | "resource-explorer-2")
    }

    fn against(&self, forms: &[Form], sink: &mut Sink) {
        let shown = plain(self.whole.text);
        let resource = glob(self.resource);
        let fitting: Vec<_> = forms.iter().filter(|form| overlap(&form.resource, &resource)).collect();
        let all = |is: fn(&Form) -> bool| !fitting.is_empty() && fitting.iter().all(|form| is(form));
        if fitting.is_empty() {
            // The reference lacks resource types, so only an ARN that is nearly one of its forms is surely wrong.
            let Some(near) = forms.iter().find(|form| is_near(form.whole, self.resource)) else { return };
            let message = format!("`{shown}` is the ARN of no resource that {} has", plain(self.service));
            let help = format!("did you mean `{}`?", near.whole);
            sink.add(&code::INVALID_ARN_RESOURCE, self.whole.span, message).help(help);
            return;
        }
        let (service, span) = (plain(self.service), self.whole.span);
        let written = |region: &str, account: &str| {
            let new = ["arn", self.partition, self.service, region, account, self.resource].join(":");
            (format!("write `{}`", plain(&new)), edits::rewrite(self.whole, new))
        };
        if is_region(self.region) && all(|form| form.region.is_empty()) {
            let message = format!("ARNs such as `{shown}` have no region");
            let (help, edit) = written("", self.account);
            sink.add(&code::ARN_REGION_NOT_ALLOWED, span, message).help(help).edit(edit);
        } else if self.region.is_empty() && all(|form| !form.region.is_empty()) {
            let message = format!("the region is missing in the {service} ARN `{shown}`");
            let help = "write the region between the third and the fourth colon; `*` stands for any";
            sink.add(&code::MISSING_ARN_REGION, span, message).help(help);
        }
        if is_account(self.account) && all(|form| form.account.is_empty()) {
            let message = format!("ARNs such as `{shown}` have no account");
            let (help, edit) = written(self.region, "");
            sink.add(&code::ARN_ACCOUNT_NOT_ALLOWED, span, message).help(help).edit(edit);
        } else if self.account.is_empty() && all(|form| !form.account.is_empty()) && !self.may_be_of_aws() {
            let message = format!("the account is missing in the {service} ARN `{shown}`");
            let help = "write the account between the fourth and the fifth colon; `*` stands for any";
            sink.add(&code::MISSING_ARN_ACCOUNT, span, message).help(help);
        }
    }
}

/// Whether a resource is nearly of a form: it begins with the same word, or the same but for case and hyphens.
fn is_near(form: &str, resource: &str) -> bool {
    let word = |resource: &str| {
        let word = resource.split(['/', ':', '*', '?', '$']).next().unwrap_or_default();
        word.to_ascii_lowercase().replace(['-', '_'], "")
    };
    let form = form.splitn(6, ':').last().unwrap_or_default();
    !word(form).is_empty() && word(form) == word(resource)
}

/// A form of ARN that a service's resources have.
struct Form {
    whole: &'static str,
    region: &'static str,
    account: &'static str,
    /// As a pattern.
    resource: String,
}

/// None, where the reference does not have all of them.
fn forms(service: &str) -> Vec<Form> {
    // Classic and newer load balancers, and two kinds of APIs, share a prefix and have a page each, of which the
    // catalogue has one.
    if matches!(service, "elasticloadbalancing" | "apigateway") {
        return Vec::new();
    }
    let types = catalog::service(service).into_iter().flat_map(catalog::Service::resource_types);
    let form = |whole: &'static str| {
        let parts: Vec<_> = whole.splitn(6, ':').collect();
        let [_, _, of, region, account, resource] = parts[..] else { return None };
        (of == service).then(|| Form { whole, region, account, resource: glob(resource) })
    };
    types.flat_map(catalog::ResourceType::arns).filter_map(form).collect()
}

/// Whether it is known what a part says.
fn is_clear(part: &str) -> bool {
    !part.contains(['*', '?', '$', crate::glob::UNKNOWN])
}

/// Whether a text has the form of a region's code: AWS adds regions faster than lists of them are read.
/// docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
pub(super) fn is_region(text: &str) -> bool {
    const DIRECTIONS: &[&str] =
        &["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"];
    let parts: Vec<_> = text.split('-').collect();
    let letters = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts[..] {
        [ref area @ .., direction, number] => {
            (1..=2).contains(&area.len())
                && area.iter().all(|part| letters(part))
                && DIRECTIONS.contains(&direction)
                && (1..=2).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// Twelve digits, or what stands in their place in ARNs of AWS's own resources.
fn is_account(text: &str) -> bool {
    arn::is_account(text)
        || ["aws", "aws-managed", "aws-marketplace", "amazon", "cloudfront", "third-party"].contains(&text)
}
