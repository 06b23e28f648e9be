//! A template to a scenario.

use matrix::{LoadError, Prepared, Results};
use serde_json::{Map, Value, json};

use crate::expect::Kept;
use crate::judge::{Judged, Reach, judge, reaches};
use crate::scenario::{AS_DEPLOYED, Scenario, comment};
use crate::settle::{ANYTHING, DraftError, Reader, settle};
use crate::survey::Survey;
use crate::{callers, options, parameters, requests};

/// What a scenario is to be made of.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Its title, unless there is something to say of a condition.
    pub title: String,
    /// The template's path, from the scenario's folder.
    pub template: String,
}

/// A scenario that was made.
#[derive(Debug)]
pub struct Draft {
    /// The text of its file.
    pub text: String,
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
    /// Everything that was predicted, with nothing folded away.
    pub results: Results,
}

/// The first lines of every scenario that is made.
const HEAD: &str =
    "# Made by `tagproof init`. Nobody has confirmed what is marked `predicted`: `tagproof review` walks through it.\n";
/// More cells make a matrix that nobody reads.
const MOST_CELLS: usize = 4_000;

/// Makes a scenario of a template: everything in it is read by `read`.
///
/// # Errors
/// The template has errors, AWS would refuse what it makes, or there is nothing in it to try.
pub fn draft(order: &Order, read: &Reader<'_>) -> Result<Draft, DraftError> {
    let mut scenario = Scenario { title: order.title.clone(), template: order.template.clone(), ..Scenario::default() };
    let template = template(&mut scenario, read)?;
    let Some(survey) = Survey::of(&template) else {
        return Err(DraftError::Nothing("the template makes nothing".to_owned()));
    };
    callers::add(&mut scenario, &survey);
    requests::add(&mut scenario, &survey);
    options::add(&mut scenario, &survey);
    let more = survey.more + shrink(&mut scenario, survey.subjects.len());
    let results = settle(&mut scenario, read)?;
    let (judged, reaches) = (judge(&survey, &scenario, &results), reaches(&scenario, &results));
    let (left_out, made_up) = (scenario.left_out.clone(), scenario.made_up.clone());
    scenario.title = title(&judged).unwrap_or(scenario.title);
    let kept = Kept::all(&results).fold(&mut scenario);
    let mut head = HEAD.to_owned();
    if more > 0 {
        head.push_str(&format!("# {more} more statements are left out: the matrix would be too large.\n"));
    }
    if !left_out.is_empty() {
        head.push_str("# Left out:\n");
        left_out.iter().for_each(|left| head.push_str(&format!("# - {}\n", comment(left))));
    }
    let text = scenario.text(&head, &kept.expectations()).text;
    drop(survey);
    Ok(Draft { text, judged, reaches, left_out, made_up, more, template, results })
}

/// What somebody should know first.
fn title(judged: &[Judged]) -> Option<String> {
    let first = judged.iter().find(|one| one.verdict.is_finding())?;
    Some(format!("{}: {}", first.statement, first.finding()))
}

/// The template by itself, with values for the parameters and exports of other stacks that have none.
fn template(scenario: &mut Scenario, read: &Reader<'_>) -> Result<Prepared, DraftError> {
    let text = |scenario: &Scenario| {
        let mut alone = Scenario {
            title: scenario.title.clone(),
            template: scenario.template.clone(),
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
    loop {
        let (sources, findings) = match read(&text(scenario)) {
            Ok(prepared) => return Ok(prepared),
            Err(LoadError::Faulty { sources, findings }) => (sources, findings),
            Err(error) => return Err(error.into()),
        };
        // What a stack imports may be named by a parameter, and so be asked for only once that has a value.
        let given = scenario.made_up.len();
        for (name, value) in parameters::made_up(&sources, &findings) {
            give(&mut scenario.parameters, &mut scenario.made_up, name, &value);
        }
        for (name, value) in parameters::imports(&findings) {
            give(&mut scenario.imports, &mut scenario.made_up, name, &value);
        }
        if scenario.made_up.len() == given {
            return Err(LoadError::Faulty { sources, findings }.into());
        }
    }
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
