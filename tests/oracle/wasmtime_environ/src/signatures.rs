//! The signatures of the host functions that compiled code calls through tables.

/// Turns Wasmtime's list into `Table.slot=name:type,…->type`, without the arrow where nothing is
/// returned. The types are words of that list: `vmctx`, `pointer`, `size`, `ptr_u8`, `u32` and so on.
///
/// A slot is there whatever the features, so the list's conditions are dropped.
macro_rules! signatures {
    ($(
        $( #[$condition:meta] )*
        $name:ident( $( $parameter:ident: $type:ident ),* ) $( -> $result:ident )?;
    )*) => {
        [$((
            stringify!($name),
            concat!("", $( stringify!($parameter), ":", stringify!($type), ",", )*),
            concat!("", $( "->", stringify!($result) )?),
        )),*]
    };
}

pub fn describe() -> String {
    let core = wasmtime_environ::foreach_builtin_function!(signatures);
    let component = wasmtime_environ::foreach_builtin_component_function!(signatures);
    let core = core.map(|slot| line("VMBuiltinFunctionsArray", slot));
    let component = component.map(|slot| line("VMComponentBuiltins", slot));
    core.into_iter()
        .chain(component)
        .collect::<Vec<_>>()
        .join(" ")
}

fn line(table: &str, (name, parameters, result): (&str, &str, &str)) -> String {
    let parameters = parameters.strip_suffix(',').unwrap_or(parameters);
    format!("{table}.{name}={parameters}{result}")
}
