//! Functions made instruction by instruction, optimised, compiled and called.

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    types, AbiParam, Function, InstBuilder, Opcode, Signature, Type, Value,
};
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_codegen::{verify_function, Context};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{default_libcall_names, Module};

/// A function that takes so many pointers and returns values of these types.
pub fn function(
    parameters: usize,
    returns: &[Type],
    body: impl FnOnce(&mut FuncCursor<'_>, &[Value]) -> Vec<Value>,
) -> Function {
    let mut func = Function::new();
    func.signature = Signature::new(CallConv::SystemV);
    func.signature.params = vec![AbiParam::new(types::I64); parameters];
    func.signature.returns = returns.iter().map(|held| AbiParam::new(*held)).collect();
    let block = func.dfg.make_block();
    func.layout.append_block(block);
    let given: Vec<Value> = (0..parameters)
        .map(|_| func.dfg.append_block_param(block, types::I64))
        .collect();
    let mut pos = FuncCursor::new(&mut func).at_bottom(block);
    let results = body(&mut pos, &given);
    pos.ins().return_(&results);
    func
}

/// Functions that are compiled for the machine that this runs on.
pub struct Jit {
    module: JITModule,
}

impl Jit {
    /// With functions of the host by name.
    pub fn new(symbols: &[(&str, *const u8)]) -> Self {
        let flags = [("opt_level", "speed")];
        let mut builder = JITBuilder::with_flags(&flags, default_libcall_names()).unwrap();
        for (name, address) in symbols {
            builder.symbol(*name, *address);
        }
        Self {
            module: JITModule::new(builder),
        }
    }

    pub fn isa(&self) -> &dyn TargetIsa {
        self.module.isa()
    }

    pub fn module(&mut self) -> &mut JITModule {
        &mut self.module
    }

    /// Compiles a function, and gives its address.
    pub fn compile(&mut self, func: Function) -> *const u8 {
        verify_function(&func, self.module.isa()).unwrap();
        let mut context = Context::for_function(func);
        let id = self
            .module
            .declare_anonymous_function(&context.func.signature)
            .unwrap();
        self.module.define_function(id, &mut context).unwrap();
        self.module.finalize_definitions().unwrap();
        self.module.get_finalized_function(id)
    }
}

/// How many loads a function has.
pub fn loads(func: &Function) -> usize {
    let insts = func
        .layout
        .blocks()
        .flat_map(|block| func.layout.block_insts(block));
    insts
        .filter(|inst| {
            let opcode = func.dfg.insts[*inst].opcode();
            matches!(opcode, Opcode::Load | Opcode::AtomicLoad)
        })
        .count()
}

/// A function as it is optimised for this machine.
pub fn optimised(func: Function) -> Function {
    let jit = Jit::new(&[]);
    verify_function(&func, jit.isa()).unwrap();
    let mut context = Context::for_function(func);
    context
        .optimize(jit.isa(), &mut ControlPlane::default())
        .unwrap();
    context.func
}
