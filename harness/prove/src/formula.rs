//! Formulas over atoms, each kept once.

use rustc_hash::FxHashMap;

/// What can be true or false of a request, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Atom(pub(crate) u32);

/// An atom, or that it is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Literal {
    pub(crate) atom: Atom,
    pub(crate) is_so: bool,
}

/// A formula, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Formula(u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    True,
    False,
    Literal(Literal),
    All(Box<[Formula]>),
    Any(Box<[Formula]>),
}

/// Every formula that has been made. Negations stand at atoms only.
#[derive(Debug, Default)]
pub(crate) struct Formulas {
    nodes: Vec<Node>,
    /// How many literals it takes at least to make it true.
    costs: Vec<u32>,
    numbers: FxHashMap<Node, Formula>,
    negations: FxHashMap<Formula, Formula>,
}

impl Literal {
    pub(crate) const fn negated(self) -> Self {
        Self { atom: self.atom, is_so: !self.is_so }
    }
}

impl Formulas {
    pub(crate) fn constant(&mut self, is_true: bool) -> Formula {
        self.number(if is_true { Node::True } else { Node::False })
    }

    pub(crate) fn atom(&mut self, atom: Atom) -> Formula {
        self.number(Node::Literal(Literal { atom, is_so: true }))
    }

    /// An atom that costs nothing where it is so: what is taken for granted.
    pub(crate) fn granted(&mut self, atom: Atom) -> Formula {
        let formula = self.atom(atom);
        self.costs[formula.0 as usize] = 0;
        formula
    }

    pub(crate) fn all(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        self.joined(parts, true)
    }

    pub(crate) fn any(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        self.joined(parts, false)
    }

