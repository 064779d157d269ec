//! Work on many items, divided among the processor's cores.

use std::panic::resume_unwind;
use std::thread;

/// Items that are worth a thread: starting one takes about as long as a hundred records.
const WORTH_A_THREAD: usize = 1_000;

/// Maps items in order; what `work` returns nothing for is left out. Blocks the thread of its caller.
pub(crate) fn filter_map<T: Sync, U: Send>(items: &[T], work: impl Fn(&T) -> Option<U> + Sync) -> Vec<U> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let size = items.len().div_ceil(cores).max(WORTH_A_THREAD);
    if items.len() <= size {
        return items.iter().filter_map(work).collect();
    }
    thread::scope(|scope| {
        let work = &work;
        let parts: Vec<_> = items
            .chunks(size)
            .map(|part| scope.spawn(move || part.iter().filter_map(work).collect::<Vec<_>>()))
            .collect();
        let mut all = Vec::with_capacity(items.len());
        for part in parts {
            all.extend(part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        all
    })
}

/// Does two pieces of work at once. Blocks the thread of its caller, on which the second is done.
pub(crate) fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| resume_unwind(panic)), second)
    })
}

#[cfg(test)]
mod tests {
    use super::{WORTH_A_THREAD, both, filter_map};

    #[test]
    fn two_pieces_of_work_are_both_done() {
        assert_eq!(both(|| 1, || 2), (1, 2));
    }

    #[test]
    fn items_keep_their_order_on_any_number_of_cores() {
        for n in [0, 1, WORTH_A_THREAD, 7 * WORTH_A_THREAD + 3] {
            let items: Vec<usize> = (0..n).collect();
            let odd = filter_map(&items, |&item| (item % 2 == 1).then_some(item * 2));
            assert_eq!(odd, items.iter().filter(|&item| item % 2 == 1).map(|item| item * 2).collect::<Vec<_>>());
        }
    }
}
