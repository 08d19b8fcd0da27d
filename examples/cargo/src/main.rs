#[allow(dead_code)]
#[path = "../generated/rust/src/records.rs"]
mod records;
#[allow(dead_code)]
#[path = "../generated/rust/src/records_offsets.rs"]
mod records_offsets;
#[allow(dead_code)]
#[path = "../generated/rust/src/vmptr.rs"]
mod vmptr;

use core::mem::{offset_of, size_of};

fn main() {
    println!("VMMemory.length is at {}", offset_of!(records::VMMemory, length));
    println!("VMLimits takes {} bytes", size_of::<records::VMLimits>());
}
