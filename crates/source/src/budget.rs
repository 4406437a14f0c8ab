//! What the work on one page may still cost.
//!
//! Whatever loops over input takes off the page's one budget: a turn of a loop, a call, a filter's items, the bytes that are
//! written. Costs are known from the input alone, never from a clock, so that a page ends at the same place on every machine.
//! Taking off never fails; whoever goes from one piece of work to the next asks [`Budget::spent`] first. A piece whose cost
//! could be large by itself is taken off before it is done.

use std::cell::Cell;

/// Into how many steps a turn of a loop is divided.
pub const STEPS_A_TURN: u64 = 4;

/// How many turns of a loop the call of another file counts for, at least: it makes a frame, a layer of variables and more.
const TURNS_A_CALL: u64 = 50;

/// How many bytes are copied or compared at the cost of one step.
const BYTES_A_STEP: usize = 64;

/// How many bytes a piece of output counts for, at least: its place is remembered, too.
const BYTES_A_PIECE: usize = 32;

/// Which of the two runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// Turns, calls and the like.
    Work,
    /// Bytes of output.
    Bytes,
}

/// What is left for one page. Shared by everything that works on it, in one thread.
#[derive(Debug)]
pub struct Budget {
    turns: u64,
    output_bytes: usize,
    steps: Cell<u64>,
    bytes: Cell<usize>,
    overdrawn: Cell<Option<Spent>>,
    ended: Cell<bool>,
}

impl Budget {
    /// So many turns of loops, or what costs as much, and so many bytes of output.
    pub fn new(turns: u64, output_bytes: usize) -> Self {
        Self {
            turns,
            output_bytes,
            steps: Cell::new(turns.saturating_mul(STEPS_A_TURN)),
            bytes: Cell::new(output_bytes),
            overdrawn: Cell::new(None),
            ended: Cell::new(false),
        }
    }

    /// The turns that there were at first.
    pub fn turns(&self) -> u64 {
        self.turns
    }

    /// The bytes that there were at first.
    pub fn output_bytes(&self) -> usize {
        self.output_bytes
    }

    /// Takes off a turn of a loop.
    pub fn turn(&self) {
        self.steps(STEPS_A_TURN);
    }

    /// Takes off the call of another file.
    pub fn call(&self) {
        self.steps(STEPS_A_TURN * TURNS_A_CALL);
    }

    /// Takes off so many steps: nodes of a template, items of an array.
    pub fn steps(&self, count: u64) {
        match self.steps.get().checked_sub(count) {
            Some(left) => self.steps.set(left),
            None => {
                self.steps.set(0);
                self.overdraw(Spent::Work);
            }
        }
    }

    /// Takes off the reading of so many bytes.
    pub fn read(&self, bytes: usize) {
        self.steps((bytes / BYTES_A_STEP) as u64);
    }

    /// Takes off one piece of output of so many bytes.
    pub fn write(&self, bytes: usize) {
        if bytes > 0 {
            self.hold(bytes.max(BYTES_A_PIECE));
            self.read(bytes);
        }
    }

    /// Takes off bytes that are kept for later.
    pub fn hold(&self, bytes: usize) {
        match self.bytes.get().checked_sub(bytes) {
            Some(left) => self.bytes.set(left),
            None => {
                self.bytes.set(0);
                self.overdraw(Spent::Bytes);
            }
        }
    }

    /// Gives back bytes that are no longer kept.
    pub fn release(&self, bytes: usize) {
        self.bytes.set(self.bytes.get().saturating_add(bytes).min(self.output_bytes));
    }

    /// Begins another text of the same page, such as its layout: it may have all bytes again, and the work that is left.
    pub fn next_text(&self) {
        self.bytes.set(self.output_bytes);
    }

    /// What has run out first; `None` while there is enough of everything.
    pub fn spent(&self) -> Option<Spent> {
        self.overdrawn.get()
    }

    /// The bytes that may still be written.
    pub fn bytes_left(&self) -> usize {
        self.bytes.get()
    }

    /// No more work is to be done on the page, for a reason that has been told.
    pub fn end(&self) {
        self.ended.set(true);
    }

    /// Whether [`Budget::end`] was called.
    pub fn has_ended(&self) -> bool {
        self.ended.get()
    }

    fn overdraw(&self, what: Spent) {
        if self.overdrawn.get().is_none() {
            self.overdrawn.set(Some(what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_out_first_is_told_and_stays() {
        let budget = Budget::new(2, 100);
        budget.turn();
        budget.write(40);
        assert_eq!(budget.spent(), None);
        budget.write(61);
        assert_eq!((budget.spent(), budget.bytes_left()), (Some(Spent::Bytes), 0));
        budget.call();
        assert_eq!(budget.spent(), Some(Spent::Bytes));
    }

    #[test]
    fn small_pieces_count_for_the_place_that_is_kept_of_them() {
        let budget = Budget::new(1000, 100);
        (0..3).for_each(|_| budget.write(1));
        assert_eq!(budget.spent(), None);
        budget.write(1);
        assert_eq!(budget.spent(), Some(Spent::Bytes));
    }

    #[test]
    fn a_call_costs_as_many_turns() {
        let budget = Budget::new(99, 0);
        budget.call();
        assert_eq!(budget.spent(), None);
        budget.call();
        assert_eq!(budget.spent(), Some(Spent::Work));
    }

    #[test]
    fn what_is_released_can_be_held_again_and_no_more() {
        let budget = Budget::new(1, 10);
        budget.hold(6);
        budget.release(60);
        assert_eq!(budget.bytes_left(), 10);
    }
}
