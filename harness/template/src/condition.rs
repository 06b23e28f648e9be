//! Conditions.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html

use source::{Finding, Node, Span};

use crate::evaluate::Evaluator;
use crate::shape::{must_be, shown};

const FUNCTIONS: &[&str] = &["Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals", "Condition"];

impl Evaluator<'_> {
    /// Works out every condition, whether something asks for it or not.
    pub(crate) fn all_conditions(&mut self) {
        let template = self.template;
        for entry in &template.conditions {
            self.condition(&entry.key, entry.key_span);
        }
    }

    /// Whether a condition holds; `None` if that cannot be said, and why is recorded.
    pub(crate) fn condition(&mut self, name: &str, span: Span) -> Option<bool> {
        if let Some(at) = self.open_conditions.iter().position(|open| open == name) {
            let path: Vec<_> = self.open_conditions[at..].iter().map(|name| format!("`{}`", shown(name))).collect();
            let message = format!("conditions go round in a circle: {} → `{}`", path.join(" → "), shown(name));
            self.report(Finding::error("CONDITION_CYCLE", span, message).help("take one of these references away"));
            return None;
        }
        if let Some(known) = self.conditions.get(name) {
            return *known;
        }
        let template = self.template;
        // An unknown name is reported where all names are looked at.
        let declared = template.conditions.get(*template.condition_index.get(name)?)?;
        self.open_conditions.push(name.to_owned());
        let result = self.test(&declared.value);
        self.open_conditions.pop();
        self.conditions.insert(name.to_owned(), result);
        result
    }

    fn test(&mut self, node: &Node) -> Option<bool> {
        if !self.descend(node.span) {
            return None;
        }
        let result = self.function(node);
        self.ascend();
        result
    }

    fn function(&mut self, node: &Node) -> Option<bool> {
        let [entry] = node.entries() else {
            self.report(must_be("a condition", "one of Fn::And, Fn::Or, Fn::Not, Fn::Equals and Condition", node));
            return None;
        };
        let argument = &entry.value;
        match &*entry.key {
            "Condition" => match argument.text() {
                Some(name) => self.condition(name, argument.span),
                None => {
                    self.report(must_be("`Condition`", "the name of a condition", argument));
                    None
                }
            },
            // All parts are worked out, so that everything wrong in them is said.
            "Fn::And" => Some(self.tests(argument, "Fn::And", 2, 10)?.into_iter().all(|test| test)),
            "Fn::Or" => Some(self.tests(argument, "Fn::Or", 2, 10)?.into_iter().any(|test| test)),
            "Fn::Not" => Some(!self.tests(argument, "Fn::Not", 1, 1)?.into_iter().all(|test| test)),
            "Fn::Equals" => self.equals(argument),
            other => {
                let message = format!("`{}` is not a function that gives a condition", shown(other));
                let finding = Finding::error("UNKNOWN_FUNCTION", entry.key_span, message);
                self.report(finding.suggest(other, FUNCTIONS.iter().copied()));
                None
            }
        }
    }

    fn tests(&mut self, argument: &Node, name: &str, least: usize, most: usize) -> Option<Vec<bool>> {
        let items = argument.items();
        if !(least..=most).contains(&items.len()) {
            let wanted = if most == 1 {
                "a list of one condition".to_owned()
            } else {
                format!("a list of {least} to {most} conditions")
            };
            self.report(must_be(&format!("the argument of `{name}`"), &wanted, argument));
            return None;
        }
        let tests: Vec<_> = items.iter().map(|item| self.test(item)).collect();
        tests.into_iter().collect()
    }

    /// Letters' case counts; a number or a Boolean is its text.
    fn equals(&mut self, argument: &Node) -> Option<bool> {
        let [left, right] = argument.items() else {
            self.report(must_be("the argument of `Fn::Equals`", "a list of two values", argument));
            return None;
        };
        let left = self.evaluate_text(left, "what `Fn::Equals` compares");
        let right = self.evaluate_text(right, "what `Fn::Equals` compares");
        Some(left? == right?)
    }
}
