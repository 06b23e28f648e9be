//! Proposes which atoms are so, asks whether there is such a request, and learns from what there is not.

use batsat::{BasicSolver, Lit, SolverInterface, Var, lbool};

use policy::undocumented::{Case, Notes};

use crate::budget::{Budget, OutOfSteps};
use crate::formula::{Atom, Formula, Formulas, Literal, Node};
use crate::rows::Rows;
use crate::space::{Fact, Space};
use crate::theory::{Counting, Outcome, Theory, Witness};

/// What came of a question.
pub(crate) enum Answer {
    /// There is a request: what is so of it, and its texts.
    Found { literals: Vec<Literal>, witness: Witness },
    /// There is none: the laws that this rests on, and the rows of what AWS leaves open.
    Nothing { laws: Vec<u32>, rows: Notes },
    /// Nothing was found, which is not exact: why.
    Undecided { why: String },
}

/// A formula in the solver, with what has been learnt about it.
pub(crate) struct Question<'t> {
    solver: BasicSolver,
    vars: Vec<Option<Var>>,
    nodes: Vec<Option<Lit>>,
    root: Formula,
    theory: &'t mut Theory,
    /// Stands in every clause that rules out what is not impossible for certain.
    guess: Lit,
}

impl<'t> Question<'t> {
    pub(crate) fn new(space: &Space<'_>, root: Formula, theory: &'t mut Theory) -> Self {
        let mut solver = BasicSolver::default();
        let guess = Lit::new(solver.new_var_default(), true);
        let nodes = vec![None; space.formulas.len()];
        let mut question = Self { solver, vars: Vec::new(), nodes, root, theory, guess };
        let root = question.encode(&space.formulas, root);
        question.solver.add_clause_reuse(&mut vec![root]);
        question
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.theory.rows
    }

    /// Looks for a request under laws, and with some rows decided as they have it.
    pub(crate) fn ask(
        &mut self,
        space: &mut Space<'_>,
        laws: &[u32],
        rows: &[Case],
        counting: impl Fn(&dyn Fn(u32) -> Option<Literal>) -> Counting,
        budget: &mut Budget,
    ) -> Result<Answer, OutOfSteps> {
        let of_laws: Vec<(u32, Atom)> = laws.iter().map(|&law| (law, space.atom(Fact::Law(law)))).collect();
        let of_rows: Vec<(Case, Atom)> = rows.iter().map(|&row| (row, space.atom(Fact::AsDecided(row)))).collect();
        let atoms = of_laws.iter().map(|of| of.1).chain(of_rows.iter().map(|of| of.1));
        let mut assumptions = vec![self.guess];
        assumptions.extend(atoms.map(|atom| self.literal(Literal { atom, is_so: true })));
        let literal_of = |law: u32| {
            let found = of_laws.iter().find(|(own, _)| *own == law);
            found.map(|&(_, atom)| Literal { atom, is_so: true })
        };
        let mut counting = counting(&literal_of);
        counting.rows = of_rows.iter().map(|&(row, atom)| (row, Literal { atom, is_so: true })).collect();
        loop {
            budget.take(20)?;
            if self.solver.solve_limited(&assumptions) != lbool::TRUE {
                return Ok(self.nothing(&of_laws, &of_rows));
            }
            let literals = self.grounds(space);
            budget.take(literals.len() as u64)?;
            match self.theory.check(space, &literals, &counting, budget)? {
                Outcome::Witness(witness) => return Ok(Answer::Found { literals, witness }),
                Outcome::Conflict { literals, is_exact } => {
                    if is_exact {
                        self.rule_out(&literals)
                    } else {
                        self.leave_out(&literals)
                    }
                }
            }
        }
    }

    /// These are never so together.
    fn rule_out(&mut self, literals: &[Literal]) {
        let mut clause: Vec<Lit> = literals.iter().map(|&one| !self.literal(one)).collect();
        self.solver.add_clause_reuse(&mut clause);
    }

    /// The same, but no proof may rest on it.
    pub(crate) fn leave_out(&mut self, literals: &[Literal]) {
        let mut clause: Vec<Lit> = literals.iter().map(|&one| !self.literal(one)).collect();
        clause.push(!self.guess);
        self.solver.add_clause_reuse(&mut clause);
    }

