//! `VMContext`: `wasmer_types::VMOffsets` over a module that has the given counts.

use wasmer_types::entity::{EntityRef, PrimaryMap};
use wasmer_types::{
    FunctionIndex, GlobalIndex, GlobalType, LocalGlobalIndex, LocalMemoryIndex, LocalTableIndex,
    MemoryIndex, MemoryType, ModuleInfo, Mutability, Pages, SignatureIndex, TableIndex, TableType,
    Type, VMBuiltinFunctionIndex, VMOffsets,
};

/// The order in which a question gives the counts: that of the regions in memory.
pub const COUNTS: [&str; 9] = [
    "num_imported_functions",
    "num_imported_tables",
    "num_imported_memories",
    "num_tag_ids",
    "num_imported_globals",
    "num_local_tables",
    "num_fixed_funcrefs",
    "num_local_memories",
    "num_local_globals",
];

/// Wasmer takes these from tables of the module, whose entries take memory.
const MOST_ENTRIES: u32 = 1 << 16;

/// Says why no module has these counts, or none that fits into memory here.
pub fn check(counts: &[u32; 9]) -> Result<(), String> {
    let [_, imported_tables, _, _, _, tables, fixed_funcrefs, _, _] = *counts;
    for (position, name) in COUNTS.iter().enumerate() {
        let is_table = matches!(position, 3 | 5 | 7 | 8);
        if is_table && counts[position] > MOST_ENTRIES {
            return Err(format!("{name} is over {MOST_ENTRIES}"));
        }
    }
    if tables < imported_tables {
        return Err("num_local_tables counts the imported tables too".to_string());
    }
    if fixed_funcrefs > 0 && tables == imported_tables {
        return Err("num_fixed_funcrefs needs a table of the module's own".to_string());
    }
    Ok(())
}

/// How many functions of fixed tables each of the module's own tables holds: all in the last one,
/// but one in the first when there are two, so that their offsets differ.
fn fixed_tables(own: u32, funcrefs: u32) -> Vec<u32> {
    let mut lengths = vec![0; own as usize];
    match lengths.as_mut_slice() {
        [] => {}
        [only] => *only = funcrefs,
        [first, .., last] => {
            *first = funcrefs.min(1);
            *last = funcrefs - *first;
        }
    }
    lengths
}

fn table(length: u32) -> TableType {
    // A table without elements would be fixed as well; Wasmer gives it no room either way.
    TableType::new(Type::FuncRef, length, (length > 0).then_some(length))
}

fn filled<K: EntityRef, V: Clone>(count: u32, value: V) -> PrimaryMap<K, V> {
    std::iter::repeat_n(value, count as usize).collect()
}

fn module(counts: [u32; 9]) -> ModuleInfo {
    let [
        imported_functions,
        imported_tables,
        imported_memories,
        tag_ids,
        imported_globals,
        tables,
        fixed_funcrefs,
        memories,
        globals,
    ] = counts;
    let mut module = ModuleInfo::new();
    module.num_imported_functions = imported_functions as usize;
    module.num_imported_tables = imported_tables as usize;
    module.num_imported_memories = imported_memories as usize;
    module.num_imported_globals = imported_globals as usize;
    module.tags = filled(tag_ids, SignatureIndex::from_u32(0));
    module.tables = filled(imported_tables, table(0));
    for length in fixed_tables(tables - imported_tables, fixed_funcrefs) {
        module.tables.push(table(length));
    }
    module.memories = filled(memories, MemoryType::new(Pages(0), None, false));
    module.globals = filled(globals, GlobalType::new(Type::I32, Mutability::Var));
    module
}

/// The offsets for these counts; panics where Wasmer does.
pub fn offsets(ptr: u8, counts: [u32; 9]) -> VMOffsets {
    VMOffsets::new(ptr, &module(counts))
}

/// `name=begin:last`, where `last` asks Wasmer for the region's last element.
fn region(name: &str, begin: u32, count: u32, element: impl Fn(u32) -> u32) -> String {
    match count.checked_sub(1) {
        Some(last) => format!("{name}={begin}:{}", element(last)),
        None => format!("{name}={begin}:-"),
    }
}

/// Wasmer has offsets for each fixed table, and the stride of its elements.
fn fixed_funcref_tables(o: &VMOffsets, counts: [u32; 9]) -> String {
    let lengths = fixed_tables(counts[5] - counts[1], counts[6]);
    let begin = o.vmctx_fixed_funcref_tables_begin();
    region("fixed_funcref_tables", begin, counts[6], |_| {
        let (last, length) = lengths
            .iter()
            .enumerate()
            .rfind(|(_, length)| **length > 0)
            .expect("some table holds the functions");
        let table = o
            .vmctx_fixed_funcref_table_anyfuncs(LocalTableIndex::new(last))
            .expect("a fixed table has a place");
        table + (length - 1) * u32::from(o.size_of_vmcaller_checked_anyfunc())
    })
}

pub fn describe(ptr: u8, counts: [u32; 9]) -> String {
    let o = offsets(ptr, counts);
    let [
        imported_functions,
        imported_tables,
        imported_memories,
        _,
        imported_globals,
        tables,
        _,
        memories,
        globals,
    ] = counts;
    [
        region(
            "imported_functions",
            o.vmctx_imported_functions_begin(),
            imported_functions,
            |i| o.vmctx_vmfunction_import(FunctionIndex::from_u32(i)),
        ),
        region(
            "imported_tables",
            o.vmctx_imported_tables_begin(),
            imported_tables,
            |i| o.vmctx_vmtable_import(TableIndex::from_u32(i)),
        ),
        region(
            "imported_memories",
            o.vmctx_imported_memories_begin(),
            imported_memories,
            |i| o.vmctx_vmmemory_import(MemoryIndex::from_u32(i)),
        ),
        format!("tag_ids={}", o.vmctx_tag_ids_begin()),
        region(
            "imported_globals",
            o.vmctx_imported_globals_begin(),
            imported_globals,
            |i| o.vmctx_vmglobal_import(GlobalIndex::from_u32(i)),
        ),
        region("tables", o.vmctx_tables_begin(), tables, |i| {
            o.vmctx_vmtable_definition(LocalTableIndex::from_u32(i))
        }),
        fixed_funcref_tables(&o, counts),
        region("memories", o.vmctx_memories_begin(), memories, |i| {
            o.vmctx_vmmemory_definition(LocalMemoryIndex::from_u32(i))
        }),
        region("globals", o.vmctx_globals_begin(), globals, |i| {
            o.vmctx_vmglobal_definition(LocalGlobalIndex::from_u32(i))
        }),
        format!(
            "builtin_functions={}:{}",
            o.vmctx_builtin_functions_begin(),
            o.vmctx_builtin_function(
                VMBuiltinFunctionIndex::get_imported_exception_into_exnref_index()
            )
        ),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
