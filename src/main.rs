//! The `sverka` program. Its code is the module `cli` of the library.

use std::process::ExitCode;

use sverka::out_of_memory::{ExitingAllocator, reserve_stack};

#[global_allocator]
static ALLOCATOR: ExitingAllocator = ExitingAllocator;

fn main() -> ExitCode {
    reserve_stack();
    sverka::cli::main()
}