    fn nothing(&self, of_laws: &[(u32, Atom)], of_rows: &[(Case, Atom)]) -> Answer {
        let core = self.solver.unsat_core();
        if core.iter().any(|literal| literal.var() == self.guess.var()) {
            return Answer::Undecided { why: "what variables or mixed comparisons ask for was not settled".to_owned() };
        }
        let is_needed = |atom: Atom| {
            let var = self.vars.get(atom.0 as usize).copied().flatten();
            var.is_some_and(|var| core.iter().any(|literal| literal.var() == var))
        };
        let laws = of_laws.iter().filter(|(_, atom)| is_needed(*atom)).map(|&(law, _)| law).collect();
        let mut rows = Notes::default();
        of_rows.iter().filter(|(_, atom)| is_needed(*atom)).for_each(|(row, _)| rows.add(*row));
        Answer::Nothing { laws, rows }
    }

    /// Literals that make the formula true, few of them.
    fn grounds(&self, space: &Space<'_>) -> Vec<Literal> {
        let mut truths: Vec<Option<bool>> = vec![None; space.formulas.len()];
        let mut seen = vec![false; space.formulas.len()];
        let mut literals = Vec::new();
        let mut open = vec![self.root];
        while let Some(formula) = open.pop() {
            if std::mem::replace(&mut seen[Formulas::index(formula)], true) {
                continue;
            }
            match space.formulas.node(formula) {
                Node::True | Node::False => {}
                Node::Literal(literal) => literals.push(*literal),
                Node::All(parts) => open.extend(parts.iter().copied()),
                Node::Any(parts) => {
                    let mut so: Vec<Formula> =
                        parts.iter().copied().filter(|&part| self.is_true(space, part, &mut truths)).collect();
                    let is_known = |part: &Formula| !seen[Formulas::index(*part)];
                    so.sort_by_key(|part| (is_known(part), space.formulas.cost(*part)));
                    open.extend(so.first());
                }
            }
        }
        literals.sort_unstable();
        literals.dedup();
        literals
    }

    fn is_true(&self, space: &Space<'_>, formula: Formula, truths: &mut Vec<Option<bool>>) -> bool {
        if let Some(known) = truths[Formulas::index(formula)] {
            return known;
        }
        let is_true = match space.formulas.node(formula) {
            Node::True => true,
            Node::False => false,
            Node::Literal(literal) => self.is_so(literal.atom) == literal.is_so,
            Node::All(parts) => parts.iter().all(|&part| self.is_true(space, part, truths)),
            Node::Any(parts) => parts.iter().any(|&part| self.is_true(space, part, truths)),
        };
        truths[Formulas::index(formula)] = Some(is_true);
        is_true
    }

    fn is_so(&self, atom: Atom) -> bool {
        let var = self.vars.get(atom.0 as usize).copied().flatten();
        var.is_some_and(|var| self.solver.value_var(var) == lbool::TRUE)
    }

    fn literal(&mut self, literal: Literal) -> Lit {
        let at = literal.atom.0 as usize;
        if self.vars.len() <= at {
            self.vars.resize(at + 1, None);
        }
        let var = match self.vars[at] {
            Some(var) => var,
            None => *self.vars[at].insert(self.solver.new_var_default()),
        };
        Lit::new(var, literal.is_so)
    }

    /// A literal that implies the formula.
    fn encode(&mut self, formulas: &Formulas, formula: Formula) -> Lit {
        if let Some(known) = self.nodes[Formulas::index(formula)] {
            return known;
        }
        let literal = match formulas.node(formula) {
            Node::Literal(literal) => self.literal(*literal),
            node => {
                let own = Lit::new(self.solver.new_var_default(), true);
                match node {
                    Node::False => drop(self.solver.add_clause_reuse(&mut vec![!own])),
                    Node::All(parts) => {
                        for &part in parts {
                            let part = self.encode(formulas, part);
                            self.solver.add_clause_reuse(&mut vec![!own, part]);
                        }
                    }
                    Node::Any(parts) => {
                        let mut clause: Vec<Lit> = parts.iter().map(|&part| self.encode(formulas, part)).collect();
                        clause.push(!own);
                        self.solver.add_clause_reuse(&mut clause);
                    }
                    Node::True | Node::Literal(_) => {}
                }
                self.contradict(formulas, formula, own);
                own
            }
        };
        self.nodes[Formulas::index(formula)] = Some(literal);
        literal
    }

    /// A formula and its negation have literals of their own, of which nothing says yet that they are never so together. To find
    /// that out by their parts takes a search.
    fn contradict(&mut self, formulas: &Formulas, formula: Formula, own: Lit) {
        let negation = formulas.known_negation(formula);
        if let Some(other) = negation.and_then(|negation| self.nodes[Formulas::index(negation)]) {
            self.solver.add_clause_reuse(&mut vec![!own, !other]);
        }
    }
}
