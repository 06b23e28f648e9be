//! A template to a scenario.

use std::collections::HashSet;

use matrix::deployment::{ACCOUNT, REGION};
use matrix::plan::Environment;
use matrix::{LoadError, Prepared, Results};
use serde_json::{Map, Value, json};
use template::Inputs;

use crate::amend::amended;
use crate::expect::Kept;
use crate::judge::{Judged, Reach, judge, reaches, unjudged};
use crate::scenario::{AS_DEPLOYED, Scenario, comment};
use crate::settle::{ANYTHING, Reader, Unsettled, settle};
use crate::survey::Survey;
use crate::{callers, options, parameters, requests};

/// What a scenario is to be made of.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Its title, unless there is something to say of a condition.
    pub title: String,
    /// The template's path, from the scenario's folder.
    pub template: String,
    /// The stack, of a folder of the CDK's.
    pub stack: Option<String>,
    /// Values of parameters.
    pub parameters: Vec<(String, String)>,
}

/// A scenario that was made.
#[derive(Debug)]
pub struct Draft {
    /// The text of its file.
    pub text: String,
    /// What came of it.
    pub found: Found,
    /// Everything that was predicted, with nothing folded away.
    pub results: Results,
}

/// What is known of a template, whether or not anything of it could be tried.
#[derive(Debug)]
pub struct Found {
    /// Why nothing could be tried.
    pub untried: Option<String>,
    /// What each statement's conditions on tags do.
    pub judged: Vec<Judged>,
    /// Who gets through with what, as the template is.
    pub reaches: Vec<Reach>,
    /// What could not be tried, and why.
    pub left_out: Vec<String>,
    /// Parameters and exports of other stacks whose values are made up.
    pub made_up: Vec<String>,
    /// Statements on tags beyond those that are tried.
    pub more: usize,
    /// The template, ready: as it is, without what the scenario patches.
    pub template: Prepared,
}

/// Why no scenario can be made of a template.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The template cannot be had.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Nothing of it can be tried: what is known of it all the same.
    #[error("{}", .0.untried.as_deref().unwrap_or_default())]
    Untried(Box<Found>),
}

/// The first lines of every scenario that is made.
const HEAD: &str =
    "# Made by `tagproof init`. Nobody has confirmed what is marked `predicted`: `tagproof review` walks through it.\n";
/// More cells make a matrix that nobody reads.
const MOST_CELLS: usize = 4_000;

/// Makes a scenario of a template: everything in it is read by `read`.
///
/// # Errors
/// The template has errors, AWS would refuse what it makes, or it makes nothing.
pub fn draft(order: &Order, read: &Reader<'_>) -> Result<Draft, DraftError> {
    let mut scenario = Scenario {
        title: order.title.clone(),
        template: order.template.clone(),
        stack: order.stack.clone(),
        parameters: order.parameters.iter().map(|(name, value)| (name.clone(), json!(value))).collect(),
        ..Scenario::default()
    };
    let template = template(&mut scenario, &order.parameters, read)?;
    let not_applied = template.warnings.iter().filter(|warning| warning.code == "NOT_APPLIED");
    let told = |warning: &source::Finding| format!("{}: {}", warning.message, warning.help.clone().unwrap_or_default());
    scenario.left_out.extend(not_applied.map(told));
    let (more, tried) = tried(&mut scenario, &template, read);
    let (left_out, made_up) = (scenario.left_out.clone(), scenario.made_up.clone());
    let found = |untried, judged, reaches| Found { untried, judged, reaches, left_out, made_up, more, template };
    let Tried { judged, reaches, results } = match tried {
        Ok(tried) => tried,
        Err((Unsettled::Load(error), _)) => return Err(error.into()),
        Err((Unsettled::SetUp(error), judged)) => {
            return Err(DraftError::Untried(Box::new(found(
                Some(format!("AWS would refuse what the template makes: {}: {}", error.call, error.reason)),
                judged,
                Vec::new(),
            ))));
        }
        Err((Unsettled::Nothing, judged)) => {
            let why = "no caller or no request of the template could be had".to_owned();
            return Err(DraftError::Untried(Box::new(found(Some(why), judged, Vec::new()))));
        }
    };
    scenario.title = title(&judged).unwrap_or(scenario.title);
    let kept = Kept::all(&results).fold(&mut scenario);
    let found = found(None, judged, reaches);
    let text = scenario.text(&head(&found), &kept.expectations()).text;
    Ok(Draft { text, found, results })
}

/// What came of a scenario.
struct Tried {
    judged: Vec<Judged>,
    reaches: Vec<Reach>,
    results: Results,
}

