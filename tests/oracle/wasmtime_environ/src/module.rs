//! What Wasmtime's own translator counts in a WebAssembly module.

use crate::core::COUNTS;
use wasmtime_environ::wasmparser::{Parser, Validator, WasmFeatures};
use wasmtime_environ::{
    ModuleEnvironment, ModuleTypesBuilder, StaticModuleIndex, Tunables, VMOffsets,
};

/// The eleven counts as `name=value`, then `func_refs=i,j,…`: the function indices in the order of
/// their func refs, `-` where no function escapes.
pub fn describe(wasm: &[u8]) -> Result<String, String> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut types = ModuleTypesBuilder::new(&validator);
    let tunables = Tunables::default_host();
    let translation = ModuleEnvironment::new(
        &tunables,
        &mut validator,
        &mut types,
        StaticModuleIndex::from_u32(0),
    )
    .translate(Parser::new(0), wasm)
    .map_err(|error| format!("Wasmtime does not accept the module: {error:#}"))?;
    let module = translation.module;

    // Counts do not depend on the width that is asked for.
    let o = VMOffsets::new(8, &module);
    let values = [
        o.num_imported_memories,
        o.num_defined_memories,
        o.num_owned_memories,
        o.num_imported_functions,
        o.num_imported_tables,
        o.num_imported_globals,
        o.num_imported_tags,
        o.num_defined_tables,
        o.num_defined_globals,
        o.num_defined_tags,
        o.num_escaped_funcs,
    ];
    let mut escaping: Vec<(u32, u32)> = module
        .functions
        .iter()
        .filter(|(_, function)| function.is_escaping())
        .map(|(index, function)| (function.func_ref.as_u32(), index.as_u32()))
        .collect();
    escaping.sort_unstable();
    let order: Vec<String> = escaping
        .iter()
        .map(|(_, function)| function.to_string())
        .collect();

    let mut answer: Vec<String> = COUNTS
        .iter()
        .zip(values)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    answer.push(match order.as_slice() {
        [] => "func_refs=-".to_string(),
        _ => format!("func_refs={}", order.join(",")),
    });
    Ok(answer.join(" "))
}