    pub(crate) fn not(&mut self, formula: Formula) -> Formula {
        if let Some(&known) = self.negations.get(&formula) {
            return known;
        }
        let negated = match self.node(formula).clone() {
            Node::True => self.constant(false),
            Node::False => self.constant(true),
            Node::Literal(literal) => self.number(Node::Literal(literal.negated())),
            Node::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|&part| self.not(part)).collect();
                self.any(parts)
            }
            Node::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|&part| self.not(part)).collect();
                self.all(parts)
            }
        };
        self.negations.insert(formula, negated);
        self.negations.insert(negated, formula);
        negated
    }

    /// One of two, as a condition is so or not.
    pub(crate) fn either(&mut self, condition: Formula, then: Formula, otherwise: Formula) -> Formula {
        if then == otherwise {
            return then;
        }
        let not = self.not(condition);
        let (then, otherwise) = (self.all([condition, then]), self.all([not, otherwise]));
        self.any([then, otherwise])
    }

    /// That a formula is not so, if that has been made.
    pub(crate) fn known_negation(&self, formula: Formula) -> Option<Formula> {
        self.negations.get(&formula).copied()
    }

    pub(crate) fn node(&self, formula: Formula) -> &Node {
        &self.nodes[formula.0 as usize]
    }

    pub(crate) fn cost(&self, formula: Formula) -> u32 {
        self.costs[formula.0 as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) const fn index(formula: Formula) -> usize {
        formula.0 as usize
    }

    /// What is so whatever is so of some atoms.
    pub(crate) fn whatever(&mut self, formula: Formula, is_free: &dyn Fn(Atom) -> bool) -> Formula {
        let mut known = FxHashMap::default();
        self.whatever_of(formula, is_free, &mut known)
    }

    fn whatever_of(
        &mut self,
        formula: Formula,
        is_free: &dyn Fn(Atom) -> bool,
        known: &mut FxHashMap<Formula, Formula>,
    ) -> Formula {
        if let Some(&known) = known.get(&formula) {
            return known;
        }
        let firm = match self.node(formula).clone() {
            Node::Literal(literal) if is_free(literal.atom) => self.constant(false),
            Node::True | Node::False | Node::Literal(_) => formula,
            Node::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|&part| self.whatever_of(part, is_free, known)).collect();
                self.all(parts)
            }
            Node::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|&part| self.whatever_of(part, is_free, known)).collect();
                self.any(parts)
            }
        };
        known.insert(formula, firm);
        firm
    }

    /// Whether it is true, by what is so of the atoms.
    pub(crate) fn holds(&self, formula: Formula, is_so: &mut impl FnMut(Atom) -> bool) -> bool {
        match self.node(formula) {
            Node::True => true,
            Node::False => false,
            Node::Literal(literal) => is_so(literal.atom) == literal.is_so,
            Node::All(parts) => parts.iter().all(|&part| self.holds(part, is_so)),
            Node::Any(parts) => parts.iter().any(|&part| self.holds(part, is_so)),
        }
    }

    /// The atoms of some formulas, each once.
    pub(crate) fn atoms(&self, formulas: &[Formula]) -> Vec<Atom> {
        let mut seen = vec![false; self.nodes.len()];
        let (mut open, mut atoms) = (formulas.to_vec(), Vec::new());
        while let Some(formula) = open.pop() {
            if std::mem::replace(&mut seen[Self::index(formula)], true) {
                continue;
            }
            match self.node(formula) {
                Node::True | Node::False => {}
                Node::Literal(literal) => atoms.push(literal.atom),
                Node::All(parts) | Node::Any(parts) => open.extend_from_slice(parts),
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    fn joined(&mut self, parts: impl IntoIterator<Item = Formula>, all: bool) -> Formula {
        let mut kept = Vec::new();
        for part in parts {
            match (self.node(part), all) {
                (Node::True, true) | (Node::False, false) => {}
                (Node::False, true) | (Node::True, false) => return self.constant(!all),
                (Node::All(inner), true) | (Node::Any(inner), false) => kept.extend_from_slice(inner),
                _ => kept.push(part),
            }
        }
        kept.sort_unstable();
        kept.dedup();
        let contradicts = |part: &Formula| self.negations.get(part).is_some_and(|not| kept.binary_search(not).is_ok());
        if kept.iter().any(contradicts) {
            return self.constant(!all);
        }
        match (&*kept, all) {
            ([], _) => self.constant(all),
            ([one], _) => *one,
            (_, true) => self.number(Node::All(kept.into())),
            (_, false) => self.number(Node::Any(kept.into())),
        }
    }

    fn number(&mut self, node: Node) -> Formula {
        if let Some(&known) = self.numbers.get(&node) {
            return known;
        }
        let cost = match &node {
            Node::True => 0,
            Node::False => u32::MAX / 4,
            Node::Literal(literal) => 1 + u32::from(literal.is_so),
            Node::All(parts) => parts.iter().fold(0_u32, |sum, &part| sum.saturating_add(self.cost(part))),
            Node::Any(parts) => parts.iter().map(|&part| self.cost(part)).min().unwrap_or(0),
        };
        let formula = Formula(self.nodes.len() as u32);
        self.nodes.push(node.clone());
        self.costs.push(cost);
        self.numbers.insert(node, formula);
        formula
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_plain() {
        let mut all = Formulas::default();
        let (a, b) = (all.atom(Atom(0)), all.atom(Atom(1)));
        let (not_a, truth, lie) = (all.not(a), all.constant(true), all.constant(false));
        assert_eq!(all.not(not_a), a);
        assert_eq!(all.all([a, truth]), a);
        assert_eq!(all.all([a, lie]), lie);
        assert_eq!(all.any([a, not_a]), truth);
        assert_eq!(all.all([a, b, not_a]), lie);
        let (both, ba) = (all.all([a, b]), all.all([b, a, b]));
        assert_eq!(both, ba);
        let neither = all.not(both);
        assert!(all.holds(neither, &mut |atom| atom == Atom(0)));
        assert!(!all.holds(neither, &mut |_| true));
        assert_eq!(all.either(a, b, b), b);
    }
}