/// Fills a scenario and predicts it; gives how many statements are left out as well. Where it cannot be had, every condition on
/// tags is told all the same.
fn tried(
    scenario: &mut Scenario,
    template: &Prepared,
    read: &Reader<'_>,
) -> (usize, Result<Tried, (Unsettled, Vec<Judged>)>) {
    let Some(survey) = Survey::of(template) else { return (0, Err((Unsettled::Nothing, Vec::new()))) };
    callers::add(scenario, &survey);
    requests::add(scenario, &survey);
    options::add(scenario, &survey);
    let more = survey.more + shrink(scenario, survey.subjects.len());
    let tried = match settle(scenario, read) {
        Ok(results) => {
            let (judged, reaches) = (judge(&survey, scenario, &results), reaches(scenario, &results));
            Ok(Tried { judged, reaches, results })
        }
        Err(error) => Err((error, unjudged(&survey))),
    };
    (more, tried)
}

/// What stands above a scenario.
fn head(found: &Found) -> String {
    let mut head = HEAD.to_owned();
    if found.more > 0 {
        head.push_str(&format!("# {} more statements are left out: the matrix would be too large.\n", found.more));
    }
    if !found.left_out.is_empty() {
        head.push_str("# Left out:\n");
        found.left_out.iter().for_each(|left| head.push_str(&format!("# - {}\n", comment(left))));
    }
    head
}

/// What somebody should know first.
fn title(judged: &[Judged]) -> Option<String> {
    let first = judged.iter().find(|one| one.verdict.is_finding())?;
    Some(format!("{}: {}", first.statement, first.finding()))
}

/// The template by itself, with values for the parameters and exports of other stacks that have none.
fn template(scenario: &mut Scenario, given: &[(String, String)], read: &Reader<'_>) -> Result<Prepared, DraftError> {
    let text = |scenario: &Scenario| {
        let mut alone = Scenario {
            title: scenario.title.clone(),
            template: scenario.template.clone(),
            stack: scenario.stack.clone(),
            parameters: scenario.parameters.clone(),
            imports: scenario.imports.clone(),
            ..Scenario::default()
        };
        alone.give(&["users", "nobody"], json!({}));
        alone.add(crate::scenario::Axis::Option, AS_DEPLOYED, json!({}), String::new(), &[]);
        alone.add(crate::scenario::Axis::Caller, "nobody", json!({"user": "nobody"}), String::new(), &[]);
        alone.add(crate::scenario::Axis::Request, "none", json!({"call": "sts:GetCallerIdentity"}), String::new(), &[]);
        alone.text("", ANYTHING).text
    };
    let mut tried = HashSet::new();
    loop {
        let (sources, findings) = match read(&text(scenario)) {
            Ok(prepared) => return Ok(prepared),
            Err(LoadError::Faulty { sources, findings }) => (sources, findings),
            Err(error) => return Err(error.into()),
        };
        // What a stack imports may be named by a parameter, and so be asked for only once that has a value.
        let known = scenario.made_up.len();
        let inputs = inputs(scenario);
        for (name, value) in parameters::made_up(&inputs, &sources, &findings) {
            give(&mut scenario.parameters, &mut scenario.made_up, name, &value);
        }
        for (name, value) in parameters::imports(&inputs, &findings) {
            give(&mut scenario.imports, &mut scenario.made_up, name, &value);
        }
        if scenario.made_up.len() > known {
            continue;
        }
        let environment = Environment { account: inputs.account, region: inputs.region, partition: inputs.partition };
        let mut others = amended(&environment, &sources, &findings, given);
        others.retain(|other| tried.insert(other.clone()));
        if others.is_empty() {
            return Err(LoadError::Faulty { sources, findings }.into());
        }
        for (name, value) in others {
            if !scenario.made_up.contains(&name) {
                scenario.made_up.push(name.clone());
            }
            let values =
                if scenario.imports.contains_key(&name) { &mut scenario.imports } else { &mut scenario.parameters };
            values.insert(name, json!(value));
        }
    }
}

/// Where the stack is made.
fn inputs(scenario: &Scenario) -> Inputs {
    let given = |name: &str, otherwise| scenario.parameters.get(name).and_then(Value::as_str).unwrap_or(otherwise);
    Inputs::new(given("AWS::AccountId", ACCOUNT), given("AWS::Region", REGION), "stack")
}

/// Gives a value once: where it is no help, the fault is told.
fn give(values: &mut Map<String, Value>, made_up: &mut Vec<String>, name: String, value: &str) {
    if !values.contains_key(&name) {
        values.insert(name.clone(), json!(value));
        made_up.push(name);
    }
}

/// Leaves out the last statements until the matrix can be read; gives how many.
fn shrink(scenario: &mut Scenario, statements: usize) -> usize {
    let is_large =
        |scenario: &Scenario| scenario.options.len() * scenario.callers.len() * scenario.requests.len() > MOST_CELLS;
    let mut left = statements;
    while left > 1 && is_large(scenario) {
        left -= 1;
        let gone = left;
        for axis in [&mut scenario.options, &mut scenario.callers, &mut scenario.requests] {
            axis.iter_mut().for_each(|entry| entry.of.retain(|at| *at != gone));
            axis.retain(|entry| !entry.of.is_empty() || entry.name == AS_DEPLOYED);
        }
    }
    statements - left
}
