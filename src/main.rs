//! The `sverka` program: everything it does is in the library's `cli` module.

use std::process::ExitCode;

use sverka::out_of_memory::{ExitingAllocator, take_stack};

#[global_allocator]
static ALLOCATOR: ExitingAllocator = ExitingAllocator;

fn main() -> ExitCode {
    take_stack();
    sverka::cli::main()
}
